// The list without a network: the same question over the stations that were kept, by the same rules as the service.
import type { Query } from "../find/query";
import { inDatum, type Place } from "../shared/datum";
import type { FoundFeature, Mode, OpenState, SearchAnswer, StationFeature, Timetable } from "../shared/types";
import type { Words } from "../shared/words.zh";
import type { City } from "./kept";
import { openStateAt, spansOf } from "./opening";

const EQUATOR_M = 6_378_137;
const FLATTENING = 1 / 298.257_223_563;
// What the service uses unless its operator says otherwise, until it has been heard.
const TRAVEL: Record<Mode, Omit<SearchAnswer["travel"], "mode">> = {
  walk: { method: "straight_line_x_detour", speed_m_s: 1.25, detour_factor: 1.35 },
  ebike: { method: "straight_line_x_detour", speed_m_s: 5, detour_factor: 1.35 },
  straight: { method: "straight_line_x_detour", speed_m_s: 1.25, detour_factor: 1 },
};

interface Found { station: StationFeature; distance_m: number; along_m: number; bearing_deg: number | null }

/** The stations nearest to a place, from what was kept. */
export function nearestKept(city: City, query: Query, place: Place, limit: number, words: Words, now_ms = Date.now()): SearchAnswer {
  const here = inDatum(place, "wgs84");
  const found = city.stations.map((station) => near(station, [here.lon, here.lat]));
  return answer(city, query, found, limit, words, now_ms);
}

/** The stations within a distance of a line, in the order of travel, from what was kept. */
export function alongKept(
  city: City, query: Query, line: Place[], reach_m: number, limit: number, words: Words, now_ms = Date.now(),
): SearchAnswer {
  const points = line.map((place) => inDatum(place, "wgs84")).map(({ lon, lat }): [number, number] => [lon, lat]);
  const found = city.stations.map((station) => offLine(station, points)).filter(({ distance_m }) => distance_m <= reach_m);
  return answer(city, query, found, limit, words, now_ms);
}

/** One station as an answer would have it, whatever is wished for; null when nobody has said from where. */
export function foundKept(query: Query, station: StationFeature, timetable: Timetable | null, words: Words, now_ms = Date.now()): FoundFeature | null {
  if (query.task !== "near" || query.place === null) return null;
  const here = inDatum(query.place, "wgs84");
  const travel = { ...TRAVEL[query.mode], mode: query.mode };
  return feature(timetable, query, near(station, [here.lon, here.lat]), travel, words, now_ms);
}

function near(station: StationFeature, from: [number, number]): Found {
  const [dx, dy] = offset_m(from, position(station));
  return { station, distance_m: Math.hypot(dx, dy), along_m: 0, bearing_deg: (Math.atan2(dx, dy) * 180 / Math.PI + 360) % 360 };
}

function answer(city: City, query: Query, found: Found[], limit: number, words: Words, now_ms: number): SearchAnswer {
  const travel = { ...TRAVEL[query.mode], mode: query.mode, ...city.travel[query.mode] };
  const features = found
    .sort((a, b) => a.along_m - b.along_m || a.distance_m - b.distance_m || (a.station.id < b.station.id ? -1 : 1))
    .map((one) => feature(city.timetable, query, one, travel, words, now_ms))
    .filter((one) => isWanted(one, query)).slice(0, limit);
  return {
    type: "FeatureCollection", numberReturned: features.length, revision: city.revision, datum: "wgs84",
    timeStamp: new Date(city.kept_at).toISOString(), travel, links: [], features,
  };
}

function feature(
  timetable: Timetable | null, query: Query, { station, distance_m, along_m, bearing_deg }: Found, travel: SearchAnswer["travel"], words: Words, now_ms: number,
): FoundFeature {
  const travel_time_s = Math.round((along_m + distance_m * travel.detour_factor) / travel.speed_m_s);
  const at = now_ms + (query.openOnArrival ? travel_time_s * 1000 : 0);
  const open_state: OpenState = station.properties.status === "open"
    ? openStateAt(spansOf(timetable, station.id), at, words)
    : { ...openStateAt(null, at, words), state: "closed", reason_text: words.statuses[station.properties.status] };
  return {
    ...station,
    properties: {
      ...station.properties, distance_m, bearing_deg, travel_time_s, open_state, ...(query.task === "route" ? { along_m } : {}),
    },
  } as FoundFeature;
}

function isWanted({ properties }: FoundFeature, query: Query): boolean {
  const allows = (state: string, good: string) => state === good || (query.includeUnknown && state === "unknown");
  // As the service: stations that are planned, suspended or closed for good are found by name only.
  if (properties.status !== "open") return false;
  if (query.openOnArrival && !allows(properties.open_state.state, "open")) return false;
  return [...query.facilities].every((facility) => allows(properties.facilities?.[facility] ?? "unknown", "yes"));
}

function position(station: StationFeature): [number, number] {
  const [lon = 0, lat = 0] = station.geometry.coordinates;
  return [lon, lat];
}

/** Metres to the east and to the north, in the plane that touches the ellipsoid half-way; good to 0.1 % in a city. */
export function offset_m([lon, lat]: [number, number], [toLon, toLat]: [number, number]): [number, number] {
  const phi = ((lat + toLat) / 2) * Math.PI / 180;
  const e2 = FLATTENING * (2 - FLATTENING);
  const w = 1 - e2 * Math.sin(phi) ** 2;
  const east = ((toLon - lon + 540) % 360 - 180) * Math.PI / 180 * Math.cos(phi) * EQUATOR_M / Math.sqrt(w);
  const north = (toLat - lat) * Math.PI / 180 * EQUATOR_M * (1 - e2) / (w * Math.sqrt(w));
  return [east, north];
}

// The nearest point of the line, and how far along it that is.
function offLine(station: StationFeature, line: [number, number][]): Found {
  let best: Found = { station, distance_m: Infinity, along_m: 0, bearing_deg: null };
  let behind_m = 0;
  for (let i = 0; i + 1 < line.length; i += 1) {
    const [from, to] = [line[i] ?? [0, 0], line[i + 1] ?? [0, 0]] as [[number, number], [number, number]];
    const [ax, ay] = offset_m(from, to);
    const [px, py] = offset_m(from, position(station));
    const length_m = Math.hypot(ax, ay);
    const share = length_m === 0 ? 0 : Math.min(1, Math.max(0, (px * ax + py * ay) / length_m ** 2));
    const distance_m = Math.hypot(px - share * ax, py - share * ay);
    if (distance_m < best.distance_m) best = { station, distance_m, along_m: behind_m + share * length_m, bearing_deg: null };
    behind_m += length_m;
  }
  return best;
}
