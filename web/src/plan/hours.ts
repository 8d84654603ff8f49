// Coverage by the hour: a heat map of the week, the same as a table, the worst hours, and what hangs on one station.
import { byId, make } from "../shared/dom";
import type { HourCell } from "./charts";
import { figure, oneStop } from "./figures";
import { assumption, clock, hourOfWeek, percent, weightDifference, weightValue } from "./format";
import { setMoment } from "./form";
import type { Desk } from "./page";
import { WEEKDAYS } from "./question";
import type { ByHourAnswer, HourRow } from "./types";
import { planWords } from "./words";

const WORST_SHOWN = 6;
const CARRIES_SHOWN = 8;

let place = "";
let chart: { destroy: () => void } | null = null;

/** The cells of the heat map, in the order of the answer; `days` counts from the first day of its span. */
export function cellsOf(rows: HourRow[], weight: number): HourCell[] {
  const first = WEEKDAYS.findIndex((name) => rows[0]?.hour.startsWith(name) === true);
  return rows.map(({ hour, weights }) => ({
    day: (WEEKDAYS.findIndex((name) => hour.startsWith(name)) - first + 7) % 7,
    hour: Number(hour.slice(3, 5)),
    sure: weights[weight]?.sure_share ?? null,
    perhaps: weights[weight]?.perhaps_share ?? null,
  }));
}

/** Writes the panel. */
export function writeHours(answer: ByHourAnswer, desk: Desk): void {
  const w = planWords();
  const told = assumption(answer, desk.page.steps.length, false);
  const names = answer.districts.map(({ name }) => name);
  if (!names.includes(place)) place = "";
  const rows = answer.districts.find(({ name }) => name === place)?.hours ?? answer.hours;
  const weight = Math.min(desk.page.weight, answer.demand.weights.length - 1);
  const cells = cellsOf(rows, weight);
  const days = answer.span.kind === "date" ? [answer.span.days[0]?.date ?? ""] : answer.span.days.map((_, at) => w.weekdays[WEEKDAYS[at] ?? "mo"]);
  const label = w.heatMap(place === "" ? w.everywhere : place);
  const canvas = make("canvas", { role: "img", "aria-label": `${label}. ${extremes(cells, days)}` });
  const select = make("select", { class: "input", id: "hours-place" }, make("option", { value: "" }, w.everywhere), ...names.map((name) => make("option", { value: name }, name)));
  select.value = place;
  select.addEventListener("change", () => {
    place = select.value;
    writeHours(answer, desk);
    byId("hours-place").focus();
  });
  const day = answer.span.days[0];
  byId("panel-hours").replaceChildren(
    make("h3", {}, label),
    make("p", { class: "hint" }, answer.span.kind === "date" && day !== undefined ? w.spanDate(day.date, day.holiday ?? w.dayKinds[day.kind]) : w.spanWeek),
    make("label", { class: "field" }, make("span", {}, w.hoursPlace), select),
    make("div", { class: days.length === 1 ? "chart one-day" : "chart hours" }, canvas),
    scale(cells),
    make("p", { class: "hint" }, w.hoursHint),
    asTable(cells, days, told, desk, answer),
    worst(answer, weight, told, desk),
    carried(answer, weight, told),
  );
  void draw(canvas, days, cells, (cell) => pick(cell, answer, desk));
}

/** Draws the charts again, after the page went light or dark. */
let redraw: () => void = () => undefined;
export function redrawHours(): void {
  redraw();
}

async function draw(canvas: HTMLCanvasElement, days: string[], cells: HourCell[], choose: (cell: HourCell) => void): Promise<void> {
  const { drawHours } = await import("./charts");
  redraw = () => {
    chart?.destroy();
    chart = canvas.isConnected ? drawHours(canvas, days, cells, choose) : null;
  };
  redraw();
}

function pick(cell: HourCell, answer: ByHourAnswer, desk: Desk): void {
  setMoment(desk, answer.span.kind === "date" ? "date" : WEEKDAYS[cell.day] ?? "mo", cell.hour);
}

