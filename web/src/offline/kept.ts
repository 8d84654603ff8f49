// What the device keeps of the city, in the browser's cache: stations, their hours, districts, and when they were kept.
import { EMBEDDED } from "../shared/memory";
import type { SearchAnswer, StationFeature, Timetable } from "../shared/types";

const CACHE = "yizhan-city";
const NAME = "/kept/city.json";

/** The city as it was kept. */
export interface City {
  /** When it was last known to be the same as the service's, milliseconds since 1970. */
  kept_at: number;
  revision: number;
  /** The place in the log of changes; null where the service has none. */
  cursor: string | null;
  /** The entity tag of the stations, where there is no log. */
  etag: string | null;
  stations: StationFeature[];
  timetable: Timetable | null;
  districts: GeoJSON.FeatureCollection | null;
  /** How the service reckons travel times, by mode. */
  travel: Record<string, SearchAnswer["travel"]>;
}

let current: City | null = null;
const waiting: ((city: City) => void)[] = [];

/** What is known of the city in this visit or an earlier one; null when nothing was ever kept. */
export async function keptCity(): Promise<City | null> {
  if (current === null) {
    const kept = await read().catch(() => null);
    // While it was read, a newer one may have come.
    if (current === null && kept !== null) know(kept);
  }
  return current;
}

/** Keeps the city; a device that has no room or forbids it keeps it for this visit. */
export async function keepCity(city: City): Promise<void> {
  know(city);
  if (EMBEDDED || typeof caches === "undefined") return;
  try {
    const cache = await caches.open(CACHE);
    await cache.put(NAME, new Response(JSON.stringify(city), { headers: { "content-type": "application/json" } }));
  } catch (error) {
    console.info("the city was not kept:", error);
  }
}

function know(city: City): void {
  current = city;
  for (const tell of waiting) tell(city);
}

/** Calls `tell` whenever the city is known anew. */
export function whenKept(tell: (city: City) => void): void {
  waiting.push(tell);
  if (current !== null) tell(current);
}

async function read(): Promise<City | null> {
  if (EMBEDDED || typeof caches === "undefined") return null;
  const response = await (await caches.open(CACHE)).match(NAME);
  return response === undefined ? null : ((await response.json()) as City);
}
