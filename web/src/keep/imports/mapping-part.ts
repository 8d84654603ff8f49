// The part of an import that shows how its columns were read, and lets a person correct that.
import { make } from "../../shared/dom";
import { data, DATA } from "../data";
import { button, labelled, option, table } from "./parts";
import { type Corrections, IGNORE, isCorrected, namedEncoding, noCorrections, patchOf, TARGET_GROUPS, type TargetGroup, valueOf } from "./mapping";
import { problemLine } from "./row";
import { targetName } from "./shown";
import type { Column, Import } from "./types";
import { importWords } from "./words";

const ENCODINGS = ["UTF-8", "GB18030", "Big5", "UTF-16LE", "UTF-16BE"];
const TEXTS = ["csv"];
const TABLES = ["csv", "xlsx", "xls", "ods"];

/** The part; `correct` sends a merge patch of the mapping, `changed` hears that corrections were made or dropped. */
export class MappingPart {
  readonly element = make("section", { class: "import-part import-mapping", "aria-labelledby": "import-mapping-heading" });
  private corrections: Corrections = noCorrections();
  private isOpen: boolean | null = null;
  private isLocked = false;

  constructor(private readonly correct: (patch: Record<string, unknown>) => void, private readonly changed: () => void) {}

  get isUnsaved(): boolean {
    return isCorrected(this.corrections);
  }

  /** What was corrected is sent, or is not wanted any more. */
  forget(): void {
    this.corrections = noCorrections();
  }

  /** Writes the part. */
  write(now: Import): void {
    const w = importWords();
    this.isLocked = now.committed_revision !== null;
    const read = now.columns.filter(({ targets }) => targets.length > 0).length;
    const row = now.file.header_row === null ? "" : w.headerAt(now.file.header_row);
    const sum = now.columns.length === 0 ? w.mappingNone : w.mappingSum(read, now.columns.length, row);
    const open = this.isOpen ?? (!this.isLocked && now.notes.length > 0);
    const fold = make("details", { class: "fold", ...(open ? { open: "" } : {}) },
      make("summary", {}, make("h3", { id: "import-mapping-heading" }, w.mappingHeading), make("span", { class: "hint" }, sum)));
    fold.addEventListener("toggle", () => { this.isOpen = fold.open; });
    fold.append(this.facts(now), ...(now.columns.length === 0 ? [] : [this.columns(now)]), this.bar(now), notes(now));
    this.element.replaceChildren(fold);
  }

  private facts(now: Import): HTMLElement {
    const w = importWords();
    const { format, encoding, sheet, other_sheets, header_row, titles } = now.file;
    const told = (name: string, text: string, more: Record<string, string> = {}) => make("div", { class: "field fact" }, make("span", {}, name), make("p", more, text));
    const fields: HTMLElement[] = [told(w.fileFacts.format, format === "geojson" ? "GeoJSON" : format.toUpperCase())];
    if (encoding !== null && TEXTS.includes(format)) fields.push(labelled(w.fileFacts.encoding, this.encoding(now, encoding)));
    else if (encoding !== null) fields.push(told(w.fileFacts.encoding, encoding));
    if (sheet !== null) fields.push(other_sheets.length === 0 ? told(w.fileFacts.sheet, sheet, DATA) : labelled(w.fileFacts.sheet, this.sheet(now, sheet)));
    if (TABLES.includes(format)) fields.push(labelled(w.fileFacts.header, this.header(now, header_row)));
    const above = titles.filter((title) => title !== "");
    if (above.length > 0) fields.push(told(w.fileFacts.titles, above.join(" / "), DATA));
    return make("div", { class: "fields facts" }, ...fields);
  }

  private encoding(now: Import, found: string): HTMLElement {
    const w = importWords();
    const named = namedEncoding(now);
    const select = make("select", { class: "input", name: "encoding" },
      option("", named === null ? w.encodingFound(found) : w.encodingAuto), ...[...new Set([...ENCODINGS, ...(named === null ? [] : [named])])].map((name) => option(name, name)));
    select.value = (this.corrections.encoding === undefined ? named : this.corrections.encoding) ?? "";
    return this.bound(select, () => {
      const value = select.value === "" ? null : select.value;
      if (value === named) delete this.corrections.encoding;
      else this.corrections.encoding = value;
    }, now);
  }

