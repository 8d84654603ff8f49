// The gaps, largest first: where they are, and what would close each.
import { byId, make } from "../shared/dom";
import { figure, oneStop } from "./figures";
import { area, assumption, metres, percent, weightValue } from "./format";
import type { Desk } from "./page";
import { ALWAYS_OPEN, withAddition, withEdit } from "./scenario";
import type { Gap, GapAnswer, Remedy } from "./types";
import { planWords } from "./words";

const REMEDIES_AT_FIRST = 2;

/** Writes the panel; `show` brings a gap into view on the map. */
export function writeGaps(answer: GapAnswer, desk: Desk, show: (rank: number) => void): void {
  const w = planWords();
  const told = assumption(answer.coverage, desk.page.steps.length);
  const all = make("input", { type: "checkbox", id: "gaps-sure" });
  all.checked = desk.page.coveredFrom === "sure";
  all.addEventListener("change", () => {
    desk.page.coveredFrom = all.checked ? "sure" : "perhaps";
    desk.asked();
  });
  const items = answer.features.map(({ properties }) => gapItem(properties, told, desk, show));
  const list = make("ol", { class: "gaps" }, ...items);
  oneStop(list);
  byId("panel-gaps").replaceChildren(
    make("h3", {}, items.length === 0 ? w.noGaps : w.gapsOf(items.length, answer.numberMatched)),
    make("label", { class: "switch" }, all, make("span", {}, w.coveredFrom)),
    list,
  );
}

function gapItem(gap: Gap, told: string, desk: Desk, show: (rank: number) => void): HTMLElement {
  const w = planWords();
  const weight = gap.weights[desk.page.weight] ?? gap.weights[0];
  const name = gap.districts.length === 0 ? w.noDistrict : gap.districts.join(w.listMark);
  const size = weight === undefined || weight.name === "area_m2" ? w.gapOnlyArea(area(gap.area_m2)) : w.gapSize(weightValue(weight.name, weight.value), area(gap.area_m2));
  const fly = make("button", { type: "button", class: "button small", "aria-label": `${w.flyTo}: ${gap.rank} ${name}` }, w.flyTo);
  fly.addEventListener("click", () => show(gap.rank));
  const facts = make("p", { class: "facts" }, figure(size, `${name}${w.sentenceEnd}${w.betweenSentences}${told}`));
  if (gap.farthest !== null) {
    const { distance_m, nearest_station } = gap.farthest;
    const text = w.gapFarthest(metres(distance_m), nearest_station.name);
    facts.append(figure(text, `${name}: ${text}${w.sentenceEnd}${w.betweenSentences}${told}`));
  }
  const remedies = gap.remedies.map((remedy) => remedyItem(remedy, told, desk));
  const more = remedies.slice(REMEDIES_AT_FIRST);
  const item = make("li", { class: "gap", "data-rank": String(gap.rank) },
    make("div", { class: "gap-head" }, make("span", { class: "rank", "aria-hidden": "true" }, String(gap.rank)), make("h4", {}, name), fly),
    facts, make("ul", { class: "remedies" }, ...remedies.slice(0, REMEDIES_AT_FIRST)));
  if (more.length > 0) item.append(make("details", { class: "fold" }, make("summary", {}, w.remediesMore(more.length)), make("ul", { class: "remedies" }, ...more)));
  return item;
}

function remedyItem(remedy: Remedy, told: string, desk: Desk): HTMLElement {
  const w = planWords();
  const gain = remedy.gain[desk.page.weight] ?? remedy.gain[0];
  const text = gain === undefined ? "" : w.remedyGain(weightValue(gain.name, gain.value), percent(remedy.gain_share));
  const item = make("li", {}, make("div", {}, make("p", {}, remedy.text), figure(text, `${remedy.text}: ${text}${w.sentenceEnd}${w.betweenSentences}${told}`)));
  if (remedy.action === "check") return item;
  const button = make("button", { type: "button", class: "button small", "aria-label": `${w.tryIt}: ${remedy.text}` }, w.tryIt);
  button.addEventListener("click", () => {
    tryRemedy(remedy, desk);
    desk.open("what-if");
    desk.asked();
  });
  item.append(button);
  return item;
}

// A remedy becomes a step of the scenario.
function tryRemedy({ action, station, place, facilities }: Remedy, { page }: Desk): void {
  const [lon, lat] = place ?? [];
  if (action === "new_station" && lon !== undefined && lat !== undefined) {
    page.steps = withAddition(page.steps, { lon, lat }, planWords().newStation);
  }
  if (station === null) return;
  const change = { longer_hours: { hours: ALWAYS_OPEN }, facilities: { facilities }, back_in_service: { inService: true } };
  if (action === "longer_hours" || action === "facilities" || action === "back_in_service") {
    page.steps = withEdit(page.steps, station.id, station.name, change[action]);
  }
}
