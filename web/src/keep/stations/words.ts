// The words of this part in the language in use, and how times and values of a record are written in it.
import { language, words } from "../../shared/language";
import type { Audience, Datum, Facility, FacilityState, Host, Status } from "../../shared/types";
import { DATA } from "../data";
import { type Draft, MAPS, type MapApp, type Part } from "./draft";
import { en } from "./words.en";
import { type StationWords, zh } from "./words.zh";

/** The words of this part of the page. */
export function stationWords(): StationWords {
  return language() === "zh" ? zh : en;
}

/** A moment by the clock of the reader. */
export function momentText(at: string | null): string {
  if (at === null) return "";
  return new Date(at).toLocaleString(language() === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** The name of a part of a record, or of a field as the history names it. */
export function partName(part: string): string {
  const w = stationWords();
  const [group = "", name = ""] = part.split(".");
  if (group === "facilities" && name !== "") return words().facilities[name as Facility] ?? name;
  if (group === "map_listings" && name !== "") return w.mapApps[name as MapApp] ?? name;
  if (part === "map_listings") return w.groupMaps;
  if (part === "synthetic") return w.synthetic;
  return (w.parts as Record<string, string>)[part] ?? part;
}

/** What a draft says of a part, for people. */
export function partText(part: Part, draft: Draft): string {
  const w = stationWords();
  if (part === "location") return `${draft.lon}, ${draft.lat} (${w.datums[draft.datum as Datum] ?? w.unknown})`;
  return wordsOf(part, draft[part]);
}

// What people have written, which stays in its own language; the rest are words of ours, and numbers.
const WRITTEN: readonly string[] = ["name", "aliases", "address", "district", "hours", "hours_text", "operator", "phone", "source", "photos"];

/** The attributes of an element with what is said of a part. */
export function partAttributes(part: string, text: string | null): Record<string, string> {
  return text !== null && text.trim() !== "" && WRITTEN.includes(part) ? DATA : {};
}

/** What the history says of a field, for people; the source and day of a facility stay behind its state. */
export function historyText(field: string, text: string | null): string {
  const w = stationWords();
  if (text === null) return w.none;
  if (field === "map_listings") {
    return MAPS.reduce((told, app) => told.replace(app, w.mapApps[app]), text.replace(/\b(yes|no|unknown)\b/g, (word) => w.listings[word] ?? word));
  }
  if (field === "location") return text.replace(/\((wgs84|gcj02|bd09)/, (_, datum: Datum) => `(${w.datums[datum]}`);
  if (field === "synthetic") return text === "true" ? w.synthetic : w.none;
  if (field.startsWith("facilities.")) {
    const [state = "", ...note] = text.split(" ");
    return [wordsOf(field, state), ...note].join(" ");
  }
  return wordsOf(field, text.replace(/; /g, field === "audience" ? "," : "; "));
}

function wordsOf(part: string, value: string): string {
  const [w, shared] = [stationWords(), words()];
  if (value.trim() === "") return w.unknown;
  if (part.startsWith("facilities.")) return w.states[value as FacilityState] ?? value;
  if (part.startsWith("map_listings.")) return w.listings[value] ?? value;
  switch (part) {
    case "host": return shared.hosts[value as Host] ?? value;
    case "status": return w.statuses[value as Status] ?? value;
    case "audience": return value.split(",").map((who) => shared.audiences[who as Audience] ?? who).join(shared.list);
    case "aliases":
    case "photos": return value.split("\n").join(shared.list);
    default: return value;
  }
}