  private sheet(now: Import, read: string): HTMLElement {
    const select = make("select", { class: "input", name: "sheet", ...DATA }, ...[read, ...now.file.other_sheets].map((name) => option(name, name)));
    select.value = this.corrections.sheet ?? read;
    return this.bound(select, () => {
      if (select.value === read) delete this.corrections.sheet;
      else this.corrections.sheet = select.value;
    }, now);
  }

  private header(now: Import, found: number | null): HTMLElement {
    const input = make("input", { class: "input", type: "number", min: "1", step: "1", name: "header-row", placeholder: importWords().headerHint });
    const { headerRow } = this.corrections;
    input.value = String((headerRow === undefined ? found : headerRow) ?? "");
    return this.bound(input, () => {
      const value = Number(input.value);
      if (input.value === String(found)) delete this.corrections.headerRow;
      else this.corrections.headerRow = input.value !== "" && Number.isInteger(value) && value >= 1 ? value : null;
    }, now);
  }

  private columns(now: Import): HTMLElement {
    const w = importWords();
    const heads = [w.columnsOf.letter, w.columnsOf.header, w.columnsOf.samples, w.columnsOf.read, w.columnsOf.how];
    return table(w.mappingHeading, heads, now.columns.map((column) => ({
      name: column.header === "" ? w.noHeader : data(column.header), at: 1, more: { "data-column": column.letter },
      cells: [column.letter, make("div", { class: "samples" }, ...column.samples.map((sample) => make("span", { class: "sample-cell", ...DATA }, sample))),
        this.target(column, now), make("span", { class: "hint" }, w.how[column.recognised])],
    })), "columns");
  }

  private target(column: Column, now: Import): HTMLElement {
    const w = importWords();
    const read = valueOf(column.targets);
    const select = make("select", { class: "input", "aria-label": w.readAs(column.letter, column.header) }, option(IGNORE, w.targets[IGNORE] ?? IGNORE));
    for (const [group, targets] of Object.entries(TARGET_GROUPS) as [TargetGroup, readonly string[]][]) {
      select.append(make("optgroup", { label: w.groups[group] }, ...targets.map((target) => option(target, targetName(target)))));
    }
    if (column.targets.length > 1) select.append(option(read, column.targets.map(targetName).join(w.between)));
    select.value = this.corrections.columns.get(column.letter) ?? read;
    return this.bound(select, () => {
      if (select.value === read) this.corrections.columns.delete(column.letter);
      else this.corrections.columns.set(column.letter, select.value);
    }, now);
  }

  private bound<T extends HTMLInputElement | HTMLSelectElement>(field: T, take: () => void, now: Import): T {
    field.disabled = this.isLocked;
    field.addEventListener("change", () => {
      take();
      this.element.querySelector(".correction-bar")?.replaceWith(this.bar(now));
      this.changed();
    });
    return field;
  }

  // What is corrected, and a button to send it.
  private bar(now: Import): HTMLElement {
    const w = importWords();
    const { columns, ...rest } = this.corrections;
    const bar = make("div", { class: "correction-bar" });
    if (!this.isUnsaved) return bar;
    bar.append(make("p", { role: "status" }, w.corrected(columns.size + Object.keys(rest).length)), make("div", { class: "buttons" },
      button(w.applyMapping, () => this.correct(patchOf(this.corrections, now.columns)), { class: "button main" }),
      button(w.discard, () => {
        this.forget();
        this.write(now);
        this.changed();
      })));
    return bar;
  }
}

function notes(now: Import): HTMLElement {
  const place = make("div", { class: "import-notes" });
  if (now.notes.length > 0) place.append(make("h4", {}, importWords().notesHeading), make("ul", { class: "problems" }, ...now.notes.map(problemLine)));
  return place;
}
