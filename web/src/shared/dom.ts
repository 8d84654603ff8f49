// Small helpers to build the page. Text goes in as text, never as markup.
type Child = Node | string | null;

/** Makes an element with attributes and children; a string child becomes a text node. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) {
    if (child !== null) element.append(child);
  }
  return element;
}

/** The element of the page with this id, which index.html is known to have. */
export function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element #${id}`);
  return element as T;
}

/** Shows an element with a text, or hides it when there is none. */
export function say(element: HTMLElement, text: string): void {
  element.textContent = text;
  element.hidden = text === "";
}

/** Whether this device can draw maps. */
export function canDrawMaps(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}
