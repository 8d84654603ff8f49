// How far people are from the nearest station: bars, and the same as a table.
import { byId, make } from "../shared/dom";
import { type Places, histogram } from "./distances";
import { figure, oneStop } from "./figures";
import { assumption, metres, percent, weightName } from "./format";
import type { Page } from "./page";
import { coverSample } from "./patterns";
import { planWords } from "./words";

let chart: { destroy: () => void } | null = null;
let redraw: () => void = () => undefined;

/** Draws the chart again, after the page went light or dark. */
export function redrawDistances(): void {
  redraw();
}

/** Writes the panel from the places of the newest answer. */
export function writeDistances(places: Places, page: Page): void {
  const { coverage } = page;
  if (coverage === null) return;
  const w = planWords();
  const name = coverage.demand.weights[page.weight] ?? coverage.demand.weights[0] ?? "";
  const told = assumption(coverage, page.steps.length);
  const reach_m = coverage.question.reach.radius_m;
  const found = histogram(places, name, reach_m);
  const share = (value: number) => (found.total > 0 ? value / found.total : null);
  const canvas = make("canvas", { role: "img", "aria-label": w.distanceChart(weightName(name)) });
  const rows: [string, { sure: number; perhaps: number }][] = found.bins.map((bin) => [
    bin.to_m === Infinity ? w.moreThan(metres(bin.from_m)) : w.fromTo(metres(bin.from_m), metres(bin.to_m)), bin]);
  if (found.none.sure > 0) rows.push([w.noStation, found.none]);
  const cell = (value: number, what: string) => make("td", { class: "number" }, figure(percent(share(value)), `${what}${w.sentenceEnd}${w.betweenSentences}${told}`));
  const frame = make("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": w.distanceHeading }, make("table", { class: "table tight" },
    make("thead", {}, make("tr", {}, ...[w.columnDistance, w.columnSure, w.distancePerhaps].map((head, at) => make("th", { scope: "col", class: at === 0 ? "" : "number" }, head)))),
    make("tbody", {}, ...rows.map(([text, value]) => make("tr", {}, make("th", { scope: "row" }, text),
      cell(value.sure, `${text}: ${w.distanceChart(weightName(name))}`), cell(value.perhaps, `${text}: ${w.distancePerhaps}`))))));
  oneStop(frame);
  byId("panel-distances").replaceChildren(
    make("h3", {}, w.distanceChart(weightName(name))),
    make("div", { class: "chart bars" }, canvas),
    make("ul", { class: "legend" }, make("li", {}, coverSample("sure"), w.distanceWithin), make("li", {}, coverSample("not"), w.distanceBeyond), make("li", {}, coverSample("perhaps"), w.distancePerhaps)),
    make("p", { class: "hint" }, w.distanceHint),
    make("details", { class: "fold" }, make("summary", {}, w.heatMapAsTable), frame),
  );
  void import("./charts").then(({ drawDistances }) => {
    redraw = () => {
      chart?.destroy();
      chart = canvas.isConnected ? drawDistances(canvas, found, reach_m) : null;
    };
    redraw();
  });
}
