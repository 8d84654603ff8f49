// What can be searched for: stations by name, alias and address, districts, and the roads and places that addresses name.
import { districtLabels } from "../find/district-labels";
import type { City } from "../offline/kept";
import type { Place } from "../shared/datum";
import { isLatin, matchCharacters, matchSyllables } from "./match";

/** Something with a name and a place. */
export interface Named {
  kind: "station" | "district" | "road";
  name: string;
  /** The district or address that tells it from others of its name. */
  detail: string;
  place: Place;
  /** The station's id. */
  id?: string;
  /** Everything it is found by. */
  texts: string[];
}

type Syllables = (text: string) => string[];

const KIND_ORDER = { district: 0, road: 1, station: 2 } as const;
// "河东路北段" is on 河东路: what ends like this is a name that people know.
const KNOWN_ENDING = /^.{1,9}?(?:大道|公路|路|街|巷|社区|村|镇|广场|公园|医院|学校|车站|机场|码头|小区)/;

/** Everything in a city that has a name. */
export function namesOf(city: City): Named[] {
  const stations = city.stations.map(({ id, properties, geometry }): Named => {
    const [lon = 0, lat = 0] = geometry.coordinates;
    return {
      kind: "station", id, name: properties.name, detail: properties.address ?? properties.district ?? "",
      place: { lon, lat, datum: "wgs84" }, texts: [properties.name, ...(properties.aliases ?? []), properties.address ?? ""],
    };
  });
  const districts = districtLabels(city.districts).map(({ name, lon, lat }): Named => ({
    kind: "district", name, detail: "", place: { lon, lat, datum: "wgs84" }, texts: [name],
  }));
  return [...districts, ...roads(city, districts.map(({ name }) => name)), ...stations];
}

function roads(city: City, districts: string[]): Named[] {
  const found = new Map<string, { name: string; detail: string; places: [number, number][] }>();
  for (const { properties, geometry } of city.stations) {
    const name = roadOf(properties.address ?? "");
    if (name === null || districts.includes(name)) continue;
    const detail = properties.district ?? "";
    const one = found.get(`${detail} ${name}`) ?? { name, detail, places: [] };
    found.set(`${detail} ${name}`, one);
    one.places.push([geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0]);
  }
  return [...found.values()].map(({ name, detail, places }): Named => {
    const [lon, lat] = places[Math.floor(places.length / 2)] ?? [0, 0];
    return { kind: "road", name, detail, place: { lon, lat, datum: "wgs84" }, texts: [name] };
  });
}

/** The road, village or other place that an address names after its province, city and district. */
export function roadOf(address: string): string | null {
  const local = address.replace(/^.*?(?:自治区|省)/, "").replace(/^[^省市区县]{2,5}市/, "").replace(/^[^区县]{1,6}[区县]/, "").replace(/[（(].*$/, "").trim();
  return KNOWN_ENDING.exec(local)?.[0] ?? null;
}

/** The names that match, best first, at most `limit`. Without `syllables` (not there yet) Latin letters match as they are. */
export function search(names: Named[], query: string, syllables: Syllables | null, limit: number): Named[] {
  if (query.trim() === "") return [];
  const byPinyin = syllables !== null && isLatin(query) ? syllables : null;
  const ranked = names.flatMap((named) => {
    const ranks = named.texts.map((text, position) => {
      const rank = matchCharacters(text, query) ?? (byPinyin === null ? null : matchSyllables(byPinyin(text), query));
      return rank === null ? null : rank + position * 10;
    }).filter((rank): rank is number => rank !== null);
    return ranks.length === 0 ? [] : [{ named, rank: Math.min(...ranks) }];
  });
  ranked.sort((a, b) => a.rank - b.rank || KIND_ORDER[a.named.kind] - KIND_ORDER[b.named.kind] || (a.named.name < b.named.name ? -1 : 1));
  return ranked.slice(0, limit).map(({ named }) => named);
}
