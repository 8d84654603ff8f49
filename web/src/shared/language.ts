// Which language the page speaks: `?lang=`, else what was chosen before, else Chinese.
import { en } from "./words.en";
import { type Words, zh } from "./words.zh";

export type Language = "zh" | "en";
const STORAGE_KEY = "yizhan.lang";
const WORDS: Record<Language, Words> = { zh, en };

let current: Language = firstLanguage();

/** The language in use. */
export function language(): Language {
  return current;
}

/** The words of the language in use. */
export function words(): Words {
  return WORDS[current];
}

/** Goes over to the other language and remembers it. */
export function switchLanguage(): void {
  current = current === "zh" ? "en" : "zh";
  remember(current);
  const url = new URL(location.href);
  if (url.searchParams.has("lang")) {
    url.searchParams.set("lang", current);
    history.replaceState(null, "", url);
  }
}

/** Writes the words of the language in use into every element that names one with `data-text`. */
export function writeWords(root: Document): void {
  root.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  root.title = words().pageTitle;
  const catalogue = words() as unknown as Record<string, unknown>;
  for (const element of root.querySelectorAll<HTMLElement>("[data-text]")) {
    const text = catalogue[element.dataset["text"] ?? ""];
    if (typeof text === "string") element.textContent = text;
  }
}

function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "zh" || asked === "en") {
    remember(asked);
    return asked;
  }
  return recall() === "en" ? "en" : "zh";
}

// Storage can be forbidden (private mode, some WebViews); the page then forgets, and works.
function remember(value: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, value);
  } catch {
    // Nothing to do: the choice lasts as long as the page.
  }
}

function recall(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
