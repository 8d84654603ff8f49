// What is asked for: the place, the needs and the way there; and how that becomes a request.
import { getJson } from "../shared/api";
import type { Language } from "../shared/language";
import type { Datum, Facility, ItemsAnswer, NearestAnswer } from "../shared/types";

/** How many stations the list has at most. */
export const RESULTS = 10;
const SAMPLE_STATIONS = 100;
const MAP_STATIONS = 1000;

/** A place in degrees, in the datum it was given in. */
export interface Place { lon: number; lat: number; datum: Datum }
export interface Query {
  /** Where to search from; null until the service has said where its stations are. */
  place: Place | null;
  placeFrom: "middle" | "device" | "typed" | "map";
  facilities: Set<Facility>;
  openOnArrival: boolean;
  includeUnknown: boolean;
  mode: "walk" | "ebike";
}

/** The query the page opens with. */
export function firstQuery(): Query {
  return {
    place: null, placeFrom: "middle", facilities: new Set(), openOnArrival: true, includeUnknown: true, mode: "walk",
  };
}

/** The parameters of `GET /v1/nearest` for a query. */
export function nearestParameters(query: Query, place: Place, language: Language): Record<string, string> {
  const parameters: Record<string, string> = {
    lon: place.lon.toFixed(6), lat: place.lat.toFixed(6), coord: place.datum, limit: String(RESULTS), mode: query.mode, lang: language,
  };
  if (query.facilities.size > 0) parameters["facilities"] = [...query.facilities].join(",");
  if (query.openOnArrival) parameters["open"] = "arrival";
  if (query.includeUnknown) parameters["include_unknown"] = "true";
  return parameters;
}

/** The nearest stations that match. */
export function findNearest(query: Query, place: Place, language: Language, signal: AbortSignal): Promise<NearestAnswer> {
  return getJson<NearestAnswer>("/v1/nearest", nearestParameters(query, place, language), signal);
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

/** Stations for the map, at most a thousand, whatever is asked for in the list. */
export function stationsForMap(): Promise<ItemsAnswer> {
  return getJson<ItemsAnswer>("/v1/collections/stations/items", { limit: String(MAP_STATIONS), fields: "name,synthetic" });
}

/** The district outlines that the map draws as its base. */
export function districtOutlines(): Promise<GeoJSON.FeatureCollection> {
  return getJson<GeoJSON.FeatureCollection>("/v1/districts", {});
}
