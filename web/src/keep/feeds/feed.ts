// A feed as the service tells it, and its figures as people read them.
import type { Datum } from "../../shared/types";
import { feedWords } from "./words";

export interface Reason { code: string; text_zh: string; text_en: string }

export interface Outcome {
  at: string; state: "unchanged" | "waiting" | "committed" | "failed"; reasons: Reason[];
  changed: { new: number; changed: number; missing: number; all: number; share: number } | null; revision: number | null;
}

export interface Feed {
  name: string; url: string; every_min: number; coord: Datum | null; max_changed_share: number | null; due_at: string;
  /** Whether it is being fetched in this moment. */
  runs: boolean;
  /** Whether a file waits for a person. */
  waits: boolean; last: Outcome | null;
}

export const UNITS = ["minutes", "hours", "days"] as const;
export type Unit = (typeof UNITS)[number];
const MINUTES: Record<Unit, number> = { minutes: 1, hours: 60, days: 1440 };

/** So many of a unit in minutes; what is no whole number of minutes stays what it is, for the service to refuse. */
export function minutesOf(text: string, unit: Unit): number | string {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? text : number * MINUTES[unit];
}

/** How often, in the largest unit that fits. */
export function everyText(every_min: number): string {
  const unit = [...UNITS].reverse().find((each) => every_min % MINUTES[each] === 0) ?? "minutes";
  return feedWords().every[unit](every_min / MINUTES[unit]);
}

/** A share as per cent, which is never shown as none when it is some. */
export function shareText(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return "<0.1%";
  return `${Number(value.toFixed(1))}%`;
}

/** Per cent as a share; what is no number stays what it is, for the service to refuse. */
export function shareOf(text: string): number | string {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? text : Math.round(number * 1e4) / 1e6;
}
