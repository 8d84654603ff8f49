// What became of a station: each revision with who, when and why, field by field, and for editors the way back.
import { RequestError } from "../../shared/api";
import { make } from "../../shared/dom";
import { around, data } from "../data";
import type { Shell } from "../panel";
import { problemBox } from "../problem";
import { isAtLeast } from "../session";
import { type History, type HistoryEntry, itemPath, type LaterEdit, type Undone } from "./api";
import { historyText, momentText, partAttributes, partName, stationWords } from "./words";

// A new station or an import changes everything at once; that is folded away.
const SHOWN_CHANGES = 8;

export class HistoryView {
  readonly root = make("section", { class: "history" });
  private entries: HistoryEntry[] = [];
  private next: string | null = null;
  private state: "asking" | "there" = "asking";
  private failure: unknown = null;
  private asked: number | null = null;
  private refused: { revision: number; error: unknown } | null = null;

  constructor(private readonly shell: Shell, private readonly id: string, private readonly undone: () => void) {}

  /** Asks for the latest revisions again. */
  async show(): Promise<void> {
    this.entries = [];
    this.next = this.asked = this.refused = null;
    this.state = "asking";
    this.write();
    await this.ask();
  }

  write(): void {
    const w = stationWords();
    const parts: Node[] = [make("h2", { tabindex: "-1" }, w.historyHeading)];
    if (this.failure !== null) parts.push(problemBox(this.failure, () => void this.show()));
    else if (this.state === "asking" && this.entries.length === 0) parts.push(make("p", { class: "hint", role: "status" }, w.asking));
    else if (this.entries.length === 0) parts.push(make("p", { class: "hint" }, w.historyEmpty));
    else parts.push(make("ol", { class: "revisions" }, ...this.entries.map((entry) => this.entry(entry))));
    if (this.next !== null) {
      const more = make("button", { type: "button", class: "button", id: "history-more" }, w.more);
      more.addEventListener("click", () => {
        const at = this.entries.length;
        void this.ask().then(() => this.root.querySelectorAll<HTMLElement>(".revision h3")[at]?.focus());
      });
      parts.push(more);
    }
    this.root.replaceChildren(...parts);
  }

  private async ask(): Promise<void> {
    try {
      const query: Record<string, string> = this.next === null ? {} : { cursor: this.next };
      const page = await this.shell.ask.json<History>({ path: itemPath(this.id, "/history"), query, cache: "no-cache" });
      this.entries.push(...page.history);
      this.next = page.next;
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
    this.state = "there";
    this.write();
  }

  private entry(entry: HistoryEntry): HTMLElement {
    const w = stationWords();
    const { revision, at, who, kind, why, what, changes } = entry;
    const item = make("li", { class: "revision", "data-revision": String(revision) },
      make("h3", { tabindex: "-1" }, w.historyRevision(revision)),
      make("p", { class: "tags" }, make("span", { class: "tag" }, w.kinds[kind] ?? kind), make("span", { class: "tag" }, w.whats[what] ?? what)),
      make("p", { class: "hint" }, ...around(w.historyBy(who, momentText(at)), who)));
    if (why !== null && why !== "") item.append(make("p", { class: "why" }, make("span", { class: "muted" }, w.whyWas), data(why)));
    if (changes.length === 0) item.append(make("p", { class: "hint" }, w.noFieldChanges));
    else if (changes.length > SHOWN_CHANGES) item.append(make("details", { class: "fold" }, make("summary", {}, w.changesCount(changes.length)), this.table(entry)));
    else item.append(this.table(entry));
    if (isAtLeast(this.shell.role(), "editor")) item.append(this.undoing(revision));
    return item;
  }

  private table({ revision, changes }: HistoryEntry): HTMLElement {
    const w = stationWords();
    const value = (field: string, text: string | null) => make("td", { class: text === null ? "muted" : "", ...partAttributes(field, text) }, historyText(field, text));
    return make("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": w.changesCaption(revision) }, make("table", { class: "table changes" },
      make("caption", { class: "hidden" }, w.changesCaption(revision)),
      make("thead", {}, make("tr", {}, ...[w.changedField, w.before, w.after].map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...changes.map(({ field, old, new: now }) => make("tr", { "data-field": field },
        make("th", { scope: "row" }, partName(field)), value(field, old), value(field, now))))));
  }

  private undoing(revision: number): HTMLElement {
    const w = stationWords();
    const box = make("div", { class: "undoing" });
    const button = (text: string, kind: string, act: () => void) => {
      const element = make("button", { type: "button", class: `button small ${kind}` }, text);
      element.addEventListener("click", act);
      return element;
    };
    const focus = (which: string) => this.root.querySelector<HTMLElement>(`[data-revision="${revision}"] .${which}`)?.focus();
    if (this.refused?.revision === revision) box.append(this.refusal(this.refused.error, () => void this.undo(revision)));
    if (this.asked !== revision) {
      box.append(button(w.undo, "undo", () => {
        Object.assign(this, { asked: revision, refused: null });
        this.write();
        focus("undo-no");
      }));
      return box;
    }
    box.append(make("div", { class: "confirm", role: "group", "aria-labelledby": `undo-${revision}` }, make("h4", { id: `undo-${revision}` }, w.undoHeading(revision)), make("p", {}, w.undoHint),
      make("div", { class: "buttons" },
        button(w.undoNo, "undo-no", () => {
          this.asked = null;
          this.write();
          focus("undo");
        }),
        button(w.undoYes, "danger undo-yes", () => void this.undo(revision)))));
    return box;
  }

  private refusal(error: unknown, again: () => void): HTMLElement {
    const w = stationWords();
    if (!(error instanceof RequestError) || error.problem.code !== "later_edits") return problemBox(error, again);
    const later = (error.problem["later"] as LaterEdit[] | undefined) ?? [];
    return make("div", { class: "problem", role: "alert" }, make("h4", {}, w.laterHeading), make("p", {}, w.laterHint),
      make("ul", {}, ...later.map(({ id, revision, at, who, kind }) => make("li", {}, ...around(w.laterEdit(revision, id, who, momentText(at), w.kinds[kind] ?? kind), who)))));
  }

  private async undo(revision: number): Promise<void> {
    for (const button of this.root.querySelectorAll<HTMLButtonElement>(".undoing button")) button.disabled = true;
    try {
      const done = await this.shell.ask.json<Undone>({ path: `/v1/revisions/${revision}/undo`, method: "POST" });
      this.undone();
      await this.show();
      this.shell.say(stationWords().undone(done.undone, done.revision));
      this.root.querySelector<HTMLElement>("h2")?.focus();
    } catch (error) {
      this.asked = null;
      this.refused = { revision, error };
      this.write();
      this.root.querySelector<HTMLElement>(`[data-revision="${revision}"] .undo`)?.focus();
    }
  }
}
