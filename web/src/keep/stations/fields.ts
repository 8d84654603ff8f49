// The fields of the form: each with its label, its hint, and what the service says of it, tied together for screen readers.
import { make } from "../../shared/dom";
import { around, message } from "../data";
import type { FieldProblem } from "../problem";
import { type Draft } from "./draft";
import { partName, stationWords } from "./words";

type Key = keyof Draft;

/** What the fields read and write. */
export interface FormState {
  draft: Draft;
  problems: FieldProblem[];
  /** Something was typed or chosen. */
  changed: (key: Key) => void;
}

interface More { hint?: string; hintData?: string | null; isRequired?: boolean; label?: string; isWide?: boolean }

/** The id of the control of a field, or of the first of a group. */
export function controlId(key: string): string {
  return `st-${key.replace(".", "-")}`;
}

/** A line or, with `rows`, some lines of text. */
export function textField(state: FormState, key: Key, more: More & { type?: string; rows?: number; attributes?: Record<string, string> } = {}): HTMLElement {
  const attributes = { class: "input", id: controlId(key), ...more.attributes };
  const control = more.rows === undefined
    ? make("input", { ...attributes, type: more.type ?? "text", autocomplete: "off" })
    : make("textarea", { ...attributes, rows: String(more.rows) });
  control.value = state.draft[key];
  control.addEventListener("input", () => {
    state.draft[key] = control.value;
    state.changed(key);
  });
  return framed(state, key, control, more);
}

/** One of a list; the first option is "". */
export function selectField(state: FormState, key: Key, options: [string, string][], more: More = {}): HTMLElement {
  const control = make("select", { class: "input", id: controlId(key) }, ...options.map(([value, text]) => make("option", { value }, text)));
  control.value = state.draft[key];
  control.addEventListener("change", () => {
    state.draft[key] = control.value;
    state.changed(key);
  });
  return framed(state, key, control, more);
}

/** One of a few, all of them in view. */
export function choiceField(state: FormState, key: Key, options: [string, string][], more: More = {}): HTMLElement {
  const id = controlId(key);
  const told = describing(state, key, more);
  const choices = options.map(([value, text], at) => {
    const radio = make("input", { type: "radio", name: id, value, ...(at === 0 ? { id } : {}) });
    radio.checked = state.draft[key] === value;
    radio.addEventListener("change", () => {
      state.draft[key] = value;
      state.changed(key);
    });
    return make("label", { class: `choice-${value}` }, radio, make("span", {}, text));
  });
  return make("div", { class: `field choice${more.isWide === true ? " wide" : ""}`, "data-field": key },
    make("span", { id: `${id}-label`, class: "choice-label" }, more.label ?? partName(key), requiredMark(more)),
    make("div", { class: "segment", role: "radiogroup", "aria-labelledby": `${id}-label`, ...told.attributes }, ...choices), ...told.parts);
}

/** Any of a list, in the order of the list. */
export function severalField(state: FormState, key: Key, options: [string, string][], more: More = {}): HTMLElement {
  const id = controlId(key);
  const told = describing(state, key, more);
  const chosen = () => state.draft[key].split(",").filter((word) => word !== "");
  const chips = options.map(([value, text], at) => {
    const chip = make("button", { type: "button", class: "chip", "aria-pressed": String(chosen().includes(value)), ...(at === 0 ? { id } : {}) }, text);
    chip.addEventListener("click", () => {
      const now = chosen();
      const has = now.includes(value);
      chip.setAttribute("aria-pressed", String(!has));
      state.draft[key] = options.map(([word]) => word).filter((word) => (word === value ? !has : now.includes(word))).join(",");
      state.changed(key);
    });
    return chip;
  });
  return make("div", { class: "field wide", "data-field": key }, make("span", { id: `${id}-label` }, partName(key)),
    make("div", { class: "chips", role: "group", "aria-labelledby": `${id}-label`, ...told.attributes }, ...chips), ...told.parts);
}

/** A group of fields under a heading. */
export function group(heading: string, ...parts: (Node | null)[]): HTMLElement {
  return make("fieldset", { class: "record-group" }, make("legend", {}, heading), ...parts);
}

function framed(state: FormState, key: Key, control: HTMLElement, more: More): HTMLElement {
  const told = describing(state, key, more);
  for (const [name, value] of Object.entries(told.attributes)) control.setAttribute(name, value);
  if (more.isRequired === true) control.setAttribute("aria-required", "true");
  return make("div", { class: `field${more.isWide === true ? " wide" : ""}`, "data-field": key },
    make("label", { for: control.id }, more.label ?? partName(key), requiredMark(more)), control, ...told.parts);
}

function requiredMark({ isRequired }: More): Node | null {
  return isRequired === true ? make("span", { class: "required" }, ` (${stationWords().required})`) : null;
}

function describing({ problems }: FormState, key: Key, { hint, hintData }: More): { attributes: Record<string, string>; parts: Node[] } {
  const id = controlId(key);
  const wrong = problems.filter(({ field }) => field === key).map(({ text }) => text);
  const parts: Node[] = [];
  if (hint !== undefined) parts.push(make("p", { class: "hint", id: `${id}-hint` }, ...around(hint, hintData)));
  if (wrong.length > 0) parts.push(make("p", { class: "wrong", id: `${id}-wrong` }, ...wrong.flatMap((text, at) => [...(at === 0 ? [] : [make("br")]), ...message(text)])));
  const by = [...(wrong.length > 0 ? [`${id}-wrong`] : []), ...(hint === undefined ? [] : [`${id}-hint`])].join(" ");
  return { attributes: { ...(by === "" ? {} : { "aria-describedby": by }), ...(wrong.length > 0 ? { "aria-invalid": "true" } : {}) }, parts };
}
