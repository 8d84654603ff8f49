// What keeps a form from being saved, above it: each line leads to its field; and stations that may be the same one.
import { make } from "../../shared/dom";
import { words } from "../../shared/language";
import { DATA, message } from "../data";
import type { FieldProblem } from "../problem";
import { keepWords } from "../words";
import type { Candidate } from "./api";
import { type Draft, isCoordinate } from "./draft";
import { controlId } from "./fields";
import { partName, stationWords } from "./words";
import { MOST_WHY, whyLength } from "./why";

/** What need not be asked of the service: what must be there, and is not. */
export function missing(draft: Draft, why: string): FieldProblem[] {
  const w = stationWords();
  return [
    ...(draft.name.trim() === "" ? [{ field: "name", text: w.needName }] : []),
    ...(draft.datum === "" ? [{ field: "datum", text: w.needDatum }] : []),
    ...(isCoordinate(draft.lon, 180) ? [] : [{ field: "lon", text: w.needLon }]),
    ...(isCoordinate(draft.lat, 90) ? [] : [{ field: "lat", text: w.needLat }]),
    ...(whyLength(why) <= MOST_WHY ? [] : [{ field: "why", text: w.whyTooLong }]),
  ];
}

/** Every problem, with a link to the field that it is about. */
export function problemSummary(problems: FieldProblem[], draft: Draft): HTMLElement {
  const lines = problems.map(({ field, text }) => {
    const key = field === null ? null : fieldOf(field, draft);
    if (key === null) return make("li", {}, ...message(field === null ? text : `${partName(field)}${keepWords().colon}${text}`));
    const link = make("a", { href: `#${controlId(key)}` }, labelOf(key));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(controlId(key))?.focus();
    });
    return make("li", {}, link, keepWords().colon, ...message(text));
  });
  return make("div", { class: "problem", role: "alert", tabindex: "-1", id: "problem-summary" },
    make("p", {}, stationWords().problemsHeading(problems.length)), make("ul", {}, ...lines));
}

/** The stations near the new one, and the way to write it all the same. */
export function similarBox(candidates: Candidate[], save: () => void): HTMLElement {
  const w = stationWords();
  const items = candidates.map(({ id, name, distance_m, ground }) => {
    const address = new URLSearchParams({ tab: "stations", station: id });
    const link = make("a", { href: `${location.pathname}?${address.toString()}`, target: "_blank", rel: "noopener", ...DATA }, name);
    return make("li", {}, link, ` · ${id} · ${w.similar(words().meters(String(Math.round(distance_m))), w.grounds[ground] ?? ground)}`);
  });
  const go = make("button", { type: "button", class: "button", id: "save-all-the-same" }, w.saveAllTheSame);
  go.addEventListener("click", save);
  return make("div", { class: "note similar", role: "alert", tabindex: "-1", id: "similar" },
    make("h3", {}, w.similarHeading), make("p", {}, w.similarHint), make("ul", {}, ...items), go);
}

// The field of the form that a field of the service is; null when there is none.
function fieldOf(field: string, draft: Draft): string | null {
  if (field in draft || field === "id" || field === "why") return field;
  return field === "geometry" || field === "coord" ? "lon" : null;
}

function labelOf(key: string): string {
  const w = stationWords();
  return ({ lon: w.lonLabel, lat: w.latLabel, datum: w.datumLabel, id: w.columnId, why: w.whyLabel } as Record<string, string>)[key] ?? partName(key);
}
