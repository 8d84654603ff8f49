// Coverage by district and by facility: tables that sort; a district's name leads to the map.
import { byId, make } from "../shared/dom";
import { words } from "../shared/language";
import { figure } from "./figures";
import { assumption, metres, percent, weightName, weightValue } from "./format";
import { type Desk, shownCoverage } from "./page";
import { shareBar } from "./summary";
import { type Column, sortableTable, type Sorting } from "./table";
import type { CoverageAnswer, Cover, WeightShares } from "./types";
import { planWords } from "./words";

const districtSorting: { now: Sorting | null } = { now: null };
const facilitySorting: { now: Sorting | null } = { now: null };

interface Row { name: string; adcode: string | null; weight: WeightShares; p90_m: number | null; isDistrict: boolean }

/** Writes both tables; `showDistrict` shows one on the map. */
export function writeDistricts(desk: Desk, showDistrict: (name: string) => void): void {
  const answer = shownCoverage(desk.page);
  if (answer === null) return;
  const w = planWords();
  const told = assumption(answer, desk.page.moment === "after" ? desk.page.steps.length : 0);
  const rows = rowsOf(answer, desk.page.weight);
  const table = sortableTable<Row>({
    caption: w.districtTable, rows, sorting: districtSorting,
    columns: [
      { key: "name", head: w.columnDistrict, by: ({ name }) => name, cell: (row) => nameCell(row, showDistrict) },
      ...shareColumns<Row>(told, ({ weight }) => weight),
      {
        key: "p90", head: w.columnP90, isNumber: true, by: ({ p90_m }) => p90_m,
        cell: ({ p90_m }) => figure(metres(p90_m), `${w.whatDistance(w.p90)}${w.sentenceEnd}${w.betweenSentences}${told}`),
      },
      {
        key: "total", head: w.columnTotal, isNumber: true, by: ({ weight }) => weight.total,
        cell: ({ weight }) => figure(weightValue(weight.name, weight.total), `${w.columnTotal}, ${weightName(weight.name)}${w.sentenceEnd}${w.betweenSentences}${told}`),
      },
    ],
    eachRow: ({ name }, element) => { element.dataset["district"] = name; },
  });
  byId("panel-districts").replaceChildren(make("h3", {}, w.districtTable), table, facilityTable(answer, desk.page.weight, told));
}

function nameCell({ name, weight, isDistrict }: Row, showDistrict: (name: string) => void): Node {
  const bar = shareBar([{ kind: "sure", share: weight.sure_share ?? 0 }, { kind: "perhaps", share: weight.perhaps_share ?? 0 }, { kind: "not", share: weight.not_share ?? 0 }]);
  if (!isDistrict) return make("div", {}, name, bar);
  const button = make("button", { type: "button", class: "link", "aria-label": planWords().showOnMap(name) }, name);
  button.addEventListener("click", () => showDistrict(name));
  return make("div", {}, button, bar);
}

// Sure, perhaps and not, each with what it assumes.
function shareColumns<R>(told: string, of: (row: R) => WeightShares): Column<R>[] {
  const w = planWords();
  const columns: [Cover, string][] = [["sure", w.columnSure], ["perhaps", w.columnPerhaps], ["not", w.columnNot]];
  return columns.map(([cover, head]) => {
    const share = (row: R) => ({ sure: of(row).sure_share, perhaps: of(row).perhaps_share, not: of(row).not_share })[cover];
    return {
      key: cover, head, isNumber: true, by: share,
      cell: (row) => figure(percent(share(row)),
        `${w.whatShare(w.covers[cover], weightName(of(row).name))}: ${w.ofTotal(weightValue(of(row).name, of(row)[cover]), weightValue(of(row).name, of(row).total))}${w.sentenceEnd}${w.betweenSentences}${told}`),
    };
  });
}

function rowsOf(answer: CoverageAnswer, at: number): Row[] {
  const rows = answer.districts.flatMap(({ name, adcode, weights, distances }) => {
    const weight = weights[at] ?? weights[0];
    if (weight === undefined) return [];
    const p90_m = distances.by_weight.find((one) => one.name === weight.name)?.p90_m ?? null;
    return [{ name: name ?? planWords().outside, adcode, weight, p90_m, isDistrict: name !== null }];
  });
  const outside = (answer.outside as CoverageAnswer["overall"] | null)?.weights;
  const weight = outside?.[at] ?? outside?.[0];
  return weight === undefined ? rows : [...rows, { name: planWords().outside, adcode: null, weight, p90_m: null, isDistrict: false }];
}

function facilityTable(answer: CoverageAnswer, at: number, told: string): HTMLElement {
  const w = planWords();
  type FacilityRow = { name: string; weight: WeightShares };
  const rows = answer.facilities.flatMap(({ facility, weights }): FacilityRow[] => {
    const weight = weights[at] ?? weights[0];
    return weight === undefined ? [] : [{ name: words().facilities[facility], weight }];
  });
  return make("details", { class: "fold" }, make("summary", {}, w.facilityTable), make("p", { class: "hint" }, w.facilityHint), sortableTable<FacilityRow>({
    caption: w.facilityTable, rows, sorting: facilitySorting,
    columns: [
      { key: "name", head: w.columnFacility, by: ({ name }) => name, cell: ({ name }) => name },
      ...shareColumns<FacilityRow>(told, ({ weight }) => weight),
    ],
  }));
}

/** Marks the row of a district, for instance after a click on the map. */
export function markDistrict(name: string | null): void {
  for (const row of byId("panel-districts").querySelectorAll<HTMLElement>("tr[data-district]")) {
    row.setAttribute("aria-selected", String(row.dataset["district"] === name));
  }
}
