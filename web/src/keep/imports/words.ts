// The words of imports in the language in use.
import { language } from "../../shared/language";
import { en } from "./words.en";
import { type ImportWords, zh } from "./words.zh";

/** The words of the part of the page that brings sheets into the register. */
export function importWords(): ImportWords {
  return language() === "zh" ? zh : en;
}
