// What if: stations added, moved, switched off or changed, as a list of steps that can be saved and opened again.
import { FACILITIES } from "../shared/facilities";
import { fromSearch, type Question, toSearch } from "./question";
import type { Change, Facility } from "./types";
import type { Upload } from "./uploads";

export interface Place { lon: number; lat: number }

/** A station that is not there yet. */
export interface Addition extends Place {
  kind: "add";
  id: string;
  name: string;
  /** In opening_hours syntax; empty means not stated, and so unknown. */
  hours: string;
  /** Whether it has what the question asks for (facilities, host); else nothing is known of them. */
  fits: boolean;
}

/** A station of the register that is not as it is. What is left out stays. */
export interface Edit {
  kind: "edit";
  id: string;
  name: string;
  off?: boolean;
  place?: Place;
  hours?: string;
  /** Put into service, whatever its status is now. */
  inService?: boolean;
  facilities?: Facility[];
}

export type Step = Addition | Edit;

export const ALWAYS_OPEN = "24/7";
const MOST_STEPS = 1000;
const FORMAT = "yizhan-scenario";
const VERSION = 1;
const DEGREE = 1e6;

/** The steps with one more station. */
export function withAddition(steps: Step[], place: Place, nameOf: (number: number) => string): Step[] {
  const used = steps.map(({ id }) => Number(/^new-(\d+)$/.exec(id)?.[1] ?? 0));
  const number = Math.max(0, ...used) + 1;
  const added: Addition = {
    kind: "add", id: `new-${number}`, name: nameOf(number), ...rounded(place), hours: ALWAYS_OPEN, fits: true,
  };
  return [...steps, added];
}

/** The steps with a station elsewhere. */
export function withMove(steps: Step[], id: string, name: string, place: Place): Step[] {
  const moved = steps.map((step) => (step.kind === "add" && step.id === id ? { ...step, ...rounded(place) } : step));
  return steps.some((step) => step.kind === "add" && step.id === id) ? moved : withEdit(steps, id, name, { place: rounded(place) });
}

/** The steps with more changed of a station of the register; a change back to `undefined` is taken out. */
export function withEdit(steps: Step[], id: string, name: string, change: { [K in keyof Edit]?: Edit[K] | undefined }): Step[] {
  const old = steps.find((step): step is Edit => step.kind === "edit" && step.id === id);
  const merged = { ...(old ?? { kind: "edit", id, name }), ...change };
  const edit = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined && value !== false)) as unknown as Edit;
  const says = Object.keys(edit).some((key) => !["kind", "id", "name"].includes(key));
  if (old === undefined) return says ? [...steps, edit] : steps;
  return says ? steps.map((step) => (step === old ? edit : step)) : steps.filter((step) => step !== old);
}

/** The steps without those of one station. */
export function without(steps: Step[], id: string): Step[] {
  return steps.filter((step) => step.id !== id);
}

/** The changes as the service takes them. */
export function changesOf(steps: Step[], question: Question): Change[] {
  return steps.map((step) => (step.kind === "add" ? additionOf(step, question) : editOf(step)));
}

function additionOf({ id, name, lon, lat, hours, fits }: Addition, { facilities, hosts }: Question): Change {
  const properties: Record<string, unknown> = { name };
  if (hours !== "") properties["hours"] = hours;
  if (fits && hosts[0] !== undefined) properties["host"] = hosts[0];
  if (fits && facilities.length > 0) properties["facilities"] = Object.fromEntries(facilities.map((facility) => [facility, "yes"]));
  // The generated type of `properties` allows none, where the contract allows those of a station.
  return { change: "add", station: { type: "Feature", id, geometry: { type: "Point", coordinates: [lon, lat] }, properties: properties as Record<string, never> } };
}

function editOf({ id, off, place, hours, inService, facilities }: Edit): Change {
  if (off === true) return { change: "remove", id };
  return {
    change: "edit", id,
    ...(place === undefined ? {} : place),
    ...(hours === undefined ? {} : { hours }),
    ...(inService === true ? { status: "open" } : {}),
    ...(facilities === undefined ? {} : { facilities: Object.fromEntries(facilities.map((name) => [name, "yes" as const])) }),
  };
}

