// One station of the list: a milestone with the way, the name, the open state, and what was asked for.
import { make } from "../shared/dom";
import { FACILITIES } from "../shared/facilities";
import type { Facility, FacilityState, FoundFeature } from "../shared/types";
import type { Words } from "../shared/words.zh";
import type { Query } from "./query";
import { distanceText, durationText, openStateText } from "./sentences";

export const STATE_SIGNS: Record<FacilityState, string> = { yes: "✓", no: "✕", unknown: "?", out_of_order: "!" };
// So many fit below a name without making the list long.
const SHOWN_FACILITIES = 5;

/** The id of the element that shows the station of this rank (from 1). */
export function rowId(rank: number): string {
  return `station-${rank}`;
}

/** Builds the row of a station; the link in it opens the station's sheet. */
export function stationRow(station: FoundFeature, rank: number, query: Query, words: Words): HTMLLIElement {
  const { properties, id } = station;
  const { state } = properties.open_state;
  return make("li", { class: "station card", id: rowId(rank) },
    milestone(station, query, words),
    make("div", { class: "station-body" },
      make("h3", {},
        make("a", { href: `/?station=${encodeURIComponent(id)}`, "data-station": id, "data-rank": String(rank), lang: "zh-CN" }, properties.name),
        properties.synthetic === true ? make("span", { class: "tag demo" }, words.syntheticTag) : null),
      make("p", { class: `open-state ${state}` },
        make("span", { class: `sign ${state}`, "aria-hidden": "true" }, make("b", {}, String(rank))),
        make("span", {}, openStateText(properties.open_state, query.openOnArrival, words))),
      facilities(properties.facilities ?? {}, query.facilities, words),
      make("p", { class: "verified" }, checkedText(properties.verified_at ?? null, words))));
}

/** When the record was last checked. */
export function checkedText(verified_at: string | null, words: Words): string {
  return verified_at === null ? words.notVerified : words.verified(verified_at);
}

/** A stone such as stands beside a road: how far, and how long. */
export function milestone({ properties }: FoundFeature, query: Query, words: Words): HTMLElement {
  const { distance_m, along_m } = properties;
  const [, value = "", unit = ""] = /^([\d.]+)\s*(.*)$/.exec(distanceText(along_m !== undefined && query.task === "route" ? along_m : distance_m, words)) ?? [];
  return make("p", { class: "milestone" },
    query.task === "route" ? make("span", { class: "hidden" }, words.alongLabel) : null,
    make("strong", { class: "number" }, value, make("small", {}, ` ${unit}`)),
    make("span", {}, words.travel[query.mode]),
    make("span", {}, words.about(durationText(properties.travel_time_s, words))),
    query.task === "route" ? make("span", {}, words.offRoute(distanceText(distance_m, words))) : null);
}

// What was chosen comes first, in its own words; then what there is; then what is broken, because people rely on it.
function facilities(states: Partial<Record<Facility, FacilityState>>, chosen: Set<Facility>, words: Words): HTMLElement {
  const state = (facility: Facility) => states[facility] ?? "unknown";
  const known = FACILITIES.filter((facility) => !chosen.has(facility) && state(facility) === "yes");
  const broken = FACILITIES.filter((facility) => !chosen.has(facility) && state(facility) === "out_of_order");
  const shown = [...FACILITIES.filter((facility) => chosen.has(facility)), ...broken, ...known.slice(0, SHOWN_FACILITIES)];
  if (shown.length === 0) return make("p", { class: "hint" }, words.facilitiesUnknown);
  const items = shown.map((facility) => {
    const isPlain = state(facility) === "yes" && !chosen.has(facility);
    return make("li", { class: `${state(facility)}${chosen.has(facility) ? " chosen" : ""}` },
      make("span", { class: "state-sign", "aria-hidden": "true" }, STATE_SIGNS[state(facility)]),
      isPlain ? words.facilities[facility] : stateWords(words, state(facility), facility));
  });
  const more = known.length - SHOWN_FACILITIES;
  if (more > 0) items.push(make("li", { class: "others" }, words.moreFacilities(more)));
  return make("ul", { class: "has" }, ...items);
}

/** A facility and its state: "microwave: not known". */
export function stateWords(words: Words, state: FacilityState, facility: Facility): string {
  return `${words.facilities[facility]}${words.because}${words.facilityStates[state]}`;
}
