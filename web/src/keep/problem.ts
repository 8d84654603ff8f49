// Says why something could not be done: what the service said of it, field by field, and a button to try again.
import { detailOf, RequestError } from "../shared/api";
import { make } from "../shared/dom";
import { language, words } from "../shared/language";
import { problemText } from "../shared/problem-text";
import { message } from "./data";
import { keepWords } from "./words";

/** One field that the service cannot use, in the language in use. */
export interface FieldProblem { field: string | null; text: string }

/** Every field that an error names. */
export function fieldProblems(error: unknown): FieldProblem[] {
  if (!(error instanceof RequestError)) return [];
  return (error.problem.problems ?? []).map(({ field, message, message_zh }) => ({
    field: field ?? null, text: forPeople(field ?? "", (language() === "zh" ? message_zh : message) ?? message ?? ""),
  }));
}

// Without the name that the field has for programs, where the sentence begins with it: it stands at the field.
function forPeople(field: string, text: string): string {
  const [, name, rest = ""] = /^`(\w+)` (.*)$/s.exec(text) ?? [];
  return name !== undefined && (field === name || field.endsWith(`.${name}`)) ? rest.replace(/^(is|是) (?=`)/, "") : text;
}

/** Why something could not be done, in one sentence; what the service says in English only is marked as such. */
export function problemWords(error: unknown): (Node | string)[] {
  const { detail = null, ...told } = error instanceof RequestError ? error.problem : {};
  return message(problemText(error), detailOf(told) === undefined ? detail : null);
}

/** The sentence and every field in a box that screen readers read out; `again` makes a button to try again. */
export function problemBox(error: unknown, again?: () => void): HTMLElement {
  const box = make("div", { class: "problem", role: "alert" }, make("p", {}, ...problemWords(error)));
  const fields = fieldProblems(error);
  if (fields.length > 0) box.append(make("ul", {}, ...fields.map(({ field, text }) => make("li", {}, ...(field === null ? [] : [make("code", {}, field), keepWords().colon]), ...message(text)))));
  if (again !== undefined) {
    const retry = make("button", { type: "button", class: "button" }, words().retry);
    retry.addEventListener("click", again);
    box.append(retry);
  }
  return box;
}
