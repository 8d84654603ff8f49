// What is asked for: near a place or along a route, the needs and the way there; and how that becomes a request.
import { getJson } from "../shared/api";
import { inDatum, type Place } from "../shared/datum";
import type { Language } from "../shared/language";
import type { Facility, ItemsAnswer, SearchAnswer } from "../shared/types";

/** How many stations the list has at most. */
export const RESULTS = 10;
/** How many along a route. */
export const ROUTE_RESULTS = 50;
const SAMPLE_STATIONS = 100;

/** Where a place comes from, which the list says. */
export type PlaceFrom = "middle" | "device" | "typed" | "map" | "search" | "link";
export interface Query {
  task: "near" | "route";
  /** Where to search from; null until the service has said where its stations are. */
  place: Place | null;
  placeFrom: PlaceFrom;
  /** What the place is called, where it has a name. */
  placeName: string;
  /** The corners of the route, start first. */
  route: Place[];
  /** How far off the route, metres. */
  reach_m: number;
  facilities: Set<Facility>;
  openOnArrival: boolean;
  includeUnknown: boolean;
  mode: "walk" | "ebike";
}

/** The query the page opens with. */
export function firstQuery(): Query {
  return {
    task: "near", place: null, placeFrom: "middle", placeName: "", route: [], reach_m: 500, facilities: new Set(),
    openOnArrival: true, includeUnknown: true, mode: "walk",
  };
}

/** The parameters that both questions share. */
function wishes(query: Query, language: Language): Record<string, string> {
  const parameters: Record<string, string> = { mode: query.mode, lang: language };
  if (query.facilities.size > 0) parameters["facilities"] = [...query.facilities].join(",");
  if (query.openOnArrival) parameters["open"] = "arrival";
  if (query.includeUnknown) parameters["include_unknown"] = "true";
  return parameters;
}

/** The parameters of `GET /v1/nearest` for a query. */
export function nearestParameters(query: Query, place: Place, language: Language): Record<string, string> {
  return {
    lon: place.lon.toFixed(6), lat: place.lat.toFixed(6), coord: place.datum, limit: String(RESULTS), ...wishes(query, language),
  };
}

/** The parameters of `GET /v1/along-route` for a query; its corners may have come in several datums. */
export function routeParameters(query: Query, language: Language): Record<string, string> {
  const corners = query.route.map((place) => inDatum(place, "wgs84"));
  return {
    line: corners.map(({ lon, lat }) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(";"),
    distance_m: String(query.reach_m), limit: String(ROUTE_RESULTS), ...wishes(query, language),
  };
}

/** Asks the service itself, now: what the browser kept from a minute ago would say "open" with a confidence it has not. */
export function ask(query: Query, place: Place | null, language: Language, signal: AbortSignal): Promise<SearchAnswer> {
  if (query.task === "route") return getJson<SearchAnswer>("/v1/along-route", routeParameters(query, language), signal, "no-cache");
  if (place === null) return Promise.reject(new Error("no place to search from"));
  return getJson<SearchAnswer>("/v1/nearest", nearestParameters(query, place, language), signal, "no-cache");
}

// index.html preloads the same address.
/** A place in the middle of the stations (of the first hundred of them), or null when the service has none. */
export async function middleOfStations(): Promise<Place | null> {
  const sample = await getJson<ItemsAnswer>("/v1/collections/stations/items", {
    limit: String(SAMPLE_STATIONS), fields: "synthetic",
  });
  return middleOf(sample.features.map(({ geometry }) => geometry.coordinates));
}

/**
 * The median longitude and latitude. Stations lie where people are; the middle of the box around them is often a
 * hillside or the sea.
 */
export function middleOf(positions: number[][]): Place | null {
  const lon = median(positions.map(([value]) => value ?? Number.NaN));
  const lat = median(positions.map(([, value]) => value ?? Number.NaN));
  return lon === null || lat === null ? null : { lon, lat, datum: "wgs84" };
}

function median(values: number[]): number | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
