// Asks once more, in the place of a button, before something is done that cannot be taken back.
import { make } from "../shared/dom";

/** What is asked, and what the two answers are called. */
export interface Question { text: string; yes: string; no: string }

/**
 * A button that puts the question in its place until it is answered; `done` is called with the button that said yes. What
 * is being asked is in `asked` under `key`, so that it is still asked when everything is written anew.
 */
export function askBefore(button: HTMLElement, question: Question, done: (yes: HTMLButtonElement) => void, asked: Set<string>, key: string): HTMLElement {
  const yes = make("button", { type: "button", class: "button danger" }, question.yes);
  const no = make("button", { type: "button", class: "button" }, question.no);
  const box = make("div", { class: "sure", role: "group", "aria-label": question.text }, make("p", {}, question.text), make("div", { class: "buttons" }, yes, no));
  const back = () => { asked.delete(key); box.replaceWith(button); button.focus(); };
  yes.addEventListener("click", () => { asked.delete(key); done(yes); });
  no.addEventListener("click", back);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") back(); });
  button.addEventListener("click", () => {
    asked.add(key);
    button.replaceWith(box);
    // The answer that changes nothing has the focus.
    no.focus();
  });
  return asked.has(key) ? box : button;
}
