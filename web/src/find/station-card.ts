// One station of the list: name, way, open state, facilities in words, links to map apps.
import { make } from "../shared/dom";
import { FACILITIES } from "../shared/facilities";
import type { Facility, FacilityState, NearestFeature } from "../shared/types";
import type { Words } from "../shared/words.zh";
import { distanceText, openStateText, travelText } from "./sentences";
import type { Query } from "./query";

const STATE_SIGNS: Record<FacilityState, string> = { yes: "✓", no: "✕", unknown: "?", out_of_order: "!" };
const APPS = ["amap", "baidu", "tencent", "geo"] as const;

/** The id of the element that shows the station of this rank (from 1). */
export function cardId(rank: number): string {
  return `station-${rank}`;
}

/** Builds the card of a station. */
export function stationCard(station: NearestFeature, rank: number, query: Query, words: Words): HTMLLIElement {
  const { properties } = station;
  const nameId = `${cardId(rank)}-name`;
  const card = make("li", { class: "station", id: cardId(rank), tabindex: "-1", "aria-labelledby": nameId });
  card.append(
    make("div", { class: "station-head" },
      make("span", { class: `sign ${properties.open_state.state}`, "aria-hidden": "true" }, make("b", {}, String(rank))),
      make("h3", { id: nameId },
        make("span", { lang: "zh-CN" }, properties.name),
        properties.synthetic === true ? make("span", { class: "tag" }, words.syntheticTag) : null)),
    make("p", { class: "way" },
      make("strong", {}, distanceText(properties.distance_m, words)),
      make("span", {}, travelText(properties.travel_time_s, query.mode, words))),
    make("p", { class: `open-state ${properties.open_state.state}` },
      openStateText(properties.open_state, query.openOnArrival, words)),
    facilityChips(properties.facilities, query.facilities, words),
    details(station, words),
    mapLinks(station, words),
  );
  return card;
}

// What was chosen comes first, in its own words; then all there is; and what is broken, because people rely on it.
function facilityChips(states: Record<Facility, FacilityState>, chosen: Set<Facility>, words: Words): HTMLElement {
  const list = make("ul", { class: "has" });
  const ordered = FACILITIES.filter((facility) => chosen.has(facility))
    .concat(FACILITIES.filter((facility) => !chosen.has(facility)));
  for (const facility of ordered) {
    const state = states[facility] ?? "unknown";
    if (!chosen.has(facility) && state !== "yes" && state !== "out_of_order") continue;
    const item = make("li", { class: `${state}${chosen.has(facility) ? " chosen" : ""}` });
    const sign = make("span", { class: "state-sign", "aria-hidden": "true" }, STATE_SIGNS[state]);
    const plain = state === "yes" && !chosen.has(facility);
    item.append(sign, plain ? words.facilities[facility] : stateWords(words, state, facility));
    list.append(item);
  }
  const notKnown = FACILITIES.filter((facility) => !chosen.has(facility) && (states[facility] ?? "unknown") === "unknown");
  if (notKnown.length === FACILITIES.length) return make("p", { class: "hint" }, words.facilitiesUnknown);
  // What is not listed is either not there or not known; how much is not known is said, so that none passes for a no.
  if (notKnown.length > 0) {
    const sign = make("span", { class: "state-sign", "aria-hidden": "true" }, STATE_SIGNS.unknown);
    list.append(make("li", { class: "unknown" }, sign, words.notKnownCount(notKnown.length)));
  }
  return list;
}

function stateWords(words: Words, state: FacilityState, facility: Facility): string {
  return `${words.facilities[facility]}${words.because}${words.facilityStates[state]}`;
}

// Everything else, one tap away: the address, the stated hours, the phone, and the facilities that the card leaves out.
function details(station: NearestFeature, words: Words): HTMLElement {
  const { properties } = station;
  const rows = make("dl");
  const row = (term: string, text: string | null, lang = "") => {
    if (text !== null && text !== "") {
      rows.append(make("dt", {}, term), make("dd", lang === "" ? {} : { lang }, text));
    }
  };
  row(words.address, properties.address, "zh-CN");
  row(words.statedHours, properties.hours_text ?? properties.hours, "zh-CN");
  row(words.phone, properties.phone);
  for (const state of ["no", "unknown"] as const) {
    const names = FACILITIES.filter((facility) => (properties.facilities[facility] ?? "unknown") === state);
    row(words.facilityStates[state], names.map((facility) => words.facilities[facility]).join(words.list));
  }
  const verified = properties.verified_at === null ? words.notVerified : words.verified(properties.verified_at);
  return make("details", { class: "more" },
    make("summary", {}, make("span", {}, words.details), make("span", { class: "verified" }, verified)), rows);
}

function mapLinks(station: NearestFeature, words: Words): HTMLElement {
  const list = make("ul", { class: "apps", "aria-label": words.openIn },
    make("li", { class: "go-by", "aria-hidden": "true" }, words.goBy));
  for (const app of APPS) {
    const href = station.properties.links[app];
    // A link is followed as it is, so only the two schemes that the service has use for are let through.
    if (typeof href !== "string" || !/^(https:\/\/|geo:)/.test(href)) continue;
    const label = words.openInApp(words.apps[app], station.properties.name);
    const link = make("a", { href, rel: "noopener noreferrer", "aria-label": label }, words.apps[app]);
    if (app !== "geo") link.target = "_blank";
    list.append(make("li", {}, link));
  }
  return list;
}
