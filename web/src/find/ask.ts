// The form: where from, along which route, which needs, which way there.
import { byId, make } from "../shared/dom";
import { FACILITIES, SHOWN_AT_FIRST } from "../shared/facilities";
import { words } from "../shared/language";
import type { Facility } from "../shared/types";
import { type Choice, SearchBox } from "../search/box";
import { locate } from "./locate";
import { note, noteAgain } from "./place-note";
import type { Query } from "./query";
import { bindRoute, writeRoute } from "./route";

/** Called after each change; with true after the user has given a new place. */
export type Changed = (isNewPlace: boolean) => void;

let box: SearchBox;

/** Connects the form: it changes `query`, calls `changed`, and `show` when a station was chosen by name. */
export function bindAsk(query: Query, changed: Changed, show: (id: string) => void): void {
  box = new SearchBox("place", (choice) => {
    if (choice.from === "device") void useDevice(query, changed);
    else if (choice.id !== undefined) show(choice.id);
    else usePlace(query, choice, changed);
  });
  byId("locate").addEventListener("click", () => void useDevice(query, changed));
  bindRoute(query, changed);
  bindRadio("task", (value) => { query.task = value === "route" ? "route" : "near"; }, () => {
    writeAsk(query);
    changed(false);
  });
  bindRadio("mode", (value) => { query.mode = value === "ebike" ? "ebike" : "walk"; }, () => changed(false));
  for (const id of ["chips", "all-chips"]) byId(id).addEventListener("click", (event) => toggle(event, query, changed));
  byId("more-needs").addEventListener("click", () => {
    const needs = byId("needs");
    needs.hidden = !needs.hidden;
    byId("more-needs").setAttribute("aria-expanded", String(!needs.hidden));
  });
  const unknown = byId<HTMLInputElement>("include-unknown");
  unknown.checked = query.includeUnknown;
  unknown.addEventListener("change", () => {
    query.includeUnknown = unknown.checked;
    changed(false);
  });
}

/** Writes the form again, in the language in use and for what is asked. */
export function writeAsk(query: Query): void {
  byId("near").hidden = query.task !== "near";
  byId("route").hidden = query.task !== "route";
  const chosen = FACILITIES.filter((facility) => query.facilities.has(facility));
  const common = FACILITIES.filter((facility, position) => position < SHOWN_AT_FIRST || query.facilities.has(facility));
  byId("chips").replaceChildren(openChip(query), ...common.map((facility) => chip(facility, query)));
  byId("all-chips").replaceChildren(...FACILITIES.map((facility) => chip(facility, query)));
  byId("more-needs-text").textContent = chosen.length === 0 ? words().moreNeeds : words().moreNeedsChosen(chosen.length);
  noteAgain();
  writePlaceName(query);
  writeRoute(query);
}

/** Writes into the search field where the list begins. */
export function writePlaceName(query: Query): void {
  const names = { device: words().myLocation, map: words().placeOnMap };
  const from = query.placeFrom;
  box.write(from === "device" || from === "map" ? names[from] : query.placeName);
}

/** Asks the device where it is, and searches from there. */
export async function useDevice(query: Query, changed: Changed): Promise<void> {
  // In the field, where there is room for it.
  box.write(words().locating);
  const found = await locate();
  if (found.kind !== "place") {
    writePlaceName(query);
    note((w) => w[found.kind]);
    return;
  }
  note((w) => (found.accuracy_m > 500 ? w.locationRough(Math.round(found.accuracy_m / 100) * 100) : ""));
  Object.assign(query, { place: found.place, placeFrom: "device", placeName: "" });
  writePlaceName(query);
  changed(true);
}

function usePlace(query: Query, choice: Choice, changed: Changed): void {
  note(() => "");
  Object.assign(query, { place: choice.place, placeFrom: choice.from, placeName: choice.name });
  changed(true);
}

function openChip(query: Query): HTMLElement {
  return make("button", { type: "button", class: "chip", id: "open-on-arrival", "aria-pressed": String(query.openOnArrival) }, words().openOnArrival);
}

function chip(facility: Facility, query: Query): HTMLElement {
  return make("button", {
    type: "button", class: "chip", "data-facility": facility, "aria-pressed": String(query.facilities.has(facility)),
  }, words().facilities[facility]);
}

function toggle(event: Event, query: Query, changed: Changed): void {
  const pressed = (event.target as Element).closest<HTMLButtonElement>("button.chip");
  if (pressed === null) return;
  const list = pressed.parentElement;
  const facility = FACILITIES.find((name) => name === pressed.dataset["facility"]);
  if (facility === undefined) query.openOnArrival = !query.openOnArrival;
  else if (!query.facilities.delete(facility)) query.facilities.add(facility);
  writeAsk(query);
  list?.querySelector<HTMLElement>(facility === undefined ? "#open-on-arrival" : `[data-facility=${facility}]`)?.focus({ preventScroll: true });
  changed(false);
}

function bindRadio(name: string, set: (value: string) => void, after: () => void): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)) {
    // A browser may restore what was chosen before a reload.
    if (input.checked) set(input.value);
    input.addEventListener("change", () => {
      set(input.value);
      after();
    });
  }
}
