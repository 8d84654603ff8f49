// Fields, values and numbers of an import, as people read them.
import { language, words } from "../../shared/language";
import type { Audience, Facility, Host, Status } from "../../shared/types";
import { DATA } from "../data";
import type { Counts, Outcome } from "./types";
import { importWords } from "./words";

/** The words of a table that may not have one for a key; the key itself then. */
function look(table: Record<string, string>, key: string): string {
  return Object.prototype.hasOwnProperty.call(table, key) ? table[key] ?? key : key;
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en-GB");
}

/** What a field of a station is called. */
export function fieldName(field: string): string {
  const facility = /^facilities\.(.+)$/.exec(field)?.[1];
  return facility === undefined ? look(importWords().fields, field) : look(words().facilities, facility);
}

/** What a column holds. */
export function targetName(target: string): string {
  const facility = /^facility:(.+)$/.exec(target)?.[1];
  return facility === undefined ? look(importWords().targets, target) : look(words().facilities, facility as Facility);
}

/** A value of a field, with the words of our own vocabularies in the language in use. */
export function valueText(field: string, value: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return importWords().nothing;
  if (field.startsWith("facilities.")) {
    const [, state = value, note = ""] = /^(\w+)( \(.*\))?$/.exec(value) ?? [];
    return look(words().facilityStates, state) + note;
  }
  switch (field) {
    case "status": return look(words().statuses, value as Status);
    case "host": return look(words().hosts, value as Host);
    case "audience": return value.split("; ").map((one) => look(words().audiences, one as Audience)).join(words().list);
    case "synthetic": return value === "true" ? importWords().yes : importWords().no;
    case "location": return value.replace(",", ", ").replace(/\((wgs84|gcj02|bd09)/, (_, datum: string) => `(${datumName(datum)}`);
    default: return value;
  }
}

// What people have written, which stays in its own language; the rest are words of ours, and numbers.
const WRITTEN: readonly string[] = ["name", "aliases", "address", "district", "hours", "hours_text", "operator", "source", "photos", "phone"];

/** The attributes of an element with a value of a field. */
export function valueAttributes(field: string, value: string | null | undefined): Record<string, string> {
  return value != null && value !== "" && WRITTEN.includes(field) ? DATA : {};
}

/** The short name of a datum. */
export function datumName(datum: string): string {
  return ({ wgs84: "WGS-84", gcj02: "GCJ-02", bd09: "BD-09" } as Record<string, string>)[datum] ?? datum;
}

/** Metres as people say them. */
export function metres(value: number): string {
  const { unitMetres, unitKilometres } = importWords();
  return value < 1000 ? unitMetres(count(Math.round(value))) : unitKilometres((value / 1000).toFixed(value < 10_000 ? 1 : 0));
}

/** A moment by the clock of the reader. */
export function moment(timeStamp: string): string {
  return new Date(timeStamp).toLocaleString(language() === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** The outcomes that rows are filtered by, in the order in which they are shown. */
export const OUTCOMES: Outcome[] = [
  "conflict", "undecided", "duplicate", "new", "changed", "unchanged", "rejected", "unplaced", "warning", "missing", "deleted", "skipped", "decided",
];
/** The outcomes that somebody is asked about. */
export const OPEN: Outcome[] = ["conflict", "undecided", "duplicate"];

/** How many rows have an outcome; null where that is not counted by rows. */
export function countOf(outcome: Outcome, counts: Counts): number | null {
  if (outcome === "decided") return null;
  return outcome === "warning" ? counts.warnings : counts[outcome];
}
