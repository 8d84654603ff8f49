// The hours of a station in words: today, and each day of the week with holidays and make-up days.
import { make } from "../shared/dom";
import type { Timetable, TimetableDay, TimetableSpan } from "../shared/types";
import type { Words } from "../shared/words.zh";

/** What is said of one day. */
export interface DayHours {
  date: string;
  /** "08:30–12:00" and "14:30–17:30", or "closed", or "not known". */
  spans: string[];
  state: "open" | "closed" | "unknown";
  /** The holiday, the make-up day, and why the hours are not known. */
  notes: string[];
}

/** The days of a timetable in words, for the spans of one station. */
export function daysInWords(days: TimetableDay[], spans: TimetableSpan[], words: Words): DayHours[] {
  return days.map(({ date, kind, holiday }) => {
    const today = spans.filter((span) => span.from.slice(0, 10) <= date && endOf(span) >= date && covers(span, date));
    const open = today.filter(({ state }) => state === "open").map((span) => spanText(span, date, words));
    const unknown = today.filter(({ state }) => state === "unknown");
    const state = open.length > 0 ? "open" : unknown.length > 0 ? "unknown" : "closed";
    const parts = [...open];
    if (unknown.length > 0) parts.push(open.length > 0 ? words.restUnknown : words.hoursUnknown);
    const notes = [dayNote(kind, holiday, words), ...new Set(unknown.map(({ reason_text }) => reason_text ?? ""))];
    const closedFor = state === "closed" ? today.map(({ reason_text }) => reason_text ?? "") : [];
    return {
      date, state, spans: parts.length > 0 ? parts : [words.closedAllDay],
      notes: [...notes, ...new Set(closedFor)].filter((note) => note !== ""),
    };
  });
}

/** The week as a table; the first day is today. */
export function weekTable(timetable: Timetable, all: TimetableSpan[], words: Words): HTMLElement {
  const rows = daysInWords(timetable.days.slice(0, 7), all, words).map(({ date, spans, state, notes }, position) =>
    make("tr", position === 0 ? { class: "today" } : {},
      make("th", { scope: "row" }, position === 0 ? words.today : words.weekdays[weekday(date)] ?? "",
        make("span", { class: "date" }, ` ${words.monthDay(Number(date.slice(5, 7)), Number(date.slice(8, 10)))}`)),
      make("td", { class: `day-${state}` }, make("span", { class: "number" }, ...spans.map((span) => make("span", {}, span))),
        ...notes.map((note) => make("span", { class: "day-note" }, note)))));
  return make("table", { class: "week" }, make("caption", { class: "hidden" }, words.weekCaption), make("tbody", {}, ...rows));
}

function dayNote(kind: TimetableDay["kind"], holiday: string | null, words: Words): string {
  if (kind === "statutory_off") return words.holidayNote(holiday ?? "");
  if (kind === "make_up_workday") return words.makeUpNote(holiday ?? "");
  return kind === "not_published" ? words.notPublishedNote : "";
}

// A span that ends at midnight belongs to the day before.
function covers(span: TimetableSpan, date: string): boolean {
  return !(endOf(span) === date && span.to.slice(11, 16) === "00:00");
}

function endOf(span: TimetableSpan): string {
  return span.to.slice(0, 10);
}

function spanText(span: TimetableSpan, date: string, words: Words): string {
  const from = span.from.slice(0, 10) < date ? "00:00" : span.from.slice(11, 16);
  const to = endOf(span) > date ? "24:00" : span.to.slice(11, 16);
  return from === "00:00" && to === "24:00" ? words.allDayHours : `${from}–${to}`;
}

// 0 is Sunday.
function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}
