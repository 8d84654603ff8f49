// What is said about the place below the form, in the language in use.
import { byId, say } from "../shared/dom";
import { words } from "../shared/language";
import type { Words } from "../shared/words.zh";

/** Kept as a function of the language, so that it can be said again. */
let last: (words: Words) => string = () => "";

/** Says something about the place; nothing when the text is empty. */
export function note(text: (words: Words) => string): void {
  last = text;
  say(byId("place-note"), text(words()));
}

/** Says it again, after the language has changed. */
export function noteAgain(): void {
  note(last);
}
