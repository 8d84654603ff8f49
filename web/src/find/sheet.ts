// The sheet of one station: everything that is known, in words, and what one can do.
import { byId, make } from "../shared/dom";
import { FACILITIES } from "../shared/facilities";
import { words } from "../shared/language";
import { EMBEDDED } from "../shared/memory";
import type { Facility, FacilityState, FoundFeature, StationFeature, Timetable } from "../shared/types";
import type { Words } from "../shared/words.zh";
import { reportForm, shareButtons } from "./actions";
import { weekTable } from "./hours";
import { navigationLinks } from "./navigate";
import type { Query } from "./query";
import { distanceText, openStateText, travelText } from "./sentences";
import { checkedText, STATE_SIGNS } from "./station-row";

/** In this order: what one came for, what to beware of, what one need not hope for. */
const STATES: FacilityState[] = ["yes", "out_of_order", "no", "unknown"];

export interface Shown {
  station: StationFeature;
  /** Where it is from the traveller, when it stands in the list. */
  found: FoundFeature | null;
  /** Its hours; null while they are asked for or when they cannot be had. */
  timetable: Timetable | null;
  isWaiting: boolean;
}

/** Writes the sheet. */
export function writeSheet({ station, found, timetable, isWaiting }: Shown, query: Query, back: () => void): void {
  const { properties } = station;
  const w = words();
  const button = make("button", { type: "button", class: "button quiet back" }, w.backToList);
  button.addEventListener("click", back);
  const parts: (Node | null)[] = [
    button,
    make("header", { class: "sheet-head" },
      make("h2", { id: "sheet-name", tabindex: "-1", lang: "zh-CN" }, properties.name),
      make("p", { class: "tags" }, ...tags(station, w)),
      found === null ? null : way(found, query, w),
      properties.status === "open" ? null : make("p", { class: "note" }, w.statuses[properties.status]),
      found === null ? null : openLine(found, query, w)),
    make("h3", { class: "hidden" }, w.goBy),
    navigationLinks(station, query.mode, w),
    make("p", { class: "hint" }, w.copyHint),
    address(station, w),
    shareButtons(station),
    make("h3", {}, w.hoursHeading),
    hours(station, timetable, isWaiting, w),
    make("h3", {}, w.facilitiesHeading),
    ...facilities(station, query.facilities, w),
    ...photos(station, w),
    make("h3", {}, w.aboutHeading),
    facts(station, w),
    EMBEDDED ? null : make("h3", {}, w.feedbackHeading),
    reportForm(station),
  ];
  byId("sheet").replaceChildren(...parts.filter((part): part is Node => part !== null));
}

/** Says in the sheet that there is no such station, or that it cannot be had now. */
export function writeNoSheet(text: string, back: () => void): void {
  const button = make("button", { type: "button", class: "button quiet back" }, words().backToList);
  button.addEventListener("click", back);
  byId("sheet").replaceChildren(button, make("h2", { id: "sheet-name", tabindex: "-1" }, text));
}

function tags({ properties }: StationFeature, w: Words): HTMLElement[] {
  const tag = (text: string, kind = "tag") => make("span", { class: kind }, text);
  return [
    ...(properties.synthetic === true ? [tag(w.syntheticTag, "tag demo")] : []),
    ...(properties.host == null ? [] : [tag(w.hosts[properties.host])]),
    ...(properties.district == null ? [] : [make("span", { class: "tag", lang: "zh-CN" }, properties.district)]),
    ...(properties.audience ?? []).map((who) => tag(w.audiences[who])),
  ];
}

function way({ properties }: FoundFeature, query: Query, w: Words): HTMLElement {
  const far = query.task === "route" && properties.along_m !== undefined
    ? `${w.alongLabel} ${distanceText(properties.along_m, w)}${w.comma}${w.offRoute(distanceText(properties.distance_m, w))}`
    : distanceText(properties.distance_m, w);
  const direction = properties.bearing_deg === null || query.placeFrom === "middle" ? "" : w.directions[Math.round(properties.bearing_deg / 45) % 8] ?? "";
  return make("p", { class: "way" }, make("strong", {}, direction === "" ? far : w.inDirection(direction, far)),
    make("span", {}, travelText(properties.travel_time_s, query.mode, w)), make("span", { class: "hint" }, w.estimated));
}

