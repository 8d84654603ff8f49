// How far people are from the nearest station: the places of a CSV answer, put into bins of distance.
import { parseCsv } from "./csv";

export interface Places {
  /** Metres to the nearest station that surely matches; NaN where there is none. */
  distance_m: Float64Array;
  /** The same of stations that match at least perhaps. */
  perhaps_m: Float64Array;
  /** Each weight by its name. */
  weights: Map<string, Float64Array>;
}

export interface Bin {
  from_m: number;
  /** Infinity in the last bin. */
  to_m: number;
  sure: number;
  perhaps: number;
  within: boolean;
}

export interface Histogram {
  bins: Bin[];
  total: number;
  /** The weight of places that no station is found for at all. */
  none: { sure: number; perhaps: number };
}

const BEFORE_WEIGHTS = new Set([
  "lon", "lat", "id", "district", "adcode", "cover", "nearest_station", "distance_m", "nearest_perhaps_station", "distance_perhaps_m",
]);
// The upper bounds of the bins, in reaches: even ones within reach, and wider and wider ones beyond, so that those who
// live far out are told apart as well.
const BOUNDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, Infinity];

/** Reads the table of places (`f=csv&table=cells`). */
export function readPlaces(csv: string): Places {
  const [head = [], ...rows] = parseCsv(csv);
  const column = (name: string) => {
    const at = head.indexOf(name);
    return Float64Array.from(rows, (row) => numberOf(row[at]));
  };
  const weights = new Map(head.filter((name) => !BEFORE_WEIGHTS.has(name)).map((name) => [name, column(name)]));
  return { distance_m: column("distance_m"), perhaps_m: column("distance_perhaps_m"), weights };
}

/** The weight in each bin; the reach is a bound between two bins, and belongs to the nearer one. */
export function histogram(places: Places, weight: string, reach_m: number): Histogram {
  const values = places.weights.get(weight) ?? places.distance_m.map(() => 1);
  const bins: Bin[] = BOUNDS.map((bound, at) => ({
    from_m: (BOUNDS[at - 1] ?? 0) * reach_m, to_m: bound * reach_m, sure: 0, perhaps: 0, within: bound <= 1,
  }));
  const none = { sure: 0, perhaps: 0 };
  let total = 0;
  values.forEach((value, at) => {
    total += value;
    put(places.distance_m[at], "sure", value);
    put(places.perhaps_m[at], "perhaps", value);
  });
  return { bins, total, none };

  function put(distance = Number.NaN, kind: "sure" | "perhaps", value: number): void {
    if (Number.isNaN(distance)) none[kind] += value;
    else {
      // A bound is inclusive: at exactly the reach a place is covered.
      const bin = bins.find(({ to_m }) => distance <= to_m);
      if (bin !== undefined) bin[kind] += value;
    }
  }
}

function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === "" ? Number.NaN : Number(text);
}
