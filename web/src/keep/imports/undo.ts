// Takes a committed import back, or says which later edits would be lost.
import { RequestError } from "../../shared/api";
import { make } from "../../shared/dom";
import { around } from "../data";
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

/** Whether it is asked once more, with the reason that is being typed, and why it was refused. */
export interface Asked { isAsked: boolean; why: string; error: unknown }

export function notAsked(): Asked {
  return { isAsked: false, why: "", error: null };
}

/** A button that takes a revision back after asking once more; `done` is called when it was. */
export function undoButton(shell: Shell, work: Work, revision: number, asked: Asked, done: (undone: Undone) => void): HTMLElement {
  const w = importWords();
  const problems = make("div");
  const tellProblem = (error: unknown) => {
    asked.error = error;
    problems.replaceChildren(...(error === null ? [] : [undoProblem(error, () => void act())]));
  };
  const act = async () => {
    if (work.isBusy) return;
    tellProblem(null);
    try {
      const undone = await work.run(() => importWords().undoing, (signal, progress) => shell.ask.events<Undone>(
        { path: `/v1/revisions/${revision}/undo`, method: "POST", headers: whyHeader(asked.why), signal }, progress));
      Object.assign(asked, notAsked());
      tell(shell, importWords().undone(undone.undone, undone.revision));
      done(undone);
    } catch (error) {
      if (isCancelled(error)) tell(shell, importWords().cancelledWork);
      else tellProblem(error);
    }
  };
  if (asked.error !== null) tellProblem(asked.error);
  const why = whyField(asked.why, (text) => { asked.why = text; });
  return make("div", {}, askedTwice(w.undo, w.undoSure(revision), { yes: w.undoYes, no: w.undoNo, danger: true }, () => void act(), asked, why), problems);
}

/** Why a revision was not taken back; later edits are listed. */
function undoProblem(error: unknown, again: () => void): HTMLElement {
  const later = error instanceof RequestError && error.problem.code === "later_edits" ? (error.problem["later"] as LaterEdit[] | undefined) : undefined;
  if (later === undefined) return problemBox(error, again);
  const w = importWords();
  const lines = later.map(({ id, revision, at, who, why }) =>
    make("li", {}, ...around(w.laterEdit(id, revision, who, moment(at), why), who, why)));
  return make("div", { class: "problem later-edits", role: "alert" }, make("p", {}, w.laterEdits), make("ul", {}, ...lines));
}
