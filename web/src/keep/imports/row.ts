// One row of an import: what happens to it, field by field, what is wrong with it, and what can be chosen.
import { make } from "../../shared/dom";
import { language } from "../../shared/language";
import { around, DATA, message } from "../data";
import { canChoose, type Choices, type FieldChoice, optionsOf, type RowChoice } from "./choices";
import { option, segment } from "./parts";
import { count, fieldName, metres, valueAttributes, valueText } from "./shown";
import type { Decision, Row, RowMatch, RowProblem } from "./types";
import { importWords } from "./words";

/** What a row needs of the part that shows it. */
export interface RowHost {
  choices: Choices;
  /** What is decided already. */
  decided: Decision[];
  isLocked: boolean;
  /** Something was chosen. */
  chosen: () => void;
}

/** The row as a card of a list. */
export function rowCard(row: Row, host: RowHost): HTMLElement {
  const w = importWords();
  const { outcomes, name, id } = row;
  const number = row.row === undefined ? w.noRow : w.rowNumber(count(row.row));
  return make("li", { class: "import-row", ...(row.row === undefined ? { "data-station": id ?? "" } : { "data-row": String(row.row) }) },
    make("div", { class: "row-head" },
      make("span", { class: "row-number" }, number),
      name === undefined || name === "" ? make("h4", {}, w.unnamed) : make("h4", DATA, name),
      make("span", { class: "row-tags" }, ...outcomes.map((outcome) => make("span", { class: `tag outcome-${outcome}` }, w.outcomes[outcome]))),
      ...(id === undefined ? [] : [make("span", { class: "hint row-id" }, id)])),
    ...problems(row), ...candidates(row), ...duplicates(row), ...match(row), ...conflicts(row, host), ...changes(row), ...kept(row), ...chooser(row, host));
}

function problems({ problems: all = [] }: Row): HTMLElement[] {
  return all.length === 0 ? [] : [make("ul", { class: "problems" }, ...all.map(problemLine))];
}

/** What is wrong, where, and how to put it right. */
export function problemLine(problem: RowProblem): HTMLElement {
  const w = importWords();
  const isChinese = language() === "zh";
  const { severity, field, column, value } = problem;
  const where = [field, column === null ? null : w.inColumn(column)].filter((part) => part !== null && part !== "").join(w.between);
  const fix = isChinese ? problem.fix_zh : problem.fix;
  return make("li", { class: severity },
    make("span", { class: `sign-mark ${severity}`, "aria-hidden": "true" }, severity === "error" ? "✕" : "!"),
    make("span", {}, ...(where === "" || value === null ? [] : around(w.problemAt(where, value), field)), ...message(isChinese ? problem.message_zh : problem.message),
      fix === null ? null : make("span", { class: "fix" }, ...message(w.fix(fix)))));
}

function matchText({ by, confidence, distance_m, name_likeness, same_phone }: RowMatch): string {
  const w = importWords();
  const facts = [w.apart(metres(distance_m)), w.likeness(String(Math.round(name_likeness * 100))), ...(same_phone ? [w.samePhone] : [])];
  return [w.matched(w.matchedBy[by], w.confidences[confidence]), ...facts].join(w.between);
}

function match({ match: matched }: Row): HTMLElement[] {
  return matched === undefined ? [] : [make("p", { class: "hint" }, matchText(matched))];
}

function candidates({ candidates: all = [] }: Row): HTMLElement[] {
  const w = importWords();
  if (all.length === 0) return [];
  return [make("p", {}, w.candidatesOf), make("ul", { class: "row-list" }, ...all.map(({ id, name, match: of, taken_by }) => make("li", {},
    make("strong", DATA, name), ` ${id} · `,
    [w.apart(metres(of.distance_m)), w.likeness(String(Math.round(of.name_likeness * 100))), ...(of.same_phone ? [w.samePhone] : []),
      ...(taken_by === null ? [] : [w.takenBy(String(taken_by))])].join(w.between))))];
}

function duplicates({ duplicates: all = [] }: Row): HTMLElement[] {
  const w = importWords();
  return all.map(({ row, ground, distance_m, name_likeness }) => make("p", { class: "twin" },
    [w.duplicateOf(count(row), w.grounds[ground]), w.apart(metres(distance_m)), w.likeness(String(Math.round(name_likeness * 100)))].join(w.between)));
}

function changes({ changes: all = [], outcomes }: Row): HTMLElement[] {
  const w = importWords();
  if (all.length === 0) return [];
  const isNew = outcomes.includes("new");
  const head = isNew ? [w.changeOf.field, w.theirs] : [w.changeOf.field, w.changeOf.old, w.changeOf.new];
  const value = (field: string, text: string | null | undefined, kind: string) => make("td", { class: kind, ...valueAttributes(field, text) }, valueText(field, text));
  const lines = all.map(({ field, old, new: after }) => make("tr", { "data-field": field },
    make("th", { scope: "row" }, fieldName(field)),
    ...(isNew ? [] : [value(field, old, "was")]),
    value(field, after, isNew ? "" : "becomes")));
  const made = make("table", { class: "table changes" },
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))), make("tbody", {}, ...lines));
  return isNew ? [make("details", { class: "fold small" }, make("summary", {}, w.newSays(all.length)), made)] : [made];
}

