// Turns numbers and states of the service into sentences: distance, travel time, open state.
import type { Words } from "../shared/words.zh";
import type { Mode, OpenState } from "../shared/types";

// Below this a change is said in minutes, and a way above that only in whole hours.
const SOON_MIN = 120;
const LONG_MIN = 600;

/** A distance as people say it: metres below one kilometre, then kilometres. */
export function distanceText(distance_m: number, words: Words): string {
  if (distance_m < 995) return words.meters(String(Math.round(distance_m / 10) * 10 || Math.round(distance_m)));
  if (distance_m < 99_500) return words.kilometers((distance_m / 1000).toFixed(1));
  return words.kilometers(String(Math.round(distance_m / 1000)));
}

/** A length of time in whole minutes, rounded up, never zero; from ten hours on in whole hours. */
export function durationText(duration_s: number, words: Words): string {
  const minutes = Math.max(1, Math.ceil(duration_s / 60));
  if (minutes < 60) return words.minutes(minutes);
  if (minutes >= LONG_MIN) return words.hours(Math.round(minutes / 60));
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? words.hours(hours) : words.hoursMinutes(hours, minutes % 60);
}

/** How long the way takes, and how. */
export function travelText(travel_time_s: number, mode: Mode, words: Words): string {
  return words.travelJoin(words.travel[mode], words.about(durationText(travel_time_s, words)));
}

/** Whether the door is open, until when or why not; `arrival` when the state is for the time of arrival. */
export function openStateText(state: OpenState, arrival: boolean, words: Words): string {
  if (state.state === "unknown") return words.unknownNow + words.because + state.reason_text;
  if (state.state === "open") return openText(state, arrival, words);
  const head = arrival ? words.closedThen : words.closedNow;
  const opens_at = state.opens_at ?? (state.next_state === "open" ? state.changes_at : null);
  if (opens_at === null) return head + words.because + state.reason_text;
  return head + words.comma + changeText(state, opens_at, arrival, words.opensIn, words.opensAt, words);
}

function openText(state: OpenState, arrival: boolean, words: Words): string {
  const head = arrival ? words.openThen : words.openNow;
  if (state.reason === "always_open") return head + words.comma + words.allDay;
  const closes_at = state.closes_at ?? (state.next_state === "closed" ? state.changes_at : null);
  if (closes_at === null) return head;
  return head + words.comma + changeText(state, closes_at, arrival, words.closesIn, words.until, words);
}

// What happens soon is said in minutes, what happens later by the clock.
function changeText(
  state: OpenState,
  change_at: string,
  arrival: boolean,
  soon: Words["opensIn"],
  later: Words["opensAt"],
  words: Words,
): string {
  const time = clockText(change_at, state.at, words);
  const minutes = state.changes_at === change_at ? state.minutes_to_change : null;
  if (minutes === null || minutes >= SOON_MIN) return later(time);
  return soon(durationText(minutes * 60, words), time, arrival);
}

/** The clock time of `time`, with the day when it is not the day of `reference`; both in the station's own time. */
export function clockText(time: string, reference: string, words: Words): string {
  const clock = time.slice(11, 16);
  const days = dayNumber(time) - dayNumber(reference);
  if (days === 0) return clock;
  // Midnight at the end of the day is 24:00 to people, not tomorrow.
  if (days === 1 && clock === "00:00") return "24:00";
  if (days === 1) return `${words.tomorrow} ${clock}`;
  return `${words.monthDay(Number(time.slice(5, 7)), Number(time.slice(8, 10)))} ${clock}`;
}

function dayNumber(time: string): number {
  return Date.UTC(Number(time.slice(0, 4)), Number(time.slice(5, 7)) - 1, Number(time.slice(8, 10))) / 86_400_000;
}

/** A moment by the clock of the device, as people write it: today by the clock alone. */
export function dayText(time_ms: number, words: Words, now_ms = Date.now()): string {
  const time = new Date(time_ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
  if (time.toDateString() === new Date(now_ms).toDateString()) return words.todayAt(clock);
  return `${words.monthDay(time.getMonth() + 1, time.getDate())} ${clock}`;
}
