// What this part asks the register: shapes and addresses.
import type { components } from "../../api";
import type { StationFeature } from "../../shared/types";
import type { Shell } from "../panel";

type Schemas = components["schemas"];
export type History = Schemas["History"];
export type HistoryEntry = History["history"][number];
export type InspectionsPage = Schemas["InspectionsPage"];
export type Inspection = Schemas["Inspection"];
export type InspectionReceipt = Schemas["InspectionReceipt"];
export type Statistics = Schemas["Statistics"];
export type Standard = Schemas["Standard"];
export type Standards = Schemas["Standards"];
export type Collection = Schemas["Collection"];
export type Undone = Schemas["Undone"];

/** A station near the one that somebody adds. */
export interface Candidate { id: string; name: string; distance_m: number; ground: string }
/** An edit that an undo would lose. */
export interface LaterEdit { id: string; revision: number; at: string; who: string; kind: string; why: string | null }

export const ITEMS = "/v1/collections/stations/items";

/** The path of a station, or of something below it. */
export function itemPath(id: string, below = ""): string {
  return `${ITEMS}/${encodeURIComponent(id)}${below}`;
}

/** A station, and the tag that the next change of it brings back. */
export interface Loaded { feature: StationFeature; etag: string }

/** The station as it is at this moment; never one that the browser kept. */
export async function loadStation(shell: Shell, id: string, signal?: AbortSignal): Promise<Loaded> {
  return loadedFrom(await shell.ask.response({ path: itemPath(id), cache: "no-cache", ...(signal === undefined ? {} : { signal }) }));
}

/** The station that an answer holds. */
export async function loadedFrom(response: Response): Promise<Loaded> {
  return { feature: (await response.json()) as StationFeature, etag: response.headers.get("etag") ?? "*" };
}

/** The facilities of a station whose state has a source or a day of its own. */
export function notedFacilities({ properties }: StationFeature): string[] {
  return Object.keys(properties.facility_details ?? {});
}
