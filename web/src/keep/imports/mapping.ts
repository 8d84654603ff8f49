// How the columns of a sheet are read, and the merge patch that corrects it.
import { FACILITIES } from "../../shared/facilities";
import type { Column, Import } from "./types";

/** What a column may hold, in groups for a person who looks for one. */
export const TARGET_GROUPS = {
  identity: ["name", "id", "aliases", "source"],
  place: ["lon", "lat", "coordinates", "coord", "address", "district", "adcode"],
  service: ["hours", "opens_at", "closes_at", "hours_text", "status", "host", "audience", "operator", "phone", "seats", "floor_area_m2", "opened_on", "verified_at", "map_listings", "photos", "synthetic"],
  facilities: ["facilities", "facility_details", ...FACILITIES.map((facility) => `facility:${facility}`)],
} as const;
export type TargetGroup = keyof typeof TARGET_GROUPS;

/** The word for a column that is left out. */
export const IGNORE = "ignore";

/** The targets of a column as the value of a choice; several are joined. */
export function valueOf(targets: string[]): string {
  return targets.length === 0 ? IGNORE : targets.join("+");
}

/** Corrections that are not sent yet. */
export interface Corrections { columns: Map<string, string>; sheet?: string; headerRow?: number | null; encoding?: string | null }

export function noCorrections(): Corrections {
  return { columns: new Map() };
}

export function isCorrected({ columns, ...rest }: Corrections): boolean {
  return columns.size > 0 || Object.values(rest).some((value) => value !== undefined);
}

/** The JSON merge patch of the mapping. Another sheet, header row or encoding begins again with the names of the columns. */
export function patchOf({ columns, sheet, headerRow, encoding }: Corrections, known: Column[]): Record<string, unknown> {
  const isOther = sheet !== undefined || headerRow !== undefined || encoding !== undefined;
  const patch: Record<string, unknown> = isOther ? { columns: null } : {};
  if (sheet !== undefined) Object.assign(patch, { sheet, header_row: null });
  if (headerRow !== undefined) patch["header_row"] = headerRow;
  if (encoding !== undefined) patch["encoding"] = encoding;
  if (isOther || columns.size === 0) return patch;
  return { ...patch, columns: Object.fromEntries([...columns].map(([letter, value]) => [nameOf(letter, known), value.split("+")])) };
}

// By its header, as the next sheet may have it in another place; by its letter where the header does not tell it.
function nameOf(letter: string, known: Column[]): string {
  const header = known.find((column) => column.letter === letter)?.header ?? "";
  const isAlone = known.filter((column) => plain(column.header) === plain(header)).length === 1;
  return plain(header) !== "" && isAlone ? header : letter;
}

function plain(header: string): string {
  return header.normalize("NFKC").toLowerCase().replace(/[\s_-]/g, "");
}

/** The encoding that the mapping of an import names, or null when it is found. */
export function namedEncoding({ mapping }: Pick<Import, "mapping">): string | null {
  const value = (mapping as Record<string, unknown>)["encoding"];
  return typeof value === "string" ? value : null;
}
