// What the address of the page says: a station to show, a place to begin at, wishes, and whether it stands in a frame.
import { FACILITIES } from "../shared/facilities";
import { EMBEDDED } from "../shared/memory";
import type { Datum } from "../shared/types";
import type { Query } from "./query";

/** Reads the wishes of the address into a query; what cannot be read is as if it were not there. */
export function readAddress(query: Query, search = location.search): void {
  const given = new URLSearchParams(search);
  const [lon, lat] = [number(given.get("lon"), 180), number(given.get("lat"), 90)];
  if (lon !== null && lat !== null) {
    const coord = given.get("coord");
    const datum: Datum = coord === "gcj02" || coord === "bd09" ? coord : "wgs84";
    Object.assign(query, { place: { lon, lat, datum }, placeFrom: "link", placeName: given.get("name") ?? "" });
  }
  for (const facility of (given.get("facilities") ?? "").split(",")) {
    const known = FACILITIES.find((name) => name === facility);
    if (known !== undefined) query.facilities.add(known);
  }
  if (given.get("mode") === "ebike") query.mode = "ebike";
  if (given.get("open") === "any") query.openOnArrival = false;
  if (given.get("include_unknown") === "false") query.includeUnknown = false;
}

/** The station that the address names, or null. */
export function stationOfAddress(search = location.search): string | null {
  return new URLSearchParams(search).get("station");
}

/** The address of a station's page, to be shared and printed. */
export function addressOf(id: string, origin = location.origin): string {
  return `${origin}/?station=${encodeURIComponent(id)}`;
}

/** Writes the station that is shown into the address, as a step that the back button takes back. */
export function showInAddress(id: string | null): void {
  if (EMBEDDED) return;
  const url = new URL(location.href);
  if (id === null) url.searchParams.delete("station");
  else url.searchParams.set("station", id);
  if (url.href !== location.href) history.pushState(null, "", url);
}

function number(text: string | null, most: number): number | null {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && Math.abs(value) <= most ? value : null;
}
