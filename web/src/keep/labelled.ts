// A field of a form with its label, a hint, and a line for what is wrong with it.
import { make } from "../shared/dom";
import { fieldProblems, problemText } from "./problem";

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
 * Says at each field what is wrong with it, and gives the focus to the first. What belongs to no field of the form is
 * given back as one text, empty when there is none; null takes everything away.
 */
export function tellProblems(form: HTMLElement, error: unknown): string {
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) mark(field, "");
  if (error === null) return "";
  const all = fieldProblems(error);
  if (all.length === 0) return problemText(error);
  const rest: string[] = [];
  let first: HTMLElement | null = null;
  for (const { field, text } of all) {
    const place = field === null ? null : form.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
    if (place === null) rest.push(text);
    else first ??= mark(place, text);
  }
  first?.focus();
  return rest.join(" ");
}

function mark(field: HTMLElement, text: string): HTMLElement | null {
  const line = field.querySelector<HTMLElement>(".field-problem");
  const input = field.querySelector<Input>("input, select");
  if (line === null || input === null) return null;
  line.textContent = text;
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
