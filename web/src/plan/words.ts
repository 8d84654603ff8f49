// The words of the page for planners in the language in use.
import { language } from "../shared/language";
import { en } from "./words.en";
import { type PlanWords, zh } from "./words.zh";

/** The words of the page for planners. */
export function planWords(): PlanWords {
  return language() === "zh" ? zh : en;
}