/** What a scenario file holds: the question, the steps, and the files that were asked about. */
export interface Saved { question: Question; steps: Step[]; demand: Upload | null; districts: Upload | null }

/** Why a file is no scenario: `unreadable`, of another kind, of a later version, or step `number` is wrong. */
export class ScenarioError extends Error {
  constructor(readonly kind: "unreadable" | "other_file" | "newer" | "bad_step", readonly number = 0) {
    super(kind);
  }
}

/** The text of a scenario file. */
export function writeScenario({ question, steps, demand, districts }: Saved, revision: number | null, saved_at: string): string {
  const search = toSearch(question).toString();
  return `${JSON.stringify({ format: FORMAT, version: VERSION, saved_at, revision, question: search, steps, demand, districts }, null, 1)}\n`;
}

/** Reads a scenario file; throws `ScenarioError`. */
export function readScenario(text: string): Saved {
  let file: Record<string, unknown>;
  try {
    file = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ScenarioError("unreadable");
  }
  if (file === null || typeof file !== "object" || file["format"] !== FORMAT) throw new ScenarioError("other_file");
  if (typeof file["version"] !== "number" || file["version"] > VERSION) throw new ScenarioError("newer");
  const steps: unknown = file["steps"];
  if (!Array.isArray(steps) || steps.length > MOST_STEPS) throw new ScenarioError("bad_step");
  const read = steps.map((step: unknown, at) => {
    const good = readStep(step);
    if (good === null) throw new ScenarioError("bad_step", at + 1);
    return good;
  });
  if (new Set(read.map(({ id }) => id)).size !== read.length) throw new ScenarioError("bad_step");
  const question = typeof file["question"] === "string" ? file["question"] : "";
  return { question: fromSearch(new URLSearchParams(question)), steps: read, demand: readUpload(file["demand"]), districts: readUpload(file["districts"]) };
}

function readStep(step: unknown): Step | null {
  if (step === null || typeof step !== "object") return null;
  const { kind, id, name, hours, fits, off, inService, place, facilities, ...rest } = step as Record<string, unknown>;
  if (typeof id !== "string" || id === "" || typeof name !== "string") return null;
  if (kind === "add") {
    const at = readPlace(rest);
    return at === null || typeof hours !== "string" ? null : { kind, id, name, ...at, hours, fits: fits === true };
  }
  if (kind !== "edit" || (place !== undefined && readPlace(place) === null)) return null;
  if (hours !== undefined && typeof hours !== "string") return null;
  if (facilities !== undefined && !Array.isArray(facilities)) return null;
  const known = FACILITIES.filter((facility) => (facilities as unknown[] | undefined)?.includes(facility));
  const [edit] = withEdit([], id, name, {
    off: off === true, inService: inService === true, place: readPlace(place) ?? undefined, hours,
    facilities: known.length > 0 ? known : undefined,
  });
  return edit ?? null;
}

function readPlace(value: unknown): Place | null {
  const { lon, lat } = (value ?? {}) as Record<string, unknown>;
  if (typeof lon !== "number" || typeof lat !== "number") return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}

function readUpload(value: unknown): Upload | null {
  if (value === null || value === undefined) return null;
  const { name, data } = value as Record<string, unknown>;
  const collection = data as { type?: unknown; features?: unknown } | null;
  if (typeof name !== "string" || collection?.type !== "FeatureCollection" || !Array.isArray(collection.features)) {
    throw new ScenarioError("unreadable");
  }
  return { name, data: collection as unknown as GeoJSON.FeatureCollection };
}

// Six decimals, as everywhere in the register: ten centimetres.
function rounded({ lon, lat }: Place): Place {
  return { lon: Math.round(lon * DEGREE) / DEGREE, lat: Math.round(lat * DEGREE) / DEGREE };
}
