// The audit: which stations pass the chosen standard, the districts beside each other, and what to do first.
import { askBlob } from "../shared/ask";
import { byId, make } from "../shared/dom";
import { language } from "../shared/language";
import { auditParameters } from "./answers";
import { keep } from "../shared/save";
import { figure, oneStop } from "./figures";
import { percent } from "./format";
import type { Desk } from "./page";
import { shareBar } from "./summary";
import { sortableTable, type Sorting } from "./table";
import type { AuditAnswer, AuditStation, Standard, Verdict } from "./types";
import { planWords } from "./words";

const VERDICTS: Verdict[] = ["pass", "fail", "unknown"];
const ROWS_AT_ONCE = 50;
const leagueSorting: { now: Sorting | null } = { now: null };
const itemSorting: { now: Sorting | null } = { now: null };
const stationSorting: { now: Sorting | null } = { now: null };
// What is shown first: the stations that do not pass.
const shown = new Set<Verdict>(["fail", "unknown"]);
let rowsShown = ROWS_AT_ONCE;

/** Writes the standards to choose from. */
export function writeStandards(standards: Standard[], desk: Desk): void {
  const select = byId<HTMLSelectElement>("standard");
  select.replaceChildren(...standards.map(({ id, name }) => make("option", { value: id }, name[language()])));
  if (!standards.some(({ id }) => id === desk.page.standard)) desk.page.standard = standards[0]?.id ?? "";
  select.value = desk.page.standard;
  const one = standards.find(({ id }) => id === desk.page.standard);
  byId("standard-source").textContent = one === undefined ? "" : [one.issuer, one.source].filter((text) => text !== null && text !== "").join(" · ");
}

/** Writes the whole view; `showStation` brings one into view on the map. */
export function writeAudit(answer: AuditAnswer, desk: Desk, showStation: (id: string) => void, problem: (error: unknown) => void): void {
  const w = planWords();
  const standard = answer.standard.name[language()];
  const told = w.auditAssumption(standard, answer.today, answer.revision);
  const { summary, verification } = answer;
  byId("assumptions").textContent = told;
  byId("synthetic").hidden = answer.synthetic === 0;
  const share = (part: number) => (summary.stations > 0 ? part / summary.stations : 0);
  const numbers = VERDICTS.map((verdict) => make("div", { class: `number-of ${verdict}` },
    make("dt", {}, make("span", { class: `swatch ${verdict}`, "aria-hidden": "true" }), w.verdicts[verdict]),
    make("dd", {}, figure(String(summary[verdict]), `${w.countWhat(w.verdicts[verdict])}${w.sentenceEnd}${w.betweenSentences}${told}`, "large"), make("span", { class: "hint" }, percent(share(summary[verdict]))))));
  const checked = verification.median_days === null ? null : make("p", { class: "hint" }, w.verification(String(verification.median_days), verification.never));
  const card = make("div", { class: "summary card" }, make("h3", {}, w.auditOf(summary.stations, standard)), make("dl", { class: "numbers" }, ...numbers),
    shareBar(VERDICTS.map((verdict) => ({ kind: verdict, share: share(summary[verdict]) }))), checked);
  oneStop(card);
  byId("audit-results").replaceChildren(card, make("div", { class: "panel" }, make("h3", {}, w.league), league(answer, told), ...first(answer, told, showStation),
    make("h3", {}, w.itemsTable), items(answer, told), make("h3", {}, w.stationsTable), stations(answer, told, showStation), downloads(desk, answer.revision, problem)));
}

function league(answer: AuditAnswer, told: string): HTMLElement {
  const w = planWords();
  type Row = AuditAnswer["districts"][number];
  const counted = (verdict: Verdict, head: string) => ({
    key: verdict, head, isNumber: true, by: (row: Row) => row[verdict],
    cell: (row: Row) => figure(String(row[verdict]), `${row.name ?? w.outside}: ${w.countWhat(w.verdicts[verdict])}${w.sentenceEnd}${w.betweenSentences}${told}`),
  });
  return sortableTable<Row>({
    caption: w.league, rows: answer.districts, sorting: leagueSorting,
    columns: [
      {
        key: "name", head: w.columnDistrict, by: ({ name }) => name,
        cell: (row) => make("div", {}, row.name ?? w.outside, shareBar(VERDICTS.map((verdict) => ({ kind: verdict, share: row.stations > 0 ? row[verdict] / row.stations : 0 })))),
      },
      { key: "share", head: w.columnSharePass, isNumber: true, by: (row) => row.share_pass, cell: (row) => figure(percent(row.share_pass), `${row.name ?? w.outside}: ${w.sharePassWhat}${w.sentenceEnd}${w.betweenSentences}${told}`) },
      { key: "could", head: w.columnCouldPass, isNumber: true, by: (row) => row.share_could_pass, cell: (row) => figure(percent(row.share_could_pass), `${row.name ?? w.outside}: ${w.couldPassWhat}${w.sentenceEnd}${w.betweenSentences}${told}`) },
      counted("pass", w.columnPass), counted("fail", w.columnFail), counted("unknown", w.columnUnknown),
    ],
  });
}

