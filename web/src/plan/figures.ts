// Figures: numbers that say, on hover, focus and tap, what they assume and of which revision they are.
import { byId, make } from "../shared/dom";

const GAP_PX = 8;
const KEYS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

let shownFor: HTMLElement | null = null;

/** A number with its assumption. */
export function figure(text: string, assumption: string, kind = ""): HTMLButtonElement {
  return make("button", { type: "button", class: `figure ${kind}`.trim(), "data-assumption": assumption }, text);
}

/**
 * Makes the figures inside `root` one stop of the Tab key: arrow keys go from one to the next. A table of a hundred
 * numbers is not a hundred stops.
 */
export function oneStop(root: HTMLElement): void {
  firstStop(root);
  root.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    const now = figuresIn(root);
    const at = now.indexOf(document.activeElement as HTMLButtonElement);
    const next = step === undefined || at < 0 ? undefined : now[at + step];
    if (next === undefined) return;
    event.preventDefault();
    now.forEach((one) => { one.tabIndex = one === next ? 0 : -1; });
    next.focus();
  });
}

/** After the figures inside were made anew: the first of them is the stop again. */
export function firstStop(root: HTMLElement): void {
  figuresIn(root).forEach((one, at) => { one.tabIndex = at === 0 ? 0 : -1; });
}

function figuresIn(root: HTMLElement): HTMLButtonElement[] {
  return [...root.querySelectorAll<HTMLButtonElement>("button.figure")];
}

/** Shows the assumption of the figure under the pointer or with the focus; Escape hides it. */
export function bindFigures(): void {
  const of = (target: EventTarget | null) => (target instanceof Element ? target.closest<HTMLElement>("[data-assumption]") : null);
  const tip = byId("assumption");
  document.addEventListener("pointerover", (event) => {
    const found = of(event.target);
    if (found !== null) show(found);
    // The assumption itself may be pointed at, to read it or to copy from it.
    else if (shownFor !== document.activeElement && !tip.contains(event.target as Node)) hide();
  });
  document.addEventListener("focusin", (event) => {
    const found = of(event.target);
    if (found === null) hide();
    else show(found);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("click", (event) => {
    const found = of(event.target);
    if (found !== null) show(found);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  window.addEventListener("scroll", hide, { passive: true, capture: true });
}

function show(element: HTMLElement): void {
  hide();
  const tip = byId("assumption");
  tip.textContent = element.dataset["assumption"] ?? "";
  tip.hidden = false;
  shownFor = element;
  element.setAttribute("aria-describedby", "assumption");
  const box = element.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const left = Math.max(GAP_PX, Math.min(box.left, width - tip.offsetWidth - GAP_PX));
  const below = box.bottom + GAP_PX + tip.offsetHeight < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? box.bottom + GAP_PX : Math.max(GAP_PX, box.top - GAP_PX - tip.offsetHeight)}px`;
}

function hide(): void {
  shownFor?.removeAttribute("aria-describedby");
  shownFor = null;
  byId("assumption").hidden = true;
}
