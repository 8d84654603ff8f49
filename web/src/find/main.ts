// The page for workers: asks where, shows the nearest stations as a list, then loads the map.
import { byId } from "../shared/dom";
import { bindFrame } from "../shared/frame";
import { language, words } from "../shared/language";
import type { NearestAnswer } from "../shared/types";
import { bindForm, clearPlaceNote, writeForm } from "./form";
import { showNoStations, showProblem, showSearching, showStations } from "./list";
import type { StationMap } from "./map";
import { findNearest, firstQuery, middleOfStations, type Place } from "./query";

const query = firstQuery();
let lastAnswer: NearestAnswer | null = null;
let running: AbortController | null = null;
let map: StationMap | null = null;

/**
 * Searches for what the form says; a search that is still running is given up. After a new place (`moveToList`) the
 * list comes into view, where the form fills a small screen.
 */
async function search(moveToList = false): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  showSearching(words());
  try {
    const middle = query.place === null ? await middleOfStations() : null;
    // Meanwhile the user may have said where they are, which began a newer search.
    if (mine.signal.aborted) return;
    query.place ??= middle;
    if (query.place === null) {
      showNoStations(words());
      return;
    }
    const answer = await findNearest(query, query.place, language(), mine.signal);
    lastAnswer = answer;
    showStations(answer, query, words());
    noticeSynthetic(answer.features);
    map?.showAnswer(answer, query);
    if (moveToList) bringIntoView(byId("results"));
  } catch (error) {
    if (mine.signal.aborted) return;
    lastAnswer = null;
    showProblem(error, words(), () => void search());
    map?.showAnswer(null, query);
  }
}

function bringIntoView(element: HTMLElement): void {
  if (element.getBoundingClientRect().top > innerHeight * 0.6) element.scrollIntoView({ block: "start" });
}

/** Once a synthetic station has been seen, the page says so for as long as it is open. */
function noticeSynthetic(features: { properties: { synthetic: boolean | null } }[]): void {
  if (features.some((feature) => feature.properties.synthetic === true)) byId("synthetic").hidden = false;
}

function searchFromMap(place: Place): void {
  query.place = place;
  query.placeFrom = "map";
  clearPlaceNote(words());
  void search();
}

/** The map is a separate download that begins when the list is on the screen. */
async function loadMap(): Promise<void> {
  if (!canDrawMaps()) {
    noMap("mapUnavailable");
    return;
  }
  try {
    const { openMap } = await import("./map");
    map = await openMap({ searchFrom: searchFromMap, noticeSynthetic });
    map.showAnswer(lastAnswer, query);
  } catch (error) {
    console.info("the map did not open:", error);
    noMap("mapFailed");
  }
}

function noMap(reason: "mapUnavailable" | "mapFailed"): void {
  const message = byId("map-message");
  message.dataset["text"] = reason;
  message.textContent = words()[reason];
  message.hidden = false;
  byId("map-section").classList.add("without-map");
}

function canDrawMaps(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

bindForm(query, words, (newPlace) => void search(newPlace));
bindFrame(() => {
  writeForm(query, words());
  map?.writeWords();
  if (lastAnswer !== null) void search();
});
void search().then(() => requestAnimationFrame(() => setTimeout(() => void loadMap(), 0)));
