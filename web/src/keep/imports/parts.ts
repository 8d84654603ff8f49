// What the parts of an import are made of: buttons, fields, tables, and asking once more before something is gone.
import { make } from "../../shared/dom";

/** A button that does something. */
export function button(text: string, act: () => void, more: Record<string, string> = {}): HTMLButtonElement {
  const made = make("button", { type: "button", class: "button", ...more }, text);
  made.addEventListener("click", act);
  return made;
}

/** A field with its label. */
export function labelled(text: string, field: HTMLElement, more = ""): HTMLLabelElement {
  return make("label", { class: `field ${more}`.trim() }, make("span", {}, text), field);
}

/** An option of a choice. */
export function option(value: string, text: string, isChosen = false): HTMLOptionElement {
  const made = make("option", { value }, text);
  made.selected = isChosen;
  return made;
}

/** One of a few, as radio buttons side by side. */
export function segment<T extends string>(
  name: string, label: string, all: [T, string][], now: T, chosen: (value: T) => void,
): HTMLElement {
  const choices = all.map(([value, text]) => {
    const input = make("input", { type: "radio", name, value });
    input.checked = value === now;
    input.addEventListener("change", () => { if (input.checked) chosen(value); });
    return make("label", {}, input, make("span", {}, text));
  });
  return make("div", { class: "segment", role: "radiogroup", "aria-label": label }, ...choices);
}

/**
 * A button that asks once more, in its place, before it does something that cannot be taken back; `asked` keeps that it
 * does, for when everything is written anew.
 */
export function askedTwice(
  text: string, question: string, { yes, no, danger }: { yes: string; no: string; danger: boolean }, act: (more: HTMLElement) => void, asked: { isAsked: boolean }, more: HTMLElement = make("div"),
): HTMLElement {
  const place = make("div", { class: "twice" });
  const go = button(yes, () => act(more), { class: `button ${danger ? "danger" : "main"}` });
  const box = make("div", { class: "twice-ask", role: "group", "aria-label": question },
    make("p", {}, question), more, make("div", { class: "buttons" }, go, button(no, () => turn(false, first))));
  const first = button(text, () => turn(true, go), danger ? { class: "button danger" } : {});
  const turn = (isAsked: boolean, focus: HTMLElement) => {
    asked.isAsked = isAsked;
    place.replaceChildren(isAsked ? box : first);
    focus.focus();
  };
  place.append(asked.isAsked ? box : first);
  return place;
}

/** One row of a table: its name, then its cells. */
export interface TableRow { cells: (HTMLElement | string)[]; name: HTMLElement | string; at?: number; more?: Record<string, string> }

/**
 * A table in a frame that scrolls by itself; on a narrow screen its rows become cards. `head` are the texts of its head,
 * and each row's name stands in the column `at`, the first unless it says otherwise.
 */
export function table(caption: string, head: string[], rows: TableRow[], more = ""): HTMLElement {
  const made = rows.map(({ cells, name, at = 0, more: attributes = {} }) => {
    const all = [...cells];
    all.splice(at, 0, name);
    // The roles are those of the elements; a browser forgets them when the rows are laid out as cards.
    return make("tr", { role: "row", ...attributes }, ...all.map((content, position) => (position === at
      ? make("th", { scope: "row", role: "rowheader" }, content) : make("td", { role: "cell", "data-label": head[position] ?? "" }, content))));
  });
  return make("div", { class: "table-frame stacks", tabindex: "0", role: "group", "aria-label": caption },
    make("table", { class: `table ${more}`.trim(), role: "table" }, make("caption", { class: "hidden" }, caption),
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...head.map((text) => make("th", { scope: "col", role: "columnheader" }, text)))),
      make("tbody", { role: "rowgroup" }, ...made)));
}
