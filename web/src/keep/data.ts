// What stands in the register, in sheets and in messages, apart from the words of the page: it keeps its own language when
// the page changes its, so that it is drawn and read aloud as what it is.
import { make } from "../shared/dom";
import { language } from "../shared/language";

/** The language of what people keep in the register. */
export const DATA = { lang: "zh-CN" };
/** The language of what the service says in one language only. */
export const SERVICE = { lang: "en" };

/** A text of the register. */
export function data(text: string): HTMLElement {
  return make("span", DATA, text);
}

/** A sentence of the page in which texts of the register stand; each of them is marked where it first stands. */
export function around(sentence: string, ...texts: (string | null | undefined)[]): (Node | string)[] {
  return texts.reduce<(Node | string)[]>((parts, text) => marked(parts, text, DATA), [sentence]);
}

/** A message of the service: what it quotes as source texts do stands as such, and `english` is marked as English. */
export function message(text: string, english: string | null = null): (Node | string)[] {
  return marked([text], english, SERVICE).flatMap((part) => {
    if (typeof part === "string") return quoted(part);
    part.replaceChildren(...quoted(part.textContent ?? ""));
    return [part];
  });
}

function marked(parts: (Node | string)[], text: string | null | undefined, language: { lang: string }): (HTMLElement | string)[] {
  let isFound = false;
  return (parts as (HTMLElement | string)[]).flatMap((part) => {
    const at = typeof part !== "string" || isFound || text == null || text === "" ? -1 : part.indexOf(text);
    if (at < 0 || typeof part !== "string" || text == null) return [part];
    isFound = true;
    return [part.slice(0, at), make("span", language, text), part.slice(at + text.length)].filter((piece) => piece !== "");
  });
}

function quoted(text: string): (Node | string)[] {
  return text.split(/`([^`]*)`/).flatMap((part, at) => (at % 2 === 0 ? named(part) : [make("code", { class: "quoted" }, part)]));
}

// In what the service says in English, Chinese is a name: of a district, of a column.
function named(text: string): (Node | string)[] {
  const parts = language() === "zh" ? [text] : text.split(/(\p{Script=Han}+)/u);
  return parts.flatMap((part, at) => (part === "" ? [] : [at % 2 === 0 ? part : data(part)]));
}
