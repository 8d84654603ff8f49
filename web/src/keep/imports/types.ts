// Short names for the shapes of imports, which are generated from openapi.yaml.
import type { components } from "../../api";

type Schemas = components["schemas"];

export type Import = Schemas["Import"];
export type ImportEntry = Schemas["ImportEntry"];
export type Counts = Schemas["ImportCounts"];
export type Row = Schemas["ImportRow"];
export type Rows = Schemas["ImportRows"];
export type Outcome = Schemas["RowOutcome"];
export type RowProblem = Schemas["RowProblem"];
export type RowMatch = Schemas["RowMatch"];
export type Decision = Schemas["Decision"];
export type Column = Import["columns"][number];
export type Committed = Schemas["CommittedImport"];
export type Undone = Schemas["Undone"];
export interface Imports { imports: ImportEntry[]; revision: number }

/** One edit that an undo would lose. */
export interface LaterEdit { id: string; revision: number; at: string; who: string; kind: string; why: string | null }
