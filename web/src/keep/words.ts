// The words of the page for the staff in the language in use.
import { language } from "../shared/language";
import { en } from "./words.en";
import { type KeepWords, zh } from "./words.zh";

/** The words of the frame of the page; each part has its own beside it. */
export function keepWords(): KeepWords {
  return language() === "zh" ? zh : en;
}
