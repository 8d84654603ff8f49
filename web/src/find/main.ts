// The page for workers: asks where, shows the nearest stations as a list, then loads the map, and keeps the city.
import { keptCity, whenKept } from "../offline/kept";
import { settings, syncCity } from "../offline/sync";
import { byId, canDrawMaps } from "../shared/dom";
import { bindFrame } from "../shared/frame";
import { language, words } from "../shared/language";
import { EMBEDDED } from "../shared/memory";
import { offerReports } from "./actions";
import { readAddress } from "./address";
import { type Answered, answerTo } from "./answer";
import { bindAsk, useDevice, writeAsk, writePlaceName } from "./ask";
import { Details } from "./details";
import { empty, showProblem, showSearching, showStations } from "./list";
import { mayLocate } from "./locate";
import type { StationMap } from "./map";
import { note } from "./place-note";
import { firstQuery, middleOf, middleOfStations } from "./query";
import { addCorner } from "./route";
import type { Place } from "../shared/datum";

// On narrower screens the list and the map take turns, and the map is loaded when it is first wanted.
const WIDE = matchMedia("(min-width: 45rem)");

const query = firstQuery();
let answered: Answered | null = null;
let running: AbortController | null = null;
let map: StationMap | null = null;
let mapLoading: Promise<void> | null = null;

const details = new Details({
  query,
  inList: (id) => answered?.answer.features.find((feature) => feature.id === id) ?? null,
  showing: (station) => {
    map?.focusStation(station);
    if (station !== null) showMap(false);
  },
});

/** Searches for what the form says; a search that is still running is given up. */
async function search(moveToList = false): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  byId("search-centre").textContent = query.task === "route" ? words().addCentre : words().searchCentre;
  byId("results-heading").textContent = query.task === "route" ? words().routeHeading : words().resultsHeading;
  if (query.task === "route" && query.route.length < 2) {
    answered = null;
    empty(words().routeHelp);
    map?.showAnswer(null, query);
    return;
  }
  showSearching(words());
  try {
    const middle = query.task === "near" && query.place === null ? await somewhere() : null;
    // Meanwhile the user may have said where they are, which began a newer search.
    if (mine.signal.aborted) return;
    query.place ??= middle;
    if (query.task === "near" && query.place === null) {
      empty(words().noStations);
      return;
    }
    const found = await answerTo(query, query.place, [words(), language()], mine.signal, show);
    if (mine.signal.aborted) return;
    show(found);
    if (moveToList) bringIntoView(byId("results"));
  } catch (error) {
    if (mine.signal.aborted) return;
    answered = null;
    showProblem(error, words(), () => void search());
    map?.showAnswer(null, query);
  }
}

function show(found: Answered): void {
  answered = found;
  showStations(found.answer, query, words(), found.kept_at);
  noticeSynthetic(found.answer.features);
  map?.showAnswer(found.answer, query);
  details.rewrite();
}

// The middle of what is kept is there at once.
async function somewhere(): Promise<Place | null> {
  const city = await keptCity();
  return city === null ? middleOfStations() : middleOf(city.stations.map(({ geometry }) => geometry.coordinates));
}

function bringIntoView(element: HTMLElement): void {
  if (!element.hidden && element.getBoundingClientRect().top > innerHeight * 0.6) element.scrollIntoView({ block: "start" });
}

/** Once a synthetic station has been seen, the page says so for as long as it is open. */
function noticeSynthetic(features: { properties: { synthetic?: boolean | null } }[]): void {
  if (features.some((feature) => feature.properties.synthetic === true)) byId("synthetic").hidden = false;
}

function changed(isNewPlace: boolean): void {
  void search(isNewPlace);
}

function giveFromMap(place: Place): void {
  note(() => "");
  if (query.task === "route") {
    addCorner(query, place, changed);
    return;
  }
  Object.assign(query, { place, placeFrom: "map", placeName: "" });
  writePlaceName(query);
  void search();
}

/** The map is a separate download that begins when the list is on the screen. */
function loadMap(): Promise<void> {
  mapLoading ??= (async () => {
    const city = syncCity().catch(keptCity);
    if (!canDrawMaps()) {
      noMap("mapUnavailable");
      await city;
      return;
    }
    try {
      const [{ openMap }, known, { base_map }] = await Promise.all([
        import("./map"), city, settings().catch(() => ({ base_map: null })),
      ]);
      map = await openMap({ give: giveFromMap, open: (id) => details.open(id) }, {
        base: base_map, districts: known?.districts ?? null, stations: known?.stations ?? [],
      });
      map.showAnswer(answered?.answer ?? null, query);
    } catch (error) {
      console.info("the map did not open:", error);
      noMap("mapFailed");
    }
  })();
  return mapLoading;
}

function noMap(reason: "mapUnavailable" | "mapFailed"): void {
  const message = byId("map-message");
  message.dataset["text"] = reason;
  message.textContent = words()[reason];
  message.hidden = false;
  byId("map-section").classList.add("without-map");
}

function showMap(isShown: boolean): void {
  document.body.classList.toggle("map-view", isShown);
  const button = byId("view-switch");
  button.setAttribute("aria-pressed", String(isShown));
  byId("view-switch-text").textContent = isShown ? words().toList : words().toMap;
  if (isShown) void loadMap().then(() => map?.resize());
}

/** What can wait until the list is there: the map, what is kept for a day without network, and the script that keeps it. */
async function afterList(): Promise<void> {
  if (WIDE.matches) await loadMap();
  else await syncCity().catch(() => null);
  void settings().then(({ changes_cursor }) => offerReports(changes_cursor !== null)).catch(() => undefined);
  if (!EMBEDDED && import.meta.env.PROD && "serviceWorker" in navigator) {
    await navigator.serviceWorker.register("/sw.js").catch((error: unknown) => console.info("the page is not kept:", error));
  }
}

function writePage(): void {
  writeAsk(query);
  map?.writeWords();
  byId("view-switch-text").textContent = document.body.classList.contains("map-view") ? words().toList : words().toMap;
  details.rewrite();
}

readAddress(query);
for (const input of document.querySelectorAll<HTMLInputElement>("input[name=mode]")) input.checked = input.value === query.mode;
bindAsk(query, changed, (id) => details.open(id));
let isFirst = true;
bindFrame(() => {
  writePage();
  if (!isFirst) void search();
  isFirst = false;
});
byId("view-switch").addEventListener("click", () => showMap(!document.body.classList.contains("map-view")));
byId("stations").addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLElement>("[data-station]");
  const id = link?.dataset["station"];
  const { ctrlKey, metaKey, shiftKey, button } = event;
  if (id === undefined || ctrlKey || metaKey || shiftKey || button !== 0) return;
  event.preventDefault();
  details.open(id);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !byId("sheet").hidden) details.back();
});
addEventListener("online", () => {
  void search();
  void syncCity().catch(() => undefined);
});
addEventListener("offline", () => void search());
WIDE.addEventListener("change", () => {
  showMap(false);
  if (WIDE.matches) void loadMap().then(() => map?.resize());
});
whenKept((city) => {
  noticeSynthetic(city.stations);
  map?.setStations(city.stations);
});
details.follow();
void search().then(() => requestAnimationFrame(() => setTimeout(() => void afterList(), 0)));
void mayLocate().then((may) => {
  if (may && !EMBEDDED && query.placeFrom === "middle") void useDevice(query, changed);
});

