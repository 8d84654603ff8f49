// Times as people read them, by the clock of this device.
import { language } from "../shared/language";

/** Day and minute of a time stamp; the year only where it is another one. */
export function moment(stamp: string, now = new Date()): string {
  return written(stamp, now, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** The day of a time stamp, always with its year. */
export function day(stamp: string): string {
  return written(stamp, null, {});
}

function written(stamp: string, now: Date | null, clock: Intl.DateTimeFormatOptions): string {
  const time = new Date(stamp);
  const isZh = language() === "zh";
  const year = now !== null && time.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return new Intl.DateTimeFormat(isZh ? "zh-CN" : "en-GB", { ...year, month: isZh ? "long" : "short", day: "numeric", ...clock }).format(time);
}
