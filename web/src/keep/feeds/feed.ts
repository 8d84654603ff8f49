// The figures of a feed as people read them and type them.
import { feedWords } from "./words";

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