function openLine({ properties }: FoundFeature, query: Query, w: Words): HTMLElement {
  const { state } = properties.open_state;
  return make("p", { class: `open-state ${state}` }, make("span", { class: `sign ${state}`, "aria-hidden": "true" }),
    make("span", {}, openStateText(properties.open_state, query.openOnArrival, w)));
}

function address({ properties }: StationFeature, w: Words): HTMLElement {
  return make("p", { class: "address", lang: "zh-CN" }, properties.address ?? w.addressUnknown);
}

function hours(station: StationFeature, timetable: Timetable | null, isWaiting: boolean, w: Words): HTMLElement {
  const { hours_text, hours } = station.properties;
  const stated = hours_text ?? hours ?? null;
  const place = timetable?.stations[station.id];
  const spans = place === undefined ? undefined : timetable?.timetables[place];
  const table = timetable === null || spans === undefined
    ? make("p", { class: "hint" }, isWaiting ? w.loading : w.weekUnavailable)
    : stated === null ? null : weekTable(timetable, spans, w);
  return make("div", { class: "hours" },
    stated === null ? make("p", { class: "note" }, w.hoursNotStated) : make("p", { class: "hint" }, w.statedHours, w.because, make("span", { lang: "zh-CN" }, stated)), table);
}

function facilities(station: StationFeature, chosen: Set<Facility>, w: Words): Node[] {
  const states = station.properties.facilities ?? {};
  const details = station.properties.facility_details ?? {};
  const parts: Node[] = [];
  for (const state of STATES) {
    const names = FACILITIES.filter((facility) => (states[facility] ?? "unknown") === state);
    if (names.length === 0) continue;
    const items = names.map((facility) => {
      const checked = details[facility]?.verified_at ?? null;
      return make("li", { class: `${state}${chosen.has(facility) ? " chosen" : ""}` },
        make("span", { class: "state-sign", "aria-hidden": "true" }, STATE_SIGNS[state]), w.facilities[facility],
        checked === null || state === "unknown" ? null : make("small", {}, w.checkedShort(checked)));
    });
    parts.push(make("h4", { class: `state-head ${state}` }, w.facilityStates[state], make("span", { class: "count" }, ` ${names.length}`)),
      make("ul", { class: "has all" }, ...items));
  }
  return parts;
}

// As links: the page itself asks no other site for anything.
function photos({ properties }: StationFeature, w: Words): Node[] {
  const addresses = (properties.photos ?? []).filter((address) => /^https:\/\//i.test(address));
  if (addresses.length === 0) return [];
  const links = addresses.map((address, position) => make("li", {},
    make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, w.photo(position + 1))));
  return [make("h3", {}, w.photosHeading), make("ul", { class: "photos" }, ...links)];
}

function facts(station: StationFeature, w: Words): HTMLElement {
  const { properties } = station;
  const rows = make("dl", { class: "facts" });
  const row = (term: string, content: Node | string | null | undefined, lang = "") => {
    if (content != null && content !== "") rows.append(make("dt", {}, term), make("dd", lang === "" ? {} : { lang }, content));
  };
  row(w.alsoCalled, (properties.aliases ?? []).join(w.list), "zh-CN");
  if (properties.phone != null) row(w.phone, phone(properties.phone));
  row(w.seatsLabel, properties.seats == null ? null : String(properties.seats));
  row(w.areaLabel, properties.floor_area_m2 == null ? null : w.squareMetres(properties.floor_area_m2));
  row(w.operatorLabel, properties.operator, "zh-CN");
  row(w.openedLabel, properties.opened_on);
  row(w.checkedLabel, checkedText(properties.verified_at ?? null, w));
  row(w.sourceLabel, properties.source, "zh-CN");
  return rows;
}

function phone(number: string): Node | string {
  const dial = number.replace(/[^\d+]/g, "");
  return dial.length < 5 ? number : make("a", { href: `tel:${dial}` }, number);
}
