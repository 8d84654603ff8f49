// The question a planner asks: how far, when, with what; and how it becomes parameters and an address to share.
import type { Language } from "../shared/language";
import { FACILITIES } from "../shared/facilities";
import type { Facility, Host, Mode } from "./types";

export const MODES: Mode[] = ["walk", "ebike", "straight"];
export const HOSTS: Host[] = [
  "union", "party_service_centre", "sanitation_post", "volunteer_post", "bank_branch", "company", "government", "police",
  "transport", "shop", "other",
];
export const WEEKDAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `any`: opening hours are not looked at. `date`: the calendar decides, holidays and make-up workdays with it. */
export type Day = "any" | "now" | "date" | Weekday;

export const MINUTES = { least: 1, most: 240 } as const;
export const MOST_BACKUP = 5;
// The register's clock; China has one zone and no summer time.
const OFFSET = "+08:00";

export interface Question {
  minutes: number;
  mode: Mode;
  /** How many stations must reach a place. */
  k: number;
  facilities: Facility[];
  hosts: Host[];
  /** Names or adcodes; none means all. */
  districts: string[];
  day: Day;
  /** Used with `day` being `date`: such as 2026-10-01. */
  date: string;
  /** 0 to 23, used with a weekday or a date. */
  hour: number;
}

/** What the page opens with: fifteen minutes on foot, whatever the hour. */
export function firstQuestion(): Question {
  return { minutes: 15, mode: "walk", k: 1, facilities: [], hosts: [], districts: [], day: "any", date: "", hour: 12 };
}

/** `at` of the service for the chosen day and hour; null where opening hours do not count. */
export function atOf({ day, date, hour }: Question): string | null {
  if (day === "any" || (day === "date" && !isDate(date))) return null;
  if (day === "now") return "now";
  const clock = `${String(hour).padStart(2, "0")}:00`;
  return day === "date" ? `${date}T${clock}:00${OFFSET}` : `${day}-${clock}`;
}

/** Whether the hour says something: for a weekday or a date. */
export function hasHour({ day, date }: Question): boolean {
  return day !== "any" && day !== "now" && (day !== "date" || isDate(date));
}

type Parameters = Record<string, string>;

// What every question of the planner shares.
function common(question: Question, language: Language): Parameters {
  const parameters: Parameters = { minutes: String(question.minutes), mode: question.mode, k: String(question.k), lang: language };
  if (question.facilities.length > 0) parameters["facilities"] = question.facilities.join(",");
  if (question.hosts.length > 0) parameters["hosts"] = question.hosts.join(",");
  if (question.districts.length > 0) parameters["district"] = question.districts.join(",");
  return parameters;
}

/** The parameters of `/v1/coverage`; those of `/v1/coverage/gaps` begin with them. */
export function coverageParameters(question: Question, language: Language): Parameters {
  const at = atOf(question);
  return at === null ? common(question, language) : { ...common(question, language), at };
}

/** The parameters of `/v1/coverage/by-hour`: a date has its own 24 hours, everything else the ordinary week. */
export function hoursParameters(question: Question, language: Language): Parameters {
  const parameters = common(question, language);
  return question.day === "date" && isDate(question.date) ? { ...parameters, date: question.date } : parameters;
}

/** The parameters that choose, among the stations of `/v1/collections/stations/items`, those that the question asks for. */
export function stationParameters(question: Question, at: string | null, withUnknown: boolean): Parameters {
  const parameters: Parameters = { status: "open", fields: "host", limit: "10000" };
  if (question.facilities.length > 0) parameters["facilities"] = question.facilities.join(",");
  if (question.hosts.length > 0) parameters["hosts"] = question.hosts.join(",");
  if (at !== null) parameters["open"] = at;
  if (withUnknown) parameters["include_unknown"] = "true";
  return parameters;
}

/** Writes the question as the part of an address after `?`; what is as at the beginning is left out. */
export function toSearch(question: Question): URLSearchParams {
  const first = firstQuestion();
  const search = new URLSearchParams();
  const put = (name: string, value: string, usual: string) => { if (value !== usual) search.set(name, value); };
  put("minutes", String(question.minutes), String(first.minutes));
  put("mode", question.mode, first.mode);
  put("k", String(question.k), "1");
  put("facilities", question.facilities.join(","), "");
  put("hosts", question.hosts.join(","), "");
  put("district", question.districts.join(","), "");
  put("day", question.day === "date" ? question.date : question.day, "any");
  if (hasHour(question)) search.set("hour", String(question.hour));
  return search;
}

/** Reads the question out of an address or a saved scenario; what cannot be read is as at the beginning. */
export function fromSearch(search: URLSearchParams): Question {
  const first = firstQuestion();
  const day = search.get("day") ?? "any";
  return {
    minutes: within(search.get("minutes"), MINUTES.least, MINUTES.most, first.minutes),
    mode: oneOf(search.get("mode"), MODES) ?? first.mode,
    k: Math.round(within(search.get("k"), 1, MOST_BACKUP, first.k)),
    facilities: listOf(search.get("facilities"), FACILITIES),
    hosts: listOf(search.get("hosts"), HOSTS),
    districts: (search.get("district") ?? "").split(",").filter((name) => name !== ""),
    day: isDate(day) ? "date" : oneOf(day, ["any", "now", ...WEEKDAYS] as const) ?? first.day,
    date: isDate(day) ? day : "",
    hour: Math.round(within(search.get("hour"), 0, 23, first.hour)),
  };
}

/** Whether a text is a day of the calendar such as 2026-10-01. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) === text;
}

function within(text: string | null, least: number, most: number, otherwise: number): number {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return value >= least && value <= most ? value : otherwise;
}

function oneOf<T extends string>(text: string | null, known: readonly T[]): T | undefined {
  return known.find((name) => name === text);
}

function listOf<T extends string>(text: string | null, known: readonly T[]): T[] {
  const named = (text ?? "").split(",");
  return known.filter((name) => named.includes(name));
}
