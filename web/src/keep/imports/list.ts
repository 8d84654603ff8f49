// The imports that wait or were committed, the newest first.
import { make } from "../../shared/dom";
import { data, DATA } from "../data";
import type { Shell } from "../panel";
import { problemBox } from "../problem";
import { table, type TableRow } from "./parts";
import { count, moment } from "./shown";
import type { Counts, ImportEntry, Imports } from "./types";
import { type Asked, notAsked, undoButton } from "./undo";
import { Work } from "./work";
import { importWords } from "./words";

/** The list. */
export class ImportList {
  readonly element = make("section", { class: "import-list", "aria-labelledby": "import-list-heading" });
  private readonly work = new Work((isBusy) => this.element.setAttribute("aria-busy", String(isBusy)));
  private imports: ImportEntry[] | null = null;
  private problem: unknown = null;
  private readonly asked = new Map<string, Asked>();

  /** `told` is called with what there is, once it is known. */
  constructor(private readonly shell: Shell, private readonly told: (imports: ImportEntry[]) => void) {
    this.write();
  }

  async load(): Promise<void> {
    this.problem = null;
    try {
      const { imports } = await this.shell.ask.json<Imports>({ path: "/v1/imports" });
      this.imports = imports;
      this.told(imports);
    } catch (error) {
      this.problem = error;
    }
    this.write();
  }

  /** Writes the list, in the language in use. */
  write(): void {
    const w = importWords();
    this.work.write();
    const { imports } = this;
    const body = this.problem !== null ? problemBox(this.problem, () => void this.load())
      : imports === null ? make("p", { class: "hint" }, w.loading)
      : imports.length === 0 ? make("p", { class: "hint" }, w.listEmpty)
      : table(w.listHeading, [w.listOf.file, w.listOf.source, w.listOf.state, w.listOf.counts, w.listOf.made, w.listOf.act],
        imports.map((entry) => this.row(entry)), "imports");
    this.element.replaceChildren(make("h2", { id: "import-list-heading" }, w.listHeading), make("p", { class: "hint" }, w.listHint), this.work.element, body);
  }

  private askedOf(id: string): Asked {
    const asked = this.asked.get(id) ?? notAsked();
    this.asked.set(id, asked);
    return asked;
  }

  private row(entry: ImportEntry): TableRow {
    const w = importWords();
    const { id, filename, source, state, counts, who, made_at, committed_revision, undone_by } = entry;
    const link = make("button", { type: "button", class: "link", "aria-label": w.openNamed(filename), "data-import": id }, data(filename));
    link.addEventListener("click", () => this.shell.go("imports", { import: id }));
    const act = state === "committed" && committed_revision !== null
      ? undoButton(this.shell, this.work, committed_revision, this.askedOf(id), () => void this.load()) : null;
    return {
      name: link, more: { "data-state": state },
      cells: [data(source),
        make("div", {}, stateTag(state), ...(committed_revision === null ? [] : [make("span", { class: "hint" }, w.revision(committed_revision))]),
          ...(undone_by === null ? [] : [make("span", { class: "hint" }, w.undoneBy(undone_by))])),
        countsText(counts), make("div", {}, make("span", {}, moment(made_at)), make("span", { class: "hint", ...DATA }, who)), act ?? ""],
    };
  }
}

/** The state of an import: a word in a frame, whose shape tells it without colour. */
export function stateTag(state: ImportEntry["state"]): HTMLElement {
  return make("span", { class: `tag state-${state}` }, importWords().states[state]);
}

/** What an import changes, in a few numbers. */
export function countsText(counts: Counts): string {
  const w = importWords();
  const parts: [number, (n: string) => string][] = [
    [counts.new, w.countNew], [counts.changed, w.countChanged], [counts.deleted, w.countDeleted],
    [counts.conflict + counts.undecided + counts.duplicate, w.countOpen], [counts.rejected, w.countRejected],
  ];
  const said = parts.filter(([n]) => n > 0).map(([n, say]) => say(count(n)));
  return said.length === 0 ? w.countNone : said.join(w.between);
}
