// The points of a sheet as its numbers are, and where each datum puts them.
import { inDatum, type Place } from "../../shared/datum";
import type { Datum } from "../../shared/types";
import type { Row } from "./types";

const MEAN_RADIUS_M = 6_371_008.8;

/** The numbers of a row as the sheet has them; null where it has none. */
export function numbersOf({ place, original, row }: Row): { lon: number; lat: number } | null {
  if (row === undefined || place === undefined) return null;
  const [lon, lat] = original === undefined ? place : [original.lon, original.lat];
  return lon === undefined || lat === undefined ? null : { lon, lat };
}

/** The numbers read in a datum, as a place in WGS-84. */
export function readIn(numbers: { lon: number; lat: number }, datum: Datum): Place {
  return inDatum({ ...numbers, datum }, "wgs84");
}

/** How far a datum moves points on average, from where the numbers are in WGS-84; null without points. */
export function meanShift_m(numbers: { lon: number; lat: number }[], datum: Datum): number | null {
  if (numbers.length === 0) return null;
  const sum = numbers.reduce((total, one) => total + distance_m(one, readIn(one, datum)), 0);
  return sum / numbers.length;
}

// On the mean sphere, for distances of a kilometre that are shown in a sentence.
function distance_m(one: { lon: number; lat: number }, other: { lon: number; lat: number }): number {
  const radians = Math.PI / 180;
  const x = (other.lon - one.lon) * radians * Math.cos(((one.lat + other.lat) / 2) * radians);
  const y = (other.lat - one.lat) * radians;
  return Math.hypot(x, y) * MEAN_RADIUS_M;
}
