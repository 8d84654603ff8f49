// The form: place by location or coordinates, needs by chips, way and opening by switches.
import { readCoordinates } from "../shared/coordinates";
import { byId, make, say } from "../shared/dom";
import { FACILITIES, SHOWN_AT_FIRST } from "../shared/facilities";
import type { Datum } from "../shared/types";
import type { Words } from "../shared/words.zh";
import type { Query } from "./query";

const LOCATION_OPTIONS: PositionOptions = { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 };

/** Searches again; with true after the user has given a new place. */
type Search = (newPlace: boolean) => void;

/** What was last said about the place; kept as a function of the language, so that it can be said again. */
let placeNote: (words: Words) => string = () => "";
let allNeedsShown = false;

/** Connects the form: it changes `query` and calls `search` after each change. */
export function bindForm(query: Query, words: () => Words, search: Search): void {
  byId("locate").addEventListener("click", () => locate(query, words, search));
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    useTypedCoordinates(query, words, search);
  });
  byId("datum").addEventListener("change", () => {
    // The same numbers mean another place now.
    if (query.placeFrom === "typed") useTypedCoordinates(query, words, search);
  });
  byId("chips").addEventListener("click", (event) => toggleNeed(event, query, words(), search));
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name="mode"]')) {
    // A browser may restore what was chosen before a reload.
    if (input.checked) query.mode = input.value === "ebike" ? "ebike" : "walk";
    input.addEventListener("change", () => {
      query.mode = input.value === "ebike" ? "ebike" : "walk";
      search(false);
    });
  }
  bindSwitch("open-on-arrival", (on) => { query.openOnArrival = on; }, search);
  bindSwitch("include-unknown", (on) => { query.includeUnknown = on; }, search);
}

/** Writes the parts of the form that are made by script, in the language in use. */
export function writeForm(query: Query, words: Words): void {
  const names = allNeedsShown ? FACILITIES : FACILITIES.filter((f, i) => i < SHOWN_AT_FIRST || query.facilities.has(f));
  const chips = names.map((facility) => make("button", {
    type: "button", class: "chip", "data-facility": facility, "aria-pressed": String(query.facilities.has(facility)),
  }, make("span", { class: "tick", "aria-hidden": "true" }, "✓"), words.facilities[facility]));
  const more = make("button", { type: "button", class: "chip more-needs", "aria-expanded": String(allNeedsShown) },
    allNeedsShown ? words.fewerNeeds : words.moreNeeds);
  byId("chips").replaceChildren(...chips, more);
  say(byId("place-note"), placeNote(words));
}

/** Takes a place that the user gave on the map, and forgets what was said about the last one. */
export function clearPlaceNote(words: Words): void {
  note(() => "", words);
}

function bindSwitch(id: string, set: (on: boolean) => void, search: Search): void {
  const input = byId<HTMLInputElement>(id);
  set(input.checked);
  input.addEventListener("change", () => {
    set(input.checked);
    search(false);
  });
}

function toggleNeed(event: Event, query: Query, words: Words, search: Search): void {
  const chip = (event.target as Element).closest<HTMLButtonElement>("button.chip");
  if (chip === null) return;
  const facility = FACILITIES.find((name) => name === chip.dataset["facility"]);
  if (facility === undefined) {
    allNeedsShown = !allNeedsShown;
    writeForm(query, words);
    byId("chips").querySelector<HTMLButtonElement>(".more-needs")?.focus();
    return;
  }
  if (!query.facilities.delete(facility)) query.facilities.add(facility);
  chip.setAttribute("aria-pressed", String(query.facilities.has(facility)));
  search(false);
}

function useTypedCoordinates(query: Query, words: () => Words, search: Search): void {
  const input = byId<HTMLInputElement>("coordinates");
  const read = readCoordinates(input.value);
  input.setAttribute("aria-invalid", String(read.kind !== "place"));
  if (read.kind !== "place") {
    note((w) => (read.kind === "unreadable" ? w.coordinatesUnreadable : w.coordinatesOutOfRange), words());
    input.focus();
    return;
  }
  note((w) => (read.swapped ? w.swapped(read.lon, read.lat) : ""), words());
  query.place = { lon: read.lon, lat: read.lat, datum: chosenDatum() };
  query.placeFrom = "typed";
  search(true);
}

function chosenDatum(): Datum {
  const { value } = byId<HTMLSelectElement>("datum");
  return value === "gcj02" || value === "bd09" ? value : "wgs84";
}

function locate(query: Query, words: () => Words, search: Search): void {
  if (!window.isSecureContext || !("geolocation" in navigator)) {
    locationFailed((w) => w.locationInsecure, words());
    return;
  }
  note((w) => w.locating, words());
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      note(() => "", words());
      query.place = { lon: coords.longitude, lat: coords.latitude, datum: "wgs84" };
      query.placeFrom = "device";
      search(true);
    },
    (error) => locationFailed(
      (w) => (error.code === error.PERMISSION_DENIED ? w.locationDenied : w.locationUnavailable), words()),
    LOCATION_OPTIONS,
  );
}

// The other ways to say where one is are offered at once, not only named.
function locationFailed(reason: (words: Words) => string, words: Words): void {
  note(reason, words);
  byId<HTMLDetailsElement>("typed").open = true;
}

function note(text: (words: Words) => string, words: Words): void {
  placeNote = text;
  say(byId("place-note"), text(words));
}
