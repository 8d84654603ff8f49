// Reads "longitude,latitude" as people type or paste it, and notices swapped axes.
import type { Place } from "./datum";

export type CoordinateText =
  | { kind: "place"; lon: number; lat: number; swapped: boolean }
  | { kind: "unreadable" }
  | { kind: "out_of_range" };

// In China the two never overlap, so a pair that only fits the other way round was swapped.
const CHINA_LON_DEG = [73, 136] as const;
const CHINA_LAT_DEG = [3, 54] as const;

/** Reads two numbers in degrees, separated by a comma (also ，、；;) or by spaces; letters N, S, E, W may follow. */
export function readCoordinates(text: string): CoordinateText {
  const parts = toHalfWidth(text).trim().split(/\s*[,;、]\s*|\s+/).filter((part) => part !== "");
  const [first, second] = parts.map(readNumber);
  if (parts.length !== 2 || first === undefined || second === undefined) return { kind: "unreadable" };
  if (first === null || second === null) return { kind: "unreadable" };
  if (first.axis !== null && first.axis === second.axis) return { kind: "unreadable" };
  const named = first.axis === "lat" || second.axis === "lon";
  const looksSwapped = first.axis === null && within(first.value, CHINA_LAT_DEG) && within(second.value, CHINA_LON_DEG);
  const swapped = named || looksSwapped;
  const [lon, lat] = swapped ? [second.value, first.value] : [first.value, second.value];
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return { kind: "out_of_range" };
  return { kind: "place", lon, lat, swapped };
}

/** Reads a line such as "109.49,18.24;109.53,18.26", in WGS-84; null when it is none. */
export function readLine(text: string): Place[] | null {
  const corners = text.trim().split(/[;；|\n]+/).filter((part) => part.trim() !== "").map(readCoordinates);
  const line = corners.flatMap((corner) => (corner.kind === "place" ? [{ lon: corner.lon, lat: corner.lat, datum: "wgs84" as const }] : []));
  return line.length >= 2 && line.length === corners.length ? line : null;
}

interface AxisNumber { value: number; axis: "lon" | "lat" | null }

function readNumber(part: string): AxisNumber | null {
  const match = /^([+-]?\d{1,3}(?:\.\d+)?)°?([NSEW])?$/i.exec(part);
  if (match === null) return null;
  const letter = (match[2] ?? "").toUpperCase();
  const sign = letter === "S" || letter === "W" ? -1 : 1;
  const axis = letter === "" ? null : letter === "N" || letter === "S" ? "lat" : "lon";
  return { value: Number(match[1]) * sign, axis };
}

// Chinese keyboards give ，１．２ for ,1.2
function toHalfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/。/g, ".");
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}
