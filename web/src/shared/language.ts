// Which language the page speaks: `?lang=`, else what was chosen before, else Chinese.
import { recall, remember } from "./memory";
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
  remember(STORAGE_KEY, current);
  const url = new URL(location.href);
  if (url.searchParams.has("lang")) {
    url.searchParams.set("lang", current);
    history.replaceState(null, "", url);
  }
}

/**
 * Writes the words of the language in use into every element that names one with `data-text`, as a label where it is
 * named with `data-label`, and as a hint with `data-placeholder`. `own` are words of one page, which stand before the
 * shared ones; `pageTitle` among them is the title.
 */
export function writeWords(root: Document, own: Record<string, unknown> = {}): void {
  root.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  const catalogue: Record<string, unknown> = { ...words(), ...own };
  const put = (key: string, write: (element: HTMLElement, text: string) => void) => {
    for (const element of root.querySelectorAll<HTMLElement>(`[data-${key}]`)) {
      const text = catalogue[element.dataset[key] ?? ""];
      if (typeof text === "string") write(element, text);
    }
  };
  put("text", (element, text) => { element.textContent = text; });
  put("label", (element, text) => element.setAttribute("aria-label", text));
  put("placeholder", (element, text) => element.setAttribute("placeholder", text));
  if (typeof catalogue["pageTitle"] === "string") root.title = catalogue["pageTitle"];
}

function firstLanguage(): Language {
  const asked = new URLSearchParams(typeof location === "undefined" ? "" : location.search).get("lang");
  if (asked === "zh" || asked === "en") {
    remember(STORAGE_KEY, asked);
    return asked;
  }
  return recall(STORAGE_KEY) === "en" ? "en" : "zh";
}
