// Files of the planner's own, read here and sent with each question: demand (GeoJSON or a table) and districts (GeoJSON).
import { parseCsv } from "./csv";

export interface Upload { name: string; data: GeoJSON.FeatureCollection }
export type UploadKind = "demand" | "districts";

/** The largest body that the service takes, bytes; the files are a little smaller than the body they go into. */
export const MOST_BYTES = 16 * 1024 * 1024;
const ROOM_BYTES = 64 * 1024;

export type UploadProblem = "too_large" | "not_json" | "not_collection" | "empty" | "not_areas" | "no_place_columns" | "bad_place";

/** Why a file cannot be used; `row` is the line of the table or the number of the feature, from 1. */
export class UploadError extends Error {
  constructor(readonly problem: UploadProblem, readonly row = 0) {
    super(problem);
  }
}

const LON = /^(lon|lng|long|longitude|x|经度)$/i;
const LAT = /^(lat|latitude|y|纬度)$/i;

/** Reads a file of the planner's own; throws `UploadError`. What is inside is checked by the service. */
export function readUpload(kind: UploadKind, name: string, bytes: ArrayBuffer): Upload {
  const text = decode(bytes);
  const isTable = kind === "demand" && !/^\s*[{[]/.test(text.replace(/^\ufeff/, ""));
  const data = isTable ? fromTable(text) : fromJson(text);
  if (data.features.length === 0) throw new UploadError("empty");
  if (kind === "districts") {
    const other = data.features.findIndex(({ geometry }) => geometry?.type !== "Polygon" && geometry?.type !== "MultiPolygon");
    if (other >= 0) throw new UploadError("not_areas", other + 1);
  }
  if (new TextEncoder().encode(JSON.stringify(data)).length > MOST_BYTES - ROOM_BYTES) throw new UploadError("too_large");
  return { name, data };
}

// UTF-8, or what Chinese spreadsheets write when it is not.
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function fromJson(text: string): GeoJSON.FeatureCollection {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new UploadError("not_json");
  }
  const collection = value as { type?: unknown; features?: unknown } | null;
  if (collection?.type !== "FeatureCollection" || !Array.isArray(collection.features)) throw new UploadError("not_collection");
  return { type: "FeatureCollection", features: collection.features as GeoJSON.Feature[] };
}

// One point a row; each column that has numbers in every row is a weight.
function fromTable(text: string): GeoJSON.FeatureCollection {
  const [head = [], ...rows] = parseCsv(text);
  const names = head.map((name) => name.trim());
  const lon = names.findIndex((name) => LON.test(name));
  const lat = names.findIndex((name) => LAT.test(name));
  if (lon < 0 || lat < 0) throw new UploadError("no_place_columns");
  const weights = names.map((name, at) => ({ name, at })).filter(({ name, at }) =>
    at !== lon && at !== lat && name !== "" && rows.every((row) => numberIn(row[at]) !== null));
  const features = rows.map((row, at): GeoJSON.Feature => {
    const [x, y] = [numberIn(row[lon]), numberIn(row[lat])];
    if (x === null || y === null || Math.abs(x) > 180 || Math.abs(y) > 90) throw new UploadError("bad_place", at + 2);
    const properties = Object.fromEntries(weights.map((weight) => [weight.name, numberIn(row[weight.at])]));
    return { type: "Feature", geometry: { type: "Point", coordinates: [x, y] }, properties };
  });
  return { type: "FeatureCollection", features };
}

function numberIn(text: string | undefined): number | null {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
