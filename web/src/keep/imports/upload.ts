// The form for a new import: a file that is dropped or chosen, whose it is, and the datum of its coordinates.
import { make, say } from "../../shared/dom";
import { around } from "../data";
import type { Shell } from "../panel";
import { problemBox } from "../problem";
import { button, labelled, option } from "./parts";
import { count, datumName } from "./shown";
import type { Import } from "./types";
import { isCancelled, tell, Work } from "./work";
import { importWords } from "./words";

export const MOST_BYTES = 64 * 1024 * 1024;
const MOST_NAME = 200;
const ACCEPTED = ".xlsx,.xls,.ods,.csv,.tsv,.txt,.geojson,.json,.jsonl,.ndjson";

/** The form; `made` is called with the import that it led to. */
export class UploadForm {
  readonly element = make("section", { class: "import-new", "aria-labelledby": "import-new-heading" });
  private readonly work = new Work((isBusy) => this.setBusy(isBusy));
  private file: File | null = null;
  private source = "";
  private coord = "";
  private sources: string[] = [];
  private note: (() => string) | null = null;
  private problem: unknown = null;

  constructor(private readonly shell: Shell, private readonly made: (made: Import) => void) {
    // A file that is dropped beside the form would replace the page.
    for (const name of ["dragover", "drop"] as const) {
      this.element.addEventListener(name, (event) => event.preventDefault());
    }
    this.element.addEventListener("dragover", () => this.element.classList.add("over"));
    this.element.addEventListener("dragleave", () => this.element.classList.remove("over"));
    this.element.addEventListener("drop", (event) => {
      this.element.classList.remove("over");
      this.take(event.dataTransfer?.files ?? null);
    });
    this.write();
  }

  /** Offers names of sources that there were. */
  offer(sources: string[]): void {
    this.sources = sources;
    this.element.querySelector("datalist")?.replaceChildren(...sources.map((source) => option(source, source)));
  }

  private setBusy(isBusy: boolean): void {
    this.element.setAttribute("aria-busy", String(isBusy));
    for (const control of this.element.querySelectorAll<HTMLButtonElement>("form button, form input, form select")) control.disabled = isBusy;
  }

  private take(files: FileList | null): void {
    const [file] = files ?? [];
    if (file === undefined || this.work.isBusy) return;
    this.file = file;
    this.problem = null;
    this.note = file.size > MOST_BYTES ? () => importWords().tooLarge : (files?.length ?? 0) > 1 ? () => importWords().moreFiles : null;
    this.write();
  }

  private async send(): Promise<void> {
    if (this.work.isBusy) return;
    this.problem = null;
    if (this.file === null) this.note = () => importWords().needFile;
    else if (this.source.trim() === "") this.note = () => importWords().needSource;
    else this.note = this.file.size > MOST_BYTES ? () => importWords().tooLarge : null;
    const { file, source, coord } = this;
    this.write();
    if (file === null || this.note !== null) {
      this.element.querySelector<HTMLElement>(file === null ? ".drop button" : 'input[name="source"]')?.focus();
      return;
    }
    try {
      const query = { source: source.trim().slice(0, MOST_NAME), filename: file.name.slice(-MOST_NAME), ...(coord === "" ? {} : { coord }) };
      const made = await this.work.run((percent) => importWords().reading(percent), (signal, progress) =>
        this.shell.ask.events<Import>({ path: "/v1/imports", query, method: "POST", file, signal }, progress), () => importWords().sending);
      this.file = null;
      this.write();
      this.made(made);
    } catch (error) {
      if (isCancelled(error)) {
        this.note = () => importWords().cancelled;
        tell(this.shell, importWords().cancelled);
      } else this.problem = error;
      this.write();
      this.element.querySelector<HTMLElement>('[type="submit"]')?.focus();
    }
  }

  /** Writes the form, in the language in use. What was chosen and typed stays. */
  write(): void {
    const w = importWords();
    const choose = button(w.chooseFile, () => input.click());
    const input = make("input", { type: "file", class: "hidden", accept: ACCEPTED, tabindex: "-1", "aria-hidden": "true", id: "import-file" });
    input.addEventListener("change", () => this.take(input.files));
    const source = make("input", { class: "input", name: "source", list: "import-sources", maxlength: String(MOST_NAME), autocomplete: "off", placeholder: w.sourcePlaceholder });
    source.value = this.source;
    source.addEventListener("input", () => { this.source = source.value; });
    const coord = make("select", { class: "input", name: "coord" }, option("", w.coordNotStated),
      ...["wgs84", "gcj02", "bd09"].map((datum) => option(datum, w.datumWith(datumName(datum), w.datumUsedBy[datum] ?? ""))));
    coord.value = this.coord;
    coord.addEventListener("change", () => { this.coord = coord.value; });
    const chosen = this.file === null ? w.noFile : w.chosenFile(this.file.name, sizeText(this.file.size));
    const note = make("p", { class: "note", role: "alert" });
    say(note, this.note?.() ?? "");
    const form = make("form", { class: "import-form" },
      make("div", { class: "drop" }, make("p", {}, w.dropHere), choose, input,
        make("p", { class: this.file === null ? "hint" : "chosen", id: "import-chosen" }, ...around(chosen, this.file?.name)), make("p", { class: "hint" }, w.fileKinds)),
      make("div", { class: "fields" },
        labelled(w.sourceLabel, source), labelled(w.coordLabel, coord)),
      make("datalist", { id: "import-sources" }, ...this.sources.map((known) => option(known, known))),
      make("p", { class: "hint" }, w.sourceHint),
      note, make("div", { class: "buttons" }, make("button", { type: "submit", class: "button main" }, w.upload)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    this.work.write();
    this.element.replaceChildren(make("h2", { id: "import-new-heading" }, w.newHeading), form, this.work.element,
      ...(this.problem === null ? [] : [problemBox(this.problem, () => void this.send())]));
  }
}

/** The size of a file as people say it. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilo = bytes / 1024;
  return kilo < 1024 ? `${count(Math.round(kilo))} kB` : `${(kilo / 1024).toFixed(1)} MB`;
}
