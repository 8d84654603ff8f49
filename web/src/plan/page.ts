// What the page knows: the question, the scenario, the files, and the newest answers.
import { type Question } from "./question";
import { changesOf, type Step } from "./scenario";
import type { CoverageAnswer, PlanBody } from "./types";
import type { Upload } from "./uploads";

export const TABS = ["districts", "hours", "distances", "gaps", "what-if", "files"] as const;
export type Tab = (typeof TABS)[number];

export interface Page {
  view: "coverage" | "audit";
  tab: Tab;
  question: Question;
  steps: Step[];
  demand: Upload | null;
  districts: Upload | null;
  shape: "area" | "cells";
  moment: "before" | "after";
  /** Which weight of the demand is shown, by its position. */
  weight: number;
  /** Whether what is covered perhaps is a gap. */
  coveredFrom: "perhaps" | "sure";
  standard: string;
  /** The newest answer, after the changes. */
  coverage: CoverageAnswer | null;
  /** The same before the changes; null when there are none. */
  before: CoverageAnswer | null;
  /** How long the newest answer took, milliseconds from the question to the figures on the page. */
  took_ms: number | null;
}

/** What a change of the page asks to be done again. */
export interface Desk {
  page: Page;
  /** The question, the steps or the files changed: everything is asked again. */
  asked: () => void;
  /** Only how it is shown changed. */
  shown: () => void;
  /** Goes to a place on the map; `zoomTo` are west, south, east, north in degrees. */
  fly: (to: { lon: number; lat: number } | { zoomTo: [number, number, number, number] }) => void;
  /** Shows the part of the results. */
  open: (tab: Tab) => void;
  /** Stations of the register, as the map has them. */
  stations: () => Station[];
  /** Where the map looks at; null without a map. */
  middle: () => { lon: number; lat: number } | null;
}

export interface Station { id: string; name: string; lon: number; lat: number; status: string; hours: string | null }

/** What goes into the body of a question; empty when the register, the demand and the districts of the service are asked about. */
export function bodyOf(page: Page, withChanges = true): PlanBody {
  const body: PlanBody = {};
  if (page.demand !== null) body.demand = page.demand.data as unknown as NonNullable<PlanBody["demand"]>;
  if (page.districts !== null) body.districts = page.districts.data as unknown as NonNullable<PlanBody["districts"]>;
  if (withChanges && page.steps.length > 0) body.changes = changesOf(page.steps, page.question);
  return body;
}

/** Areas are known for one station only; for more, places are drawn. */
export function shapeOf(page: Page): "area" | "cells" {
  return page.question.k > 1 ? "cells" : page.shape;
}

/** The answer that is shown: before or after the changes. */
export function shownCoverage(page: Page): CoverageAnswer | null {
  return page.moment === "before" ? page.before ?? page.coverage : page.coverage;
}