function first({ to_do }: AuditAnswer, told: string, showStation: (id: string) => void): HTMLElement[] {
  const w = planWords();
  const heaviest = Object.entries(to_do.by_heaviest_action).filter(([, value]) => value > 0).map(([action, value]) =>
    make("li", {}, make("span", {}, w.actions[action as keyof typeof w.actions]), figure(String(value), `${w.byHeaviest}${w.sentenceEnd}${w.betweenSentences}${told}`)));
  const best = to_do.best_items.map(({ name, stations, by_check, by_work }) =>
    make("li", {}, make("span", {}, name), figure(w.bestItem(stations, by_check, by_work), `${w.bestItems}${w.sentenceEnd}${w.betweenSentences}${told}`)));
  const list = make("ol", { class: "first-things" }, ...to_do.first.slice(0, 10).map(({ id, name, district, text, heaviest_action }) => {
    const go = make("button", { type: "button", class: "link" }, name);
    go.addEventListener("click", () => showStation(id));
    return make("li", {}, make("div", {}, go, make("span", { class: "hint" }, district ?? "")), make("span", {}, text), make("span", { class: "tag" }, w.actions[heaviest_action]));
  }));
  const lists = [make("ul", { class: "pairs" }, ...heaviest), make("ul", { class: "pairs" }, ...best)] as const;
  lists.forEach((one) => oneStop(one));
  return [make("h3", {}, w.firstThings), list, make("h4", {}, w.byHeaviest), lists[0], make("h4", {}, w.bestItems), lists[1]];
}

function items(answer: AuditAnswer, told: string): HTMLElement {
  const w = planWords();
  type Row = AuditAnswer["items"][number];
  return sortableTable<Row>({
    caption: w.itemsTable, rows: answer.items, sorting: itemSorting,
    columns: [
      { key: "name", head: w.columnItem, by: ({ name }) => name, cell: ({ name, level }) => make("div", {}, name, level === "recommended" ? make("span", { class: "tag" }, w.recommended) : null) },
      ...([["pass", w.columnPass], ["fail", w.columnFail], ["unknown", w.columnUnknown]] as const).map(([verdict, head]) => ({
        key: verdict, head, isNumber: true, by: (row: Row) => row[verdict],
        cell: (row: Row) => figure(String(row[verdict]), `${row.name}: ${w.countWhat(w.verdicts[verdict])}${w.sentenceEnd}${w.betweenSentences}${told}`),
      })),
    ],
  });
}

function stations(answer: AuditAnswer, told: string, showStation: (id: string) => void): HTMLElement {
  const w = planWords();
  const frame = make("div", { class: "stations-audit" });
  const names = new Map(answer.items.map(({ id, name }) => [id, name]));
  const draw = () => {
    const chips = VERDICTS.map((verdict) => {
      const chip = make("button", { type: "button", class: "chip", "aria-pressed": String(shown.has(verdict)), "data-verdict": verdict }, `${w.verdicts[verdict]} ${answer.summary[verdict]}`);
      chip.addEventListener("click", () => {
        if (!shown.delete(verdict)) shown.add(verdict);
        rowsShown = ROWS_AT_ONCE;
        draw();
        frame.querySelector<HTMLElement>(`[data-verdict="${verdict}"]`)?.focus();
      });
      return chip;
    });
    const all = answer.stations.filter(({ result }) => shown.has(result)).sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));
    const rows = all.slice(0, rowsShown);
    const more = make("button", { type: "button", class: "button" }, w.moreRows(Math.min(ROWS_AT_ONCE, all.length - rows.length)));
    more.hidden = rows.length === all.length;
    more.addEventListener("click", () => {
      rowsShown += ROWS_AT_ONCE;
      draw();
    });
    frame.replaceChildren(make("div", { class: "chips small", role: "group", "aria-label": w.showVerdicts }, ...chips),
      make("p", { class: "hint", role: "status" }, w.shownOf(rows.length, all.length)), stationTable(rows, names, told, showStation), more);
  };
  draw();
  return frame;
}

function stationTable(rows: AuditStation[], names: Map<string, string>, told: string, showStation: (id: string) => void): HTMLElement {
  const w = planWords();
  return sortableTable<AuditStation>({
    caption: w.stationsTable, rows, sorting: stationSorting,
    columns: [
      {
        key: "name", head: w.columnStation, by: ({ name }) => name, cell: ({ id, name, district }) => {
          const go = make("button", { type: "button", class: "link" }, name);
          go.addEventListener("click", () => showStation(id));
          return make("div", {}, go, make("span", { class: "hint block" }, district ?? ""));
        },
      },
      { key: "result", head: w.columnResult, by: ({ result }) => VERDICTS.indexOf(result), cell: ({ result }) => make("span", { class: `verdict ${result}` }, make("span", { class: `swatch ${result}`, "aria-hidden": "true" }), w.verdicts[result]) },
      {
        key: "to-do", head: w.columnToDo, by: ({ rank }) => rank,
        cell: ({ causes }) => make("ul", { class: "causes" }, ...Object.entries(causes).map(([item, cause]) => make("li", {}, w.causeOf(names.get(item) ?? item, w.causes[cause as keyof typeof w.causes])))),
      },
      {
        key: "checked", head: w.columnChecked, isNumber: true, by: ({ days_since_verified }) => days_since_verified,
        cell: ({ days_since_verified, verified_at }) => (days_since_verified === null ? w.neverChecked : figure(w.daysAgo(days_since_verified), `${verified_at ?? ""}${w.sentenceEnd}${w.betweenSentences}${told}`)),
      },
    ],
  });
}

function downloads(desk: Desk, revision: number, problem: (error: unknown) => void): HTMLElement {
  const w = planWords();
  const button = (f: string, text: string) => {
    const made = make("button", { type: "button", class: "button", id: `export-audit-${f}` }, text);
    made.addEventListener("click", () => {
      const query = { ...auditParameters(desk.page), limit: "10000", f };
      askBlob({ path: "/v1/audit", query, signal: new AbortController().signal })
        .then((blob) => keep(`yizhan-r${revision}-audit-${desk.page.standard}.${f}`, blob)).catch(problem);
    });
    return made;
  };
  return make("div", { class: "buttons" }, button("csv", w.exportAuditCsv), button("geojson", w.exportAuditGeoJson));
}
