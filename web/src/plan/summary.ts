// The answer at a glance: how much is covered surely, perhaps and not, as numbers and as a bar.
import { byId, make } from "../shared/dom";
import { figure, oneStop } from "./figures";
import { assumption, localTime, metres, percent, weightName, weightValue } from "./format";
import { type Page, shownCoverage } from "./page";
import type { Cover } from "./types";
import { planWords } from "./words";

const COVERS: Cover[] = ["sure", "perhaps", "not"];

/** A bar whose parts are shares; the figures beside it say the same. */
export function shareBar(parts: { kind: string; share: number }[]): HTMLElement {
  const bar = make("div", { class: "bar", "aria-hidden": "true" });
  for (const { kind, share } of parts) {
    if (share <= 0) continue;
    const part = make("span", { class: `part ${kind}` });
    part.style.flexGrow = String(share);
    bar.append(part);
  }
  return bar;
}

/** Writes the summary and the line of assumptions; nothing where there is no answer yet. */
export function writeSummaryCard(page: Page): void {
  const w = planWords();
  const card = byId("summary");
  const answer = shownCoverage(page);
  card.hidden = answer === null;
  if (answer === null) return;
  const told = assumption(answer, page.moment === "after" ? page.steps.length : 0);
  const weight = answer.overall.weights[page.weight] ?? answer.overall.weights[0];
  if (weight === undefined) return;
  const name = weightName(weight.name);
  const shares = { sure: weight.sure_share, perhaps: weight.perhaps_share, not: weight.not_share };
  const numbers = COVERS.map((cover) => make("div", { class: `number-of ${cover}` },
    make("dt", {}, make("span", { class: `swatch ${cover}`, "aria-hidden": "true" }), w.covers[cover]),
    make("dd", {}, figure(percent(shares[cover]), `${w.whatShare(w.covers[cover], name)}${w.sentenceEnd}${w.betweenSentences}${told}`, "large"),
      make("span", { class: "hint" }, weightValue(weight.name, weight[cover])))));
  const nearest = answer.overall.distances.by_weight.find((one) => one.name === weight.name);
  const kinds = nearest?.median_m === undefined ? [] : ([["median_m", w.median], ["p90_m", w.p90], ["max_m", w.farthest]] as const);
  const distances = kinds.map(([key, kind]) => make("li", {}, `${kind} `,
    figure(metres(nearest?.[key]), `${w.whatDistance(kind)}${w.sentenceEnd}${w.betweenSentences}${told}`)));
  const list = make("dl", { class: "numbers" }, ...numbers);
  card.replaceChildren(list, shareBar(COVERS.map((kind) => ({ kind, share: shares[kind] ?? 0 }))), ...(distances.length === 0 ? [] : [make("p", { class: "hint" }, w.distanceHeading), make("ul", { class: "distances-line" }, ...distances)]), notes(answer.notes, told));
  oneStop(card);
  byId("assumptions").textContent = told;
  byId("revision").textContent = w.revisionAt(answer.revision, localTime(answer.timeStamp));
  byId("synthetic").hidden = answer.stations.synthetic === 0;
}

function notes(all: { text: string }[], told: string): HTMLElement {
  const w = planWords();
  return make("details", { class: "fold notes" }, make("summary", {}, w.shown),
    make("ul", {}, make("li", {}, told), ...all.map(({ text }) => make("li", {}, text))));
}
