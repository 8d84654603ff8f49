// Numbers as people read them: shares, weights, lengths; a number that is not known is said to be unknown.
import { words } from "../shared/language";
import { isDate, type Question, WEEKDAYS } from "./question";
import type { PlanHead } from "./types";
import { planWords } from "./words";

const KILO = 1000;
const SQUARE_KILO = 1e6;

/** A share as per cent, with more digits where it is small; what is not null is never shown as none when it is some. */
export function percent(share: number | null | undefined): string {
  const words_ = planWords();
  if (share === null || share === undefined) return words_.notKnown;
  const value = share * 100;
  if (value > 0 && value < 0.01) return words_.percent("<0.01");
  if (value < 100 && value > 99.99) return words_.percent(">99.99");
  return words_.percent(value === 0 || value === 100 ? String(value) : value.toFixed(value < 10 ? 2 : 1));
}

/** A difference of shares in points, with its sign. */
export function points(difference: number | null): string {
  if (difference === null) return planWords().notKnown;
  return planWords().points(signed(difference * 100, 2));
}

/** A difference of weights with its sign and unit. */
export function weightDifference(name: string, difference: number): string {
  if (name === "area_m2") return planWords().squareKilometres(signed(difference / SQUARE_KILO, 2));
  return signed(difference, Math.abs(difference) < 100 ? 1 : 0);
}

function signed(value: number, digits: number): string {
  const text = grouped(Math.abs(value), digits);
  if (Number(Math.abs(value).toFixed(digits)) === 0) return `±${text}`;
  return (value > 0 ? "+" : "−") + text;
}

/** A weight with its unit, where it has one. */
export function weightValue(name: string, value: number): string {
  return name === "area_m2" ? area(value) : grouped(value, value < 100 && !Number.isInteger(value) ? 1 : 0);
}

/** What a weight is called; the names of uploaded weights are the uploader's own. */
export function weightName(name: string): string {
  return planWords().weights[name] ?? name;
}

/** Square metres as square kilometres. */
export function area(value_m2: number): string {
  const value = value_m2 / SQUARE_KILO;
  return planWords().squareKilometres(grouped(value, value === 0 || value >= 100 ? 0 : value < 1 ? 3 : 1));
}

/** Metres, as kilometres from one on. */
export function metres(value: number | null | undefined): string {
  if (value === null || value === undefined) return planWords().notKnown;
  if (value < KILO) return planWords().unitMetres(String(Math.round(value)));
  return planWords().unitKilometres((value / KILO).toFixed(value < 10 * KILO ? 2 : 1));
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return grouped(value, 0);
}

function grouped(value: number, digits: number): string {
  const [whole = "", rest] = value.toFixed(digits).split(".");
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? apart : `${apart}.${rest}`;
}

/** `04:00` of 4. */
export function clock(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** The day of an hour such as `mo-04` or `mo-04:00`, in words. */
export function hourOfWeek(hour: string): string {
  const day = WEEKDAYS.find((name) => hour.startsWith(name));
  return `${day === undefined ? "" : planWords().weekdays[day]} ${hour.slice(3, 5)}:00`;
}

/** The moment that a question is about, in words. */
export function momentText(question: Question): string {
  const { dayAny, dayNow, weekdays } = planWords();
  const { day, date, hour } = question;
  if (day === "any" || (day === "date" && !isDate(date))) return dayAny;
  if (day === "now") return dayNow;
  return `${day === "date" ? date : weekdays[day]} ${clock(hour)}`;
}

/**
 * All that a figure assumes, as one sentence: reach, time, filters, demand, changes, revision. Where a figure is of many
 * hours, `withTime` is false.
 */
export function assumption(head: PlanHead, changes: number, withTime = true): string {
  const w = planWords();
  const { reach, at, hour_of_week, facilities, hosts } = head.question;
  const radius = metres(reach.radius_m);
  const when = hour_of_week === null || hour_of_week === undefined ? localTime(at ?? "") : hourOfWeek(hour_of_week);
  const parts = [
    reach.minutes === null || reach.mode === null ? w.inRadius(radius) : w.inReach(String(reach.minutes), w.modes[reach.mode], radius),
    reach.k > 1 ? w.byAtLeast(reach.k) : "",
    !withTime ? "" : at === null ? w.anyTime : w.openAt(when),
    facilities.length > 0 ? w.withFacilities(facilities.map((name) => words().facilities[name]).join(w.listMark)) : "",
    hosts !== null && hosts.length > 0 ? w.ofHosts(hosts.map((name) => w.hosts[name]).join(w.listMark)) : "",
    head.demand.kind === "even_grid" ? w.demandEven(count(head.demand.places)) : w.demandFrom(head.demand.source, count(head.demand.places)),
    !withTime ? "" : w.stationsMatch(head.stations.sure, head.stations.perhaps, head.stations.registered),
    changes > 0 ? w.afterChanges(changes) : "",
    head.stations.synthetic > 0 ? words().syntheticBanner : "",
    w.revisionAt(head.revision, localTime(head.timeStamp)),
  ];
  return w.assumption(parts.filter((part) => part !== ""));
}

/** The minute of a time stamp, by the clock that it was written with. */
export function localTime(timeStamp: string): string {
  return timeStamp.slice(0, 16).replace("T", " ");
}
