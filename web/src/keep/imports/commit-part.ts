// The part of an import that says in numbers what writing it does, writes it, and takes it back.
import { make } from "../../shared/dom";
import type { Shell } from "../panel";
import { button } from "./parts";
import { count } from "./shown";
import type { Import } from "./types";
import { notAsked, undoButton, whyField } from "./undo";
import type { Work } from "./work";
import { importWords } from "./words";

/** What the part needs of the import that it belongs to. */
export interface CommitHost {
  shell: Shell;
  work: Work;
  /** Writes the import, for a reason. */
  commit: (why: string) => void;
  /** The revision was taken back. */
  undone: () => void;
  /** Whether something is chosen and not sent. */
  isUnsaved: () => boolean;
}

/** The part. */
export class CommitPart {
  readonly element = make("section", { class: "import-part import-commit", "aria-labelledby": "import-commit-heading" });
  private why = "";
  private readonly asked = notAsked();

  constructor(private readonly host: CommitHost) {}

  write(now: Import): void {
    const w = importWords();
    this.element.replaceChildren(make("h3", { id: "import-commit-heading", tabindex: "-1" }, w.commitHeading), ...(this.written(now) ?? this.toWrite(now)));
  }

  private written(now: Import): HTMLElement[] | null {
    const { committed_revision, undone_by, state } = now;
    const w = importWords();
    if (state !== "committed" && state !== "undone") return null;
    const stations = button(w.toStations, () => this.host.shell.go("stations"));
    if (committed_revision === null) return [make("p", { class: "result" }, w.committedNothing), stations];
    if (undone_by !== null) return [make("p", { class: "result" }, w.undone(committed_revision, undone_by)), stations];
    return [make("p", { class: "result" }, w.committedAt(committed_revision)),
      make("div", { class: "after" }, stations, undoButton(this.host.shell, this.host.work, committed_revision, this.asked, () => this.host.undone()))];
  }

  private toWrite(now: Import): HTMLElement[] {
    const w = importWords();
    const { will, wont } = effects(now);
    const isDatumOpen = needsDatum(now);
    const parts: HTMLElement[] = [];
    if (will.length > 0) parts.push(make("p", {}, w.commitWill), make("ul", { class: "effects" }, ...will.map((text) => make("li", {}, text))));
    else parts.push(make("p", {}, canCommit(now) ? w.willRemember : w.commitNothing));
    if (wont.length > 0) parts.push(make("ul", { class: "effects not" }, ...wont.map((text) => make("li", {}, text))));
    const why = isDatumOpen ? w.commitNeedsDatum : this.host.isUnsaved() ? w.commitNeedsSend : null;
    const commit = button(w.commit, () => this.host.commit(this.why), { class: "button main", id: "commit" });
    commit.disabled = why !== null || !canCommit(now);
    if (why !== null) parts.push(make("p", { class: "note" }, why));
    if (canCommit(now)) parts.push(whyField(this.why, (text) => { this.why = text; }));
    parts.push(make("div", { class: "buttons" }, commit));
    return parts;
  }
}

/** Whether somebody has to state the datum before the import can be written. */
export function needsDatum({ datum: { verdict } }: Pick<Import, "datum">): boolean {
  return verdict === "sure" || verdict === "likely" || verdict === "undecided";
}

/** Whether there may be something to write: that a conflict was settled is remembered though no station changes. */
function canCommit({ state, counts, decisions }: Import): boolean {
  return state === "ready" || counts.new + counts.changed + counts.deleted > 0 || (state === "to_decide" && decisions.length > 0);
}

/** What writing an import does, and what stays out, in sentences. */
export function effects({ counts }: Pick<Import, "counts">): { will: string[]; wont: string[] } {
  const w = importWords();
  const said = (lines: [number, (n: string) => string][]) => lines.filter(([n]) => n > 0).map(([n, say]) => say(count(n)));
  const will = said([[counts.new, w.willNew], [counts.changed, w.willChange], [counts.deleted, w.willDelete]]);
  const wont = said([
    [will.length > 0 ? counts.duplicate : 0, w.willTwice], [counts.conflict, w.wontConflict], [counts.undecided, w.wontUndecided],
    [counts.rejected, w.wontRead], [counts.unplaced, w.wontPlace], [counts.skipped, w.wontSkip], [counts.missing - counts.deleted, w.wontDelete],
  ]);
  return { will, wont };
}
