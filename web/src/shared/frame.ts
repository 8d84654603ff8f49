// What the header of every page does: the other language, and large type.
import { byId } from "./dom";
import { language, switchLanguage, words, writeWords } from "./language";
import { recall, remember } from "./memory";

// The early script reads the same key.
const TYPE_KEY = "yizhan.type";

/**
 * Connects the header. `write` writes what the page makes by script, now and after each change of language; `own` are
 * the words of the page itself, which stand before the shared ones.
 */
export function bindFrame(write: () => void, own: () => Record<string, unknown> = () => ({})): void {
  const all = () => {
    writeWords(document, own());
    byId("language").textContent = words().otherLanguage;
    byId("language").lang = language() === "zh" ? "en" : "zh-CN";
    write();
  };
  byId("language").addEventListener("click", () => {
    switchLanguage();
    all();
  });
  setLargeType(recall(TYPE_KEY) === "large");
  byId("large-type").addEventListener("click", () => {
    const large = document.documentElement.dataset["type"] !== "large";
    setLargeType(large);
    remember(TYPE_KEY, large ? "large" : "normal");
  });
  all();
}

function setLargeType(large: boolean): void {
  document.documentElement.dataset["type"] = large ? "large" : "normal";
  byId("large-type").setAttribute("aria-pressed", String(large));
}