function extremes(cells: HourCell[], days: string[]): string {
  const order = [...cells].sort((a, b) => (a.sure ?? 0) - (b.sure ?? 0));
  return [order[0], order[order.length - 1]].flatMap((cell) => (cell === undefined ? [] : [hourText(cell, days)])).join("; ");
}

function hourText({ day, hour, sure, perhaps }: HourCell, days: string[]): string {
  return planWords().hourFigure(days[day] ?? "", clock(hour), percent(sure), percent(perhaps));
}

// What the colours mean, from the least to the most.
function scale(cells: HourCell[]): HTMLElement {
  const w = planWords();
  const most = Math.max(...cells.map(({ sure }) => sure ?? 0));
  return make("p", { class: "scale hint" }, `${w.hoursLegendLeast} 0%`, make("span", { class: "ramp", "aria-hidden": "true" }),
    `${w.hoursLegendMost} ${percent(most)}`, make("span", { class: "ramp-dots", "aria-hidden": "true" }), w.hoursLegendPerhaps);
}

function asTable(cells: HourCell[], days: string[], told: string, desk: Desk, answer: ByHourAnswer): HTMLElement {
  const w = planWords();
  const heads = days.map((day) => make("th", { scope: "col", class: "number" }, day));
  const rows = Array.from({ length: 24 }, (_, hour) => make("tr", {}, make("th", { scope: "row" }, clock(hour)), ...days.map((_day, day) => {
    const cell = cells.find((one) => one.day === day && one.hour === hour);
    if (cell === undefined) return make("td", {});
    const button = figure(percent(cell.sure), `${hourText(cell, days)}${w.sentenceEnd}${w.betweenSentences}${told}`);
    button.addEventListener("click", () => pick(cell, answer, desk));
    return make("td", { class: "number" }, button);
  })));
  const frame = make("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": w.heatMapAsTable }, make("table", { class: "table tight" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, w.columnHour), ...heads)), make("tbody", {}, ...rows)));
  oneStop(frame);
  return make("details", { class: "fold" }, make("summary", {}, w.heatMapAsTable), frame);
}

function worst({ hours, worst_hours, span }: ByHourAnswer, weight: number, told: string, desk: Desk): HTMLElement {
  const w = planWords();
  const items = worst_hours.slice(0, WORST_SHOWN).flatMap((at) => {
    const row = hours[at];
    if (row === undefined) return [];
    const go = make("button", { type: "button", class: "link" }, hourOfWeek(row.hour));
    const day = WEEKDAYS.find((name) => row.hour.startsWith(name)) ?? "mo";
    go.addEventListener("click", () => setMoment(desk, span.kind === "date" ? "date" : day, Number(row.hour.slice(3, 5))));
    const shares = row.weights[weight];
    return [make("li", {}, go, figure(percent(shares?.sure_share), `${w.hourFigure(hourOfWeek(row.hour), "", percent(shares?.sure_share), percent(shares?.perhaps_share))}${w.sentenceEnd}${w.betweenSentences}${told}`))];
  });
  return make("div", {}, make("h3", {}, w.worstHours), make("ul", { class: "pairs" }, ...items));
}

function carried({ carries, hours, demand }: ByHourAnswer, weight: number, told: string): HTMLElement {
  const w = planWords();
  const name = demand.weights[weight] ?? "";
  const items = carries.slice(0, CARRIES_SHOWN).map((one) => make("li", {}, make("span", {}, one.name),
    figure(w.carriesItem(weightValue(name, one.lost[weight] ?? 0), hourOfWeek(hours[one.worst_hour]?.hour ?? ""), one.hours),
      `${w.carriesHint} ${weightDifference(name, -(one.lost[weight] ?? 0))}${w.sentenceEnd}${w.betweenSentences}${told}`)));
  if (items.length === 0) return make("div", {});
  return make("div", {}, make("h3", {}, w.carries), make("p", { class: "hint" }, w.carriesHint), make("ul", { class: "pairs" }, ...items));
}
