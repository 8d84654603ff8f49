// What the English tests of the page for the staff share: coming in by role and name alone, what is said, and a look for
// words that are not English.
import assert from "node:assert/strict";
import { openPage } from "./harness.mjs";

// Han characters, their punctuation, and the full-width forms.
const FOREIGN = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;
// What leaks from programs: names of fields, and values that are none.
const RAW = /\b[a-z]+_[a-z_]+\b|\bundefined\b|\bNaN\b|\[object|`/;

/** Opens /keep in English for somebody whose browser is English, and comes in. */
export async function openEnglish(browser, base, token, search = "", options = {}) {
  const opened = await openPage(browser, `${base}/keep?lang=en${search === "" ? "" : `&${search}`}`, { waitFor: null, locale: "en-GB", ...options });
  await comeIn(opened.page, token);
  await opened.page.getByRole("tab", { name: "Stations" }).waitFor();
  return opened;
}

/** Types a token and presses the button. */
export async function comeIn(page, token) {
  await page.getByLabel("Token", { exact: true }).fill(token);
  await page.getByRole("button", { name: "Come in", exact: true }).click();
}

/** Presses a button by its whole name. */
export function press(place, name) {
  return place.getByRole("button", { name, exact: true }).click();
}

/** Waits until the page says a whole sentence, or what matches, where screen readers hear it. */
export function says(page, text, role = "status") {
  const exact = typeof text === "string" ? new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`) : text;
  return page.getByRole(role).filter({ hasText: exact }).first().waitFor();
}

/** Chooses one of a few by the names of the group and of the choice. */
export function pick(place, group, choice) {
  // The radio button itself lies under its text.
  return place.getByRole("radiogroup", { name: group, exact: true }).getByRole("radio", { name: choice, exact: true }).check({ force: true });
}

/**
 * Every text that is seen or heard is English, but for what people wrote into the register and the sheets: `known`.
 * Names of fields as programs write them are no English either.
 */
export async function assertEnglish(page, known) {
  const texts = await page.evaluate(textsOf);
  const longest = [...new Set(known)].filter((text) => text !== "").sort((a, b) => b.length - a.length);
  const left = texts.map((text) => [longest.reduce((rest, each) => rest.replaceAll(each, "…"), text), text]);
  assert.deepEqual(left.filter(([rest]) => FOREIGN.test(rest)), [], "not English");
  assert.deepEqual(left.filter(([rest]) => RAW.test(rest)), [], "not for people");
}

// In the page: texts that are drawn, and those that only screen readers, fields and titles show.
function textsOf() {
  const texts = [document.title];
  const isOther = (element) => element.closest('[lang="zh-CN"], pre, code, q') !== null;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (data.trim() !== "" && !["SCRIPT", "STYLE", "NOSCRIPT"].includes(parentElement.tagName) && parentElement.closest("[hidden], noscript") === null && !isOther(parentElement)) texts.push(data);
  }
  for (const element of document.querySelectorAll("*")) {
    for (const name of ["aria-label", "placeholder", "title", "alt", "label", "data-label"]) {
      const text = element.getAttribute(name);
      // `data-label` is also the name of a word on the elements that are written at the start.
      if (text !== null && !isOther(element) && !(name === "data-label" && element.tagName !== "TD")) texts.push(text);
    }
  }
  return texts;
}

/** Every text of stations, as the service has them. */
export function textsOfStations(features) {
  const texts = (value) => (typeof value === "string" ? [value] : typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : []);
  return features.flatMap(({ id, properties }) => [String(id), ...texts(properties)]).filter((text) => FOREIGN.test(text));
}
