// The route: its two ends by name, by coordinates or by taps on the map, and corners in between.
import { readLine } from "../shared/coordinates";
import type { Place } from "../shared/datum";
import { byId } from "../shared/dom";
import { words } from "../shared/language";
import { type Choice, SearchBox } from "../search/box";
import type { Changed } from "./ask";
import { locate } from "./locate";
import { note } from "./place-note";
import type { Query } from "./query";

const ENDS = ["start", "end"] as const;
let boxes: Record<(typeof ENDS)[number], SearchBox>;
/** What each corner is called; empty for one that was tapped. */
let names: string[] = [];
/** An end that was given while the other one is still missing. */
let waitingEnd: { place: Place; name: string } | null = null;

/** Connects the fields and buttons of the route. */
export function bindRoute(query: Query, changed: Changed): void {
  const box = (end: (typeof ENDS)[number]) => new SearchBox(end, (choice) => void setEnd(query, end, choice, changed));
  boxes = { start: box("start"), end: box("end") };
  for (const end of ENDS) {
    // A whole line can be pasted into either field.
    byId(end).addEventListener("paste", (event) => {
      const line = readLine((event as ClipboardEvent).clipboardData?.getData("text") ?? "");
      if (line === null) return;
      event.preventDefault();
      replace(query, line, line.map(() => ""), changed);
      (event.target as HTMLElement).blur();
    });
  }
  byId<HTMLSelectElement>("reach").addEventListener("change", () => {
    query.reach_m = Number(byId<HTMLSelectElement>("reach").value);
    changed(false);
  });
  byId("route-swap").addEventListener("click", () => replace(query, [...query.route].reverse(), [...names].reverse(), changed));
  byId("route-undo").addEventListener("click", () => replace(query, query.route.slice(0, -1), names.slice(0, -1), changed));
  byId("route-clear").addEventListener("click", () => {
    waitingEnd = null;
    replace(query, [], [], changed);
  });
}

/** Adds a corner that was tapped on the map. */
export function addCorner(query: Query, place: Place, changed: Changed): void {
  replace(query, [...query.route, place], [...names, ""], changed);
}

/** Writes the ends into their fields. */
export function writeRoute(query: Query): void {
  const name = (position: number) => (query.route[position] === undefined ? "" : names[position] || words().placeOnMap);
  boxes.start.write(name(0));
  boxes.end.write(query.route.length > 1 ? name(query.route.length - 1) : waitingEnd?.name ?? "");
  for (const id of ["route-swap", "route-undo", "route-clear"]) {
    byId<HTMLButtonElement>(id).disabled = query.route.length < (id === "route-swap" ? 2 : 1);
  }
}

async function setEnd(query: Query, end: (typeof ENDS)[number], choice: Choice, changed: Changed): Promise<void> {
  const place = choice.place ?? await here();
  if (place === null) return;
  const { name } = choice;
  if (end === "start") {
    const rest = query.route.length > 1 ? query.route.slice(1) : waitingEnd === null ? [] : [waitingEnd.place];
    const restNames = query.route.length > 1 ? names.slice(1) : waitingEnd === null ? [] : [waitingEnd.name];
    waitingEnd = null;
    replace(query, [place, ...rest], [name, ...restNames], changed);
  } else if (query.route.length === 0) {
    waitingEnd = { place, name };
    writeRoute(query);
  } else {
    const kept = Math.max(1, query.route.length - 1);
    replace(query, [...query.route.slice(0, kept), place], [...names.slice(0, kept), name], changed);
  }
}

async function here(): Promise<Place | null> {
  const found = await locate();
  if (found.kind === "place") return found.place;
  note((w) => w[found.kind]);
  return null;
}

function replace(query: Query, route: Place[], newNames: string[], changed: Changed): void {
  query.route = route;
  names = newNames;
  writeRoute(query);
  changed(route.length > 1);
}
