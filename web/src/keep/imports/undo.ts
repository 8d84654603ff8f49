// Takes a committed import back, or says which later edits would be lost.
import { RequestError } from "../../shared/api";
import { make } from "../../shared/dom";
import { problemBox } from "../problem";
import type { Shell } from "../panel";
import { askedTwice, labelled } from "./parts";
import { moment } from "./shown";
import type { LaterEdit, Undone } from "./types";
import { isCancelled, tell, type Work } from "./work";
import { importWords } from "./words";

const MOST_WHY = 200;

/** The header that says why, or none. */
export function whyHeader(why: string): Record<string, string> {
  return why.trim() === "" ? {} : { "X-Yizhan-Why": encodeURIComponent(why.trim()) };
}

/** A field for the reason of a change. */
export function whyField(value: string, typed: (text: string) => void): HTMLElement {
  const input = make("input", { class: "input", maxlength: String(MOST_WHY), autocomplete: "off", name: "why" });
  input.value = value;
  input.addEventListener("input", () => typed(input.value));
  return labelled(importWords().why, input);
}

/** A button that takes a revision back after asking once more; `done` is called when it was. */
export function undoButton(shell: Shell, work: Work, revision: number, done: (undone: Undone) => void): HTMLElement {
  const w = importWords();
  let why = "";
  const problems = make("div");
  const act = async () => {
    if (work.isBusy) return;
    problems.replaceChildren();
    try {
      const undone = await work.run(() => w.undoing, (signal, progress) => shell.ask.events<Undone>(
        { path: `/v1/revisions/${revision}/undo`, method: "POST", headers: whyHeader(why), signal }, progress));
      tell(shell, w.undone(undone.undone, undone.revision));
      done(undone);
    } catch (error) {
      if (isCancelled(error)) tell(shell, w.cancelledWork);
      else problems.replaceChildren(undoProblem(error, () => void act()));
    }
  };
  return make("div", {}, askedTwice(w.undo, w.undoSure(revision), { yes: w.undoYes, no: w.undoNo, danger: true }, () => void act(), whyField("", (text) => { why = text; })), problems);
}

/** Why a revision was not taken back; later edits are listed. */
function undoProblem(error: unknown, again: () => void): HTMLElement {
  const later = error instanceof RequestError && error.problem.code === "later_edits" ? (error.problem["later"] as LaterEdit[] | undefined) : undefined;
  if (later === undefined) return problemBox(error, again);
  const w = importWords();
  const lines = later.map(({ id, revision, at, who, why }) =>
    make("li", {}, w.laterEdit(id, revision, who, moment(at), why)));
  return make("div", { class: "problem later-edits", role: "alert" }, make("p", {}, w.laterEdits), make("ul", {}, ...lines));
}
