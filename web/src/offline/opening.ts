// Whether a station is open at a time, from the timetable that was kept.
import type { OpenState, Timetable, TimetableSpan } from "../shared/types";
import type { Words } from "../shared/words.zh";

/** The spans of a station; null when the timetable does not have it. */
export function spansOf(timetable: Timetable | null, id: string): TimetableSpan[] | null {
  const place = timetable?.stations[id];
  return place === undefined ? null : timetable?.timetables[place] ?? null;
}

/** The open state at a time, as the service would say it; unknown where the timetable does not reach. */
export function openStateAt(spans: TimetableSpan[] | null, time_ms: number, words: Words): OpenState {
  const found = spans?.findIndex((span) => Date.parse(span.from) <= time_ms && time_ms < Date.parse(span.to)) ?? -1;
  const span = spans?.[found];
  if (spans === null || span === undefined) return unknown(time_ms, words);
  const later = spans.slice(found + 1);
  const change = later.find(({ state }) => state !== span.state);
  const opening = span.state === "open" ? undefined : later.find(({ state }) => state === "open");
  return {
    at: localTime(time_ms, span.from),
    state: span.state,
    reason: span.reason,
    reason_text: span.reason_text ?? words.plainReasons[span.reason] ?? span.reason,
    changes_at: change?.from ?? null,
    next_state: change?.state ?? null,
    minutes_to_change: change === undefined ? null : Math.ceil((Date.parse(change.from) - time_ms) / 60_000),
    closes_at: span.state === "open" ? change?.from ?? null : null,
    opens_at: opening?.from ?? null,
  };
}

function unknown(time_ms: number, words: Words): OpenState {
  return {
    at: new Date(time_ms).toISOString(), state: "unknown", reason: "hours_not_stated", reason_text: words.notKept,
    changes_at: null, next_state: null, minutes_to_change: null, closes_at: null, opens_at: null,
  };
}

/** A time as RFC 3339 by the wall clock of another one. */
export function localTime(time_ms: number, like: string): string {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(like);
  const minutes = offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === "-" ? -1 : 1);
  const local = new Date(time_ms + minutes * 60_000).toISOString().slice(0, 19);
  return local + (offset?.[0] ?? "Z");
}
