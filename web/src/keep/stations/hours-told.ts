// What the service makes of the hours that are saved: the coming week in words.
import { weekTable } from "../../find/hours";
import { make } from "../../shared/dom";
import { language, words } from "../../shared/language";
import type { StationFeature, Timetable } from "../../shared/types";
import type { Shell } from "../panel";
import { stationWords } from "./words";

const DAYS = 7;

/** The week of a station; an element that fills itself, and stays empty when the week cannot be had. */
export function hoursTold(shell: Shell, { id, properties }: StationFeature): HTMLElement {
  const w = stationWords();
  if (properties.hours == null && properties.hours_text == null) return make("p", { class: "hint hours-told" }, w.hoursNone);
  const box = make("div", { class: "hours-told" }, make("p", { class: "hint" }, w.hoursWeek));
  const query = { ids: id, days: String(DAYS), lang: language() };
  shell.ask.json<Timetable>({ path: "/v1/timetable", query, cache: "no-cache" }).then((timetable) => {
    const spans = timetable.timetables[timetable.stations[id] ?? -1];
    if (spans !== undefined) box.append(weekTable(timetable, spans, words()));
  }, () => box.append(make("p", { class: "hint" }, words().weekUnavailable)));
  return box;
}
