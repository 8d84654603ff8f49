// What the map's patterns and signs mean; the same list goes under a picture of the map.
import { byId, make } from "../shared/dom";
import { stationSample } from "./map-icons";
import type { Page } from "./page";
import { coverSample } from "./patterns";
import { planWords } from "./words";

/** The signs that are on the map now, with their meaning. */
export function legendOf(page: Page): { sample: HTMLCanvasElement; text: string }[] {
  const w = planWords();
  if (page.view === "audit") {
    return (["pass", "fail", "unknown"] as const).map((verdict) => ({
      sample: stationSample(verdict), text: { pass: w.legendPass, fail: w.legendFail, unknown: w.legendUnknownVerdict }[verdict],
    }));
  }
  return [
    ...(["sure", "perhaps", "not"] as const).map((cover) => ({ sample: coverSample(cover), text: w.covers[cover] })),
    ...(["sure", "perhaps", "not"] as const).map((state) => ({ sample: stationSample(state), text: w.legendStations[state] })),
  ];
}

/** Writes the legend under the map. */
export function writeLegend(page: Page): void {
  const w = planWords();
  const items = legendOf(page).map(({ sample, text }) => make("li", {}, sample, text));
  if (page.view === "coverage" && page.steps.length > 0) items.push(make("li", {}, make("span", { class: "step-mark sample-mark", "aria-hidden": "true" }, make("span", { class: "step-sign" }, "+")), w.legendAdded));
  if (page.view === "coverage" && page.tab === "gaps") items.push(make("li", {}, make("span", { class: "gap-mark", "aria-hidden": "true" }, "1"), w.legendGap));
  byId("legend").replaceChildren(...items);
}
