// A station as it stands in the form: every part of it as text. What changed, as a merge patch, and a new station's document.
import { FACILITIES } from "../../shared/facilities";
import type { Datum, Facility, StationFeature } from "../../shared/types";

/** The parts with one text each, in the order of the form. */
export const TEXTS = ["name", "aliases", "address", "district", "adcode", "host", "audience", "status", "hours", "hours_text",
  "floor_area_m2", "seats", "opened_on", "operator", "phone", "photos", "source", "verified_at"] as const;
export const MAPS = ["amap", "baidu", "tencent"] as const;
export type MapApp = (typeof MAPS)[number];
export type Part = (typeof TEXTS)[number] | "location" | `facilities.${Facility}` | `map_listings.${MapApp}`;
/** Every part that somebody can state, in the order of the form. */
export const PARTS: Part[] = [
  ...TEXTS.slice(0, 8), "location", ...TEXTS.slice(8, 10), ...FACILITIES.map((facility): Part => `facilities.${facility}`), ...TEXTS.slice(10, 16),
  ...MAPS.map((app): Part => `map_listings.${app}`), ...TEXTS.slice(16),
];

type Key = Exclude<Part, "location"> | "lon" | "lat" | "datum";
/** What the form says: "" is unknown; several names or photos are one a line, several words are separated by commas. */
export type Draft = Record<Key, string>;

const NUMBERS: readonly string[] = ["floor_area_m2", "seats"];
const LISTS: Readonly<Record<string, string>> = { aliases: "\n", photos: "\n", audience: "," };
const DECIMALS = 6;

/** The station in the form; parts that its document leaves out are unknown. */
export function draftOf({ geometry, properties }: Pick<StationFeature, "geometry" | "properties">): Draft {
  const known: Record<string, unknown> = { ...properties };
  const draft = emptyDraft();
  for (const part of TEXTS) {
    const value = known[part];
    if (Array.isArray(value)) draft[part] = value.join(LISTS[part] ?? "\n");
    else if (typeof value === "string" || typeof value === "number") draft[part] = String(value);
  }
  for (const facility of FACILITIES) draft[`facilities.${facility}`] = properties.facilities?.[facility] ?? "unknown";
  for (const app of MAPS) draft[`map_listings.${app}`] = properties.map_listings?.[app] ?? "unknown";
  // The coordinate as it was given, in its own datum; without one it was given in WGS-84.
  const [lon = 0, lat = 0] = geometry.coordinates;
  const original = properties.original ?? { lon, lat, datum: "wgs84" };
  return Object.assign(draft, { lon: degrees(original.lon), lat: degrees(original.lat), datum: original.datum });
}

/** A new station: nothing is known yet, not even the datum. */
export function emptyDraft(): Draft {
  const draft = { lon: "", lat: "", datum: "" } as Draft;
  for (const part of TEXTS) draft[part] = part === "status" ? "open" : "";
  for (const facility of FACILITIES) draft[`facilities.${facility}`] = "unknown";
  for (const app of MAPS) draft[`map_listings.${app}`] = "unknown";
  return draft;
}

/** A coordinate as the form writes it. */
export function degrees(value: number): string {
  return String(Number(value.toFixed(DECIMALS)));
}

function keysOf(part: Part): Key[] {
  return part === "location" ? ["lon", "lat", "datum"] : [part];
}

/** Whether two drafts say the same of a part. */
export function isSame(part: Part, one: Draft, other: Draft): boolean {
  return keysOf(part).every((key) => said(key, one) === said(key, other));
}

// Spaces around a text say nothing, and an empty line no name; 18.40 is 18.4.
function said(key: Key, draft: Draft): string {
  const text = draft[key].trim();
  if (key === "aliases" || key === "photos") return lines(text).join("\n");
  const isNumber = key === "lon" || key === "lat" || NUMBERS.includes(key);
  return isNumber && text !== "" && Number.isFinite(Number(text)) ? String(Number(text)) : text;
}

/** The parts of which two drafts differ. */
export function changedParts(before: Draft, after: Draft): Part[] {
  return PARTS.filter((part) => !isSame(part, before, after));
}

/** Takes what another draft says of a part. */
export function take(part: Part, from: Draft, to: Draft): void {
  for (const key of keysOf(part)) to[key] = from[key];
}

export interface Written {
  document: { type?: "Feature"; geometry?: { type: "Point"; coordinates: number[] }; properties: Record<string, unknown> };
  /** The datum of the geometry, where there is one. */
  datum: Datum | null;
}

/**
 * A merge patch of what changed, and nothing else; null when nothing did. `noted` are the facilities whose state has a
 * source or a day of its own: that goes with the state it was about.
 */
export function patchOf(before: Draft, after: Draft, noted: readonly string[] = []): Written | null {
  const changed = changedParts(before, after);
  if (changed.length === 0) return null;
  const { document, datum } = written(changed, after);
  for (const part of changed) {
    const facility = part.startsWith("facilities.") ? part.slice("facilities.".length) : "";
    if (noted.includes(facility)) nested(document.properties, "facility_details")[facility] = null;
  }
  return { document, datum };
}

/** The document of a new station: what is known of it. */
export function documentOf(draft: Draft): Written {
  const { document, datum } = written([...new Set<Part>(["name", "status", "location", ...changedParts(emptyDraft(), draft)])], draft);
  return { document: { type: "Feature", ...document }, datum };
}

function written(parts: Part[], draft: Draft): Written {
  const properties: Record<string, unknown> = {};
  const result: Written = { document: { properties }, datum: null };
  for (const part of parts) {
    const [group = "", name] = part.split(".");
    if (part === "location") {
      result.document.geometry = { type: "Point", coordinates: [Number(draft.lon), Number(draft.lat)] };
      result.datum = draft.datum as Datum;
    } else if (name !== undefined) nested(properties, group)[name] = draft[part] === "unknown" ? null : draft[part];
    else properties[part] = valueOf(part, said(part, draft));
  }
  return result;
}

function valueOf(part: string, text: string): unknown {
  if (text === "") return null;
  const separator = LISTS[part];
  if (separator !== undefined) return text.split(separator);
  // What is no number goes as it is, so that the service says so.
  return NUMBERS.includes(part) && Number.isFinite(Number(text)) ? Number(text) : text;
}

function nested(properties: Record<string, unknown>, group: string): Record<string, unknown> {
  return (properties[group] ??= {}) as Record<string, unknown>;
}

function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** Where a coordinate cannot be read, before anybody asks: empty, no number, or outside the globe. */
export function isCoordinate(text: string, most: number): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text)) && Math.abs(Number(text)) <= most;
}
