// Two columns, theirs now and yours, for what differs; what is chosen is saved on what is there now.
import { make } from "../../shared/dom";
import { around } from "../data";
import type { Shell } from "../panel";
import { type History, itemPath, type Loaded } from "./api";
import { type Difference, differences, merged, type Side } from "./conflict";
import { type Draft, draftOf } from "./draft";
import { momentText, partAttributes, partName, partText, stationWords } from "./words";

export interface ConflictHost {
  back: () => void;
  save: (chosen: Draft) => Promise<void>;
}

export class ConflictView {
  readonly root = make("section", { class: "conflict", id: "conflict" });
  private readonly theirs: Draft;
  private readonly found: Difference[];
  private who: History["history"][number] | null = null;
  private isSaving = false;

  constructor(private readonly shell: Shell, private readonly versions: { base: Draft; yours: Draft; theirs: Loaded }, private readonly host: ConflictHost) {
    this.theirs = draftOf(versions.theirs.feature);
    this.found = differences(versions.base, this.theirs, versions.yours);
    const path = itemPath(versions.theirs.feature.id, "/history");
    void shell.ask.json<History>({ path, query: { limit: "1" }, cache: "no-cache" }).then(({ history }) => {
      this.who = history[0] ?? null;
      this.writeWho();
    }, () => undefined);
  }

  focus(): void {
    this.root.querySelector<HTMLElement>("h2")?.focus();
  }

  write(): void {
    const w = stationWords();
    const all = (side: Side, text: string, id: string) => {
      const button = make("button", { type: "button", class: "button small", id }, text);
      button.addEventListener("click", () => {
        for (const difference of this.found) difference.chosen = side;
        this.write();
        this.root.querySelector<HTMLElement>(`#${id}`)?.focus();
      });
      return button;
    };
    const [save, back] = [make("button", { type: "button", class: "button main", id: "conflict-save" }, w.saveChosen), make("button", { type: "button", class: "button", id: "conflict-back" }, w.backToForm)];
    save.addEventListener("click", () => void this.save());
    back.addEventListener("click", this.host.back);
    this.root.replaceChildren(make("h2", { tabindex: "-1" }, w.conflictHeading), make("p", { class: "conflict-who", id: "conflict-who" }), make("p", {}, w.conflictHint),
      make("div", { class: "buttons" }, all("theirs", w.takeAllTheirs, "all-theirs"), all("yours", w.takeAllYours, "all-yours")),
      make("div", { class: "differences" },
        make("div", { class: "difference-heads", "aria-hidden": "true" }, make("span", {}, w.conflictPart), make("span", {}, w.theirs), make("span", {}, w.yours)),
        ...this.found.map((difference) => this.row(difference))),
      make("p", { class: "hint", role: "status", id: "conflict-left" }),
      make("div", { class: "buttons" }, save, back));
    this.writeWho();
    this.writeLeft();
  }

  private row(difference: Difference): HTMLElement {
    const w = stationWords();
    const { part, isBoth } = difference;
    const id = `conflict-${part.replace(".", "-")}`;
    const side = (which: Side, draft: Draft) => {
      const radio = make("input", { type: "radio", name: id, value: which });
      radio.checked = difference.chosen === which;
      radio.addEventListener("change", () => {
        difference.chosen = which;
        this.writeLeft();
      });
      return make("label", { class: "side" }, radio, make("span", {}, make("span", { class: "side-name" }, which === "theirs" ? w.theirs : w.yours), make("span", { class: "side-value", ...(part === "location" ? {} : partAttributes(part, draft[part])) }, partText(part, draft))));
    };
    const whose = isBoth ? w.bothChanged : difference.chosen === "yours" ? w.onlyYours : w.onlyTheirs;
    return make("fieldset", { class: `difference${isBoth ? " both" : ""}`, "data-part": part },
      make("legend", {}, partName(part), make("small", {}, ` ${whose}`)), side("theirs", this.theirs), side("yours", this.versions.yours));
  }

  private writeWho(): void {
    const w = stationWords();
    const line = this.root.querySelector("#conflict-who");
    if (line === null || this.who === null) return;
    const { who, at, revision, why } = this.who;
    line.replaceChildren(...around([w.conflictWho(who, momentText(at), revision), why == null ? "" : w.conflictWhy(why)].join(" "), who, why));
  }

  private writeLeft(): void {
    const left = this.found.filter(({ chosen }) => chosen === null).length;
    const line = this.root.querySelector("#conflict-left");
    if (line !== null) line.textContent = left === 0 ? "" : stationWords().conflictLeft(left);
    const save = this.root.querySelector<HTMLButtonElement>("#conflict-save");
    if (save !== null) save.disabled = left > 0 || this.isSaving;
  }

  private async save(): Promise<void> {
    const chosen = merged(this.theirs, this.versions.yours, this.found);
    if (chosen === null || this.isSaving) return;
    this.isSaving = true;
    this.writeLeft();
    this.shell.say("");
    await this.host.save(chosen);
    this.isSaving = false;
    this.writeLeft();
  }
}
