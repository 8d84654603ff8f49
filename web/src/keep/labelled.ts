// A field of a form with its label, a hint, and a line for what is wrong with it.
import { RequestError } from "../shared/api";
import { make } from "../shared/dom";
import { problemText } from "../shared/problem-text";
import { message } from "./data";
import { type FieldProblem, fieldProblems } from "./problem";

type Input = HTMLInputElement | HTMLSelectElement;

/** A field that the service calls `name`; several inputs stand side by side, the first has the label. */
export function labelled(name: string, label: string, inputs: [Input, ...Input[]], hint: string | Node = ""): HTMLElement {
  const [first] = inputs;
  const [hintId, problemId] = [`${first.id}-hint`, `${first.id}-problem`];
  first.setAttribute("aria-describedby", `${hintId} ${problemId}`);
  return make("div", { class: "field", "data-field": name },
    make("label", { for: first.id }, label),
    inputs.length === 1 ? first : make("div", { class: "side" }, ...inputs),
    make("p", { class: "hint", id: hintId }, hint),
    make("p", { class: "field-problem", id: problemId, hidden: "" }));
}

/**
 * Says at each field what is wrong with it, and gives the focus to the first. `own` has the words of the part for a field
 * and a code, such as `name.empty`; else it is said in the words of the service. What belongs to no field of the form is
 * given back as one text, empty when there is none; the error null takes everything away.
 */
export function tellProblems(form: HTMLElement, error: unknown, own: Record<string, string> = {}): string {
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) mark(field, "");
  if (error === null) return "";
  const problems = problemsOf(error, own);
  if (problems.length === 0) return problemText(error);
  const rest: string[] = [];
  const marked = problems.flatMap(({ field, text }) => {
    const place = field === null ? null : form.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
    const input = place === null ? null : mark(place, text);
    if (input === null) rest.push(text);
    return input === null ? [] : [input];
  });
  marked[0]?.focus();
  return rest.join(" ");
}

function problemsOf(error: unknown, own: Record<string, string>): FieldProblem[] {
  const told = error instanceof RequestError ? error.problem : {};
  const whole = Object.entries(own).find(([key]) => key.split(".")[1] === told.code);
  if (whole !== undefined) return [{ field: whole[0].split(".")[0] ?? null, text: whole[1] }];
  const codes = told.problems ?? [];
  return fieldProblems(error).map(({ field, text }, at) => ({ field, text: own[`${field ?? ""}.${codes[at]?.code ?? ""}`] ?? text }));
}

function mark(field: HTMLElement, text: string): Input | null {
  const line = field.querySelector<HTMLElement>(".field-problem");
  const input = field.querySelector<Input>("input, select");
  if (line === null || input === null) return null;
  line.replaceChildren(...message(text));
  line.hidden = text === "";
  if (text === "") input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
  return input;
}

/** Options for a choice, each a value and its text. */
export function choice(id: string, value: string, options: [string, string][]): HTMLSelectElement {
  const select = make("select", { class: "input", id }, ...options.map(([each, text]) => make("option", { value: each }, text)));
  select.value = value;
  return select;
}

/** A line to type into. */
export function line(id: string, value: string, attributes: Record<string, string> = {}): HTMLInputElement {
  const input = make("input", { class: "input", type: "text", autocomplete: "off", id, ...attributes });
  input.value = value;
  return input;
}