function kept({ kept: all = [] }: Row): HTMLElement[] {
  return all.map(({ field, ours, theirs }) =>
    make("p", { class: "hint" }, importWords().keptOf(fieldName(field), valueText(field, ours), valueText(field, theirs))));
}

function conflicts(row: Row, host: RowHost): HTMLElement[] {
  const w = importWords();
  const number = row.row;
  return (row.conflicts ?? []).map(({ field, base, ours, theirs, decided }) => {
    const now: FieldChoice = decided === "ours" || decided === "theirs" ? decided : "undecided";
    const name = fieldName(field);
    const side = (label: string, value: string | null, more = "") => make("div", { class: `side ${more}`.trim() }, make("dt", {}, label), make("dd", valueAttributes(field, value), valueText(field, value)));
    const box = make("div", { class: "conflict", role: "group", "aria-label": w.conflictOf(name), "data-field": field },
      make("p", { class: "conflict-name" }, w.conflictOf(name)),
      make("dl", { class: "sides" }, side(w.base, base), side(w.ours, ours, "ours"), side(w.theirs, theirs, "theirs")));
    if (host.isLocked) box.append(make("p", { class: "hint" }, { ours: w.ourSide, theirs: w.theirSide, undecided: w.openSide }[now]));
    else if (number !== undefined) {
      box.append(segment<FieldChoice>(`conflict-${number}-${field}`, w.conflictOf(name),
        [["ours", w.ourSide], ["undecided", w.openSide], ["theirs", w.theirSide]], host.choices.field(number, field, now),
        (value) => {
          host.choices.setField(number, field, value, now);
          host.chosen();
        }));
    }
    return box;
  });
}

function chooser(row: Row, host: RowHost): HTMLElement[] {
  if (host.isLocked) return [];
  if (row.outcomes.includes("missing")) return [missingChooser(row, host)];
  return canChoose(row) ? [rowChooser(row, host)] : [];
}

function missingChooser({ id = "", outcomes }: Row, host: RowHost): HTMLElement {
  const now = outcomes.includes("deleted");
  const input = make("input", { type: "checkbox" });
  input.checked = host.choices.isDeleted(id, now);
  input.addEventListener("change", () => {
    host.choices.setDeleted(id, input.checked, now);
    host.chosen();
  });
  return make("label", { class: "switch" }, input, make("span", {}, importWords().deleteMissing));
}

const OTHER = "other";

function rowChooser(row: Row, host: RowHost): HTMLElement {
  const w = importWords();
  const number = row.row ?? 0;
  const now = host.choices.row(number, host.decided);
  const options = optionsOf(row, now);
  const select = make("select", { class: "input", "aria-label": w.chooseFor(count(number)) },
    option("found", foundText(row)), ...options.map((choice) => option(keyOf(choice), choiceText(choice, row))), option(OTHER, w.choices.other));
  select.value = keyOf(now);
  const station = make("input", { class: "input", "aria-label": w.stationId, placeholder: w.stationId, autocomplete: "off" });
  station.hidden = true;
  const set = (choice: RowChoice) => {
    host.choices.setRow(number, choice, host.decided);
    host.chosen();
  };
  select.addEventListener("change", () => {
    station.hidden = select.value !== OTHER;
    if (select.value === OTHER) station.focus();
    else set(choiceOf(select.value));
  });
  station.addEventListener("change", () => {
    const id = station.value.trim();
    set(id === "" ? { kind: "found" } : { kind: "match", station: id });
  });
  return make("div", { class: "chooser" }, make("span", { class: "hint", "aria-hidden": "true" }, w.choose), select, station);
}

function foundText({ outcomes }: Row): string {
  const { choices } = importWords();
  if (outcomes.includes("undecided")) return choices.foundOpen;
  if (outcomes.includes("duplicate")) return choices.foundTwice;
  return outcomes.includes("unchanged") ? choices.foundSame : choices.found;
}

function keyOf(choice: RowChoice): string {
  return choice.kind === "match" ? `match:${choice.station}` : choice.kind;
}

function choiceOf(key: string): RowChoice {
  if (key.startsWith("match:")) return { kind: "match", station: key.slice("match:".length) };
  return key === "take" || key === "skip" || key === "new" ? { kind: key } : { kind: "found" };
}

function choiceText(choice: RowChoice, { candidates: all = [] }: Row): string {
  const w = importWords();
  if (choice.kind !== "match") return w.choices[choice.kind];
  return w.isStation(all.find(({ id }) => id === choice.station)?.name ?? "", choice.station);
}
