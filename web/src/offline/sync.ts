// Brings what the device keeps up to date: by the log of changes where the service has one, else by the entity tag.
import { getJson } from "../shared/api";
import { language } from "../shared/language";
import type { ChangesPage, ItemsAnswer, SearchAnswer, Settings, StationFeature, Timetable } from "../shared/types";
import { apply } from "./changes";
import { type City, keepCity, keptCity } from "./kept";

// A register of a whole country is not kept: it would fill the device.
const MOST_STATIONS = 10_000;
const PAGE = 5_000;
const ITEMS = `/v1/collections/stations/items?limit=${MOST_STATIONS}`;
const DAYS = 8;

/** The settings of the service, asked for once. */
export const settings = once(() => getJson<Settings>("/v1/settings", {}));

/** Fetches what has changed, and keeps it. Rejects when the service cannot be reached; what was kept then stays. */
export async function syncCity(): Promise<City> {
  const [known, now] = await Promise.all([keptCity(), settings()]);
  const [stations, districts, timetable] = await Promise.all([
    changedStations(known, now),
    known?.districts ?? getJson<GeoJSON.FeatureCollection>("/v1/districts", {}).catch(() => null),
    getJson<Timetable>("/v1/timetable", { days: String(DAYS), limit: String(MOST_STATIONS), lang: language() }),
  ]);
  const city: City = { ...stations, districts, timetable, kept_at: Date.now(), travel: known?.travel ?? {} };
  await keepCity(city);
  return city;
}

/** Remembers how the service reckons travel times, for lists that are made without it. */
export async function learnTravel({ travel }: SearchAnswer): Promise<void> {
  const city = await keptCity();
  if (city !== null && city.travel[travel.mode] === undefined) {
    await keepCity({ ...city, travel: { ...city.travel, [travel.mode]: travel } });
  }
}

type Stations = Pick<City, "stations" | "revision" | "cursor" | "etag">;

async function changedStations(known: City | null, now: Settings): Promise<Stations> {
  if (known !== null && now.changes_cursor !== null && known.cursor !== null) return followed(known, known.cursor);
  return whole(known, now);
}

/** Applies every change after the cursor. */
async function followed(known: City, since: string): Promise<Stations> {
  const stations = new Map(known.stations.map((station) => [station.id, station]));
  let { revision } = known;
  for (let cursor = since; ;) {
    const page = await getJson<ChangesPage>("/v1/changes", { since: cursor, limit: String(PAGE) });
    revision = apply(stations, page, revision);
    cursor = page.next;
    if (page.is_complete) return { stations: [...stations.values()], revision, cursor, etag: null };
  }
}

async function whole(known: City | null, now: Settings): Promise<Stations> {
  const asked: Record<string, string> = { Accept: "application/geo+json" };
  if (known !== null && known.etag !== null) asked["If-None-Match"] = known.etag;
  const response = await fetch(ITEMS, { headers: asked, cache: "no-cache" });
  const { changes_cursor: cursor } = now;
  if (response.status === 304 && known !== null) return { ...known, cursor };
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const answer = (await response.json()) as ItemsAnswer;
  return {
    stations: answer.features as unknown as StationFeature[], revision: answer.revision ?? now.revision, cursor, etag: response.headers.get("etag"),
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = null;
      throw error;
    });
    return answer;
  };
}
