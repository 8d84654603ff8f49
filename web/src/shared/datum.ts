// Between WGS-84 and the datums of Chinese maps, so that a place can be drawn where it is on any base map. Questions go
// to the service in the datum they were given in; these numbers are for drawing, and for lists without a network.
import type { Datum } from "./types";

/** A place in degrees, in the datum it was given in. */
export interface Place { lon: number; lat: number; datum: Datum }

// The published polynomial of GCJ-02, on Krasovsky's ellipsoid.
const AXIS_M = 6_378_245;
const ECCENTRICITY_2 = 0.006_693_421_622_965_943;
const BD_TURN = (Math.PI * 3000) / 180;
// Outside this box GCJ-02 is WGS-84.
const BOX = { west: 72.004, east: 137.8347, south: 0.8293, north: 55.8271 };

/** The place in another datum; to about a centimetre. */
export function inDatum(place: Place, datum: Datum): Place {
  if (place.datum === datum) return place;
  const [lon, lat] = fromWgs84(toWgs84([place.lon, place.lat], place.datum), datum);
  return { lon, lat, datum };
}

type Position = [number, number];

function fromWgs84(position: Position, datum: Datum): Position {
  if (datum === "wgs84") return position;
  const moved = toGcj02(position);
  return datum === "gcj02" ? moved : gcj02ToBd09(moved);
}

function toWgs84(position: Position, datum: Datum): Position {
  if (datum === "wgs84") return position;
  const gcj02 = datum === "bd09" ? bd09ToGcj02(position) : position;
  return inverse(gcj02, toGcj02);
}

// The shift hardly changes over its own length, so a few rounds lead back exactly.
function inverse([lon, lat]: Position, forward: (position: Position) => Position): Position {
  let guess: Position = [lon, lat];
  for (let round = 0; round < 6; round += 1) {
    const [there, up] = forward(guess);
    guess = [guess[0] + lon - there, guess[1] + lat - up];
  }
  return guess;
}

function toGcj02([lon, lat]: Position): Position {
  if (lon < BOX.west || lon > BOX.east || lat < BOX.south || lat > BOX.north) return [lon, lat];
  const [x, y] = [lon - 105, lat - 35];
  const waves = (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2 / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves
    + (20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2 / 3
    + (160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2 / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves
    + (20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2 / 3
    + (150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2 / 3;
  const phi = (lat / 180) * Math.PI;
  const magic = 1 - ECCENTRICITY_2 * Math.sin(phi) ** 2;
  const meridian = (AXIS_M * (1 - ECCENTRICITY_2)) / (magic * Math.sqrt(magic));
  const parallel = (AXIS_M / Math.sqrt(magic)) * Math.cos(phi);
  return [lon + (east * 180) / (parallel * Math.PI), lat + (north * 180) / (meridian * Math.PI)];
}

function gcj02ToBd09([lon, lat]: Position): Position {
  const radius = Math.hypot(lon, lat) + 0.00002 * Math.sin(lat * BD_TURN);
  const angle = Math.atan2(lat, lon) + 0.000003 * Math.cos(lon * BD_TURN);
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
}

function bd09ToGcj02(position: Position): Position {
  return inverse(position, gcj02ToBd09);
}
