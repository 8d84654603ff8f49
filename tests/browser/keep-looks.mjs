// How a state of the page for the staff looks and reads: at three sizes, by day in Chinese and by night in English, with
// everything that was typed, chosen and asked still there when the language changes.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { ARTEFACTS, until } from "./harness.mjs";

const SIZES = { 360: { width: 360, height: 740 }, 768: { width: 768, height: 1024 }, 1440: { width: 1440, height: 900 } };
const SCHEMES = { zh: "light", en: "dark" };
// A page that is longer than the screen is taken whole up to this height, in pixels.
const TALLEST = 2600;

/**
 * Looks at a state: the words of the page are in its language, in both; nothing sticks out of the screen at any size;
 * and after all of that the state is what it was. Pictures go to artefacts/browser/keep-NAME-SIZE-LANGUAGE.jpg. `sizes`
 * are the widths to look at; `at` is what is brought into view where the page is too long to be taken whole; `isBusy`
 * says that something is on its way and need not be waited for.
 */
export async function looks(page, name, { sizes = [360, 768, 1440], at = null, isBusy = false } = {}) {
  mkdirSync(ARTEFACTS, { recursive: true });
  const first = await languageOf(page);
  const before = { viewport: page.viewportSize(), scheme: await schemeOf(page), state: await page.evaluate(stateOf) };
  await page.evaluate(rememberFocus);
  const found = [];
  for (const language of ["zh", "en"]) {
    await speak(page, language, isBusy);
    await page.emulateMedia({ colorScheme: SCHEMES[language] });
    await page.evaluate(drawn);
    found.push(...(await page.evaluate(wrongWords, language)).map((text) => `${language}: ${text}`));
    // The second time the other way round: the sizes in the middle need not be set again.
    for (const size of language === "zh" ? sizes : [...sizes].reverse()) {
      await page.setViewportSize(SIZES[size]);
      if (at !== null) await page.locator(at).first().evaluate((element) => element.scrollIntoView({ block: "center" }));
      found.push(...(await page.evaluate(stickingOut)).map((text) => `${language} at ${size}: ${text}`));
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      const isWhole = height > SIZES[size].height && height <= TALLEST;
      if (isWhole) await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: path.join(ARTEFACTS, `keep-${name}-${size}-${language}.jpg`), type: "jpeg", quality: 80, fullPage: isWhole });
    }
  }
  await speak(page, first, isBusy);
  await page.emulateMedia({ colorScheme: before.scheme });
  await page.setViewportSize(before.viewport);
  await page.evaluate(focusAgain);
  assert.deepEqual(found, [], name);
  assert.deepEqual(await page.evaluate(stateOf), before.state, `${name}: the other language lost something`);
}

async function languageOf(page) {
  return (await page.getAttribute("html", "lang")).startsWith("zh") ? "zh" : "en";
}

function schemeOf(page) {
  return page.evaluate(() => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
}

/** Goes over to a language by the control of the page, and waits for what it asks the service anew. */
async function speak(page, language, isBusy) {
  if (await languageOf(page) === language) return;
  const asked = new Set();
  const begins = (request) => asked.add(request);
  const ends = (request) => asked.delete(request);
  page.on("request", begins);
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, ends);
  await page.evaluate(() => document.getElementById("language").click());
  await page.evaluate(drawn);
  if (!isBusy) await until(async () => asked.size + await page.locator('[aria-busy="true"]').count(), (open) => open === 0);
  await page.evaluate(drawn);
  page.off("request", begins);
  for (const end of ["requestfinished", "requestfailed"]) page.off(end, ends);
}

// The rest runs in the page.

function drawn() {
  return new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
}

/** What somebody would miss: what is typed and chosen, what is unfolded, asked, and said to be wrong. */
function stateOf() {
  const all = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  return {
    address: location.search,
    typed: all("input, select, textarea").map(({ id, name, type, value, checked }) => `${id || name}=${type === "file" ? "" : value}${checked === true ? " chosen" : ""}`),
    pressed: all('[aria-pressed="true"]').length,
    unfolded: all("details[open]").length,
    asked: all(".sure, .twice-ask, .confirm").length,
    offered: all(".offers .chip").length,
    told: all(".problem, .note, .wrong, .field-problem, [aria-invalid=true]").length,
    chosen: document.getElementById("import-chosen")?.className ?? "",
  };
}

function rememberFocus() {
  const place = [];
  for (let element = document.activeElement; element !== null && element !== document.body; element = element.parentElement) {
    place.unshift([...element.parentElement.children].indexOf(element));
  }
  window.lookedFrom = { id: document.activeElement?.id ?? "", place };
}

function focusAgain() {
  const { id, place } = window.lookedFrom;
  const there = id === "" ? place.reduce((element, at) => element?.children[at], document.body) : document.getElementById(id);
  there?.focus({ preventScroll: true });
}

/**
 * What is not in the language of the page, or in none: codes, and names of fields. What is data stands in an element with
 * a language of its own, in what is code, or in quotation marks in a sentence.
 */
function wrongWords(language) {
  const isData = (element) => element.closest("[lang]") !== document.documentElement || element.closest("code, pre, script, style, noscript, textarea") !== null;
  const wrong = (text) => {
    const own = text.replace(/“[^”]*”/g, "“”");
    if (language === "en" && /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u.test(own)) return "is not English";
    if (language === "zh" && /[A-Za-z]{2,}(?:[\s,;:.'-]+[A-Za-z]{2,}){2,}/.test(own)) return "is not Chinese";
    // The way in which OpenStreetMap writes hours has no other name.
    if (/\b(?!opening_hours\b)[a-z]+_[a-z_]+\b/.test(own)) return "has a code";
    return /\b1 (?!pass)[a-z]+[a-rt-z]s\b/.test(own) ? "has a plural for one" : null;
  };
  const texts = [["title", document.title, document.body]];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) texts.push(["text", walker.currentNode.data, walker.currentNode.parentElement]);
  for (const name of ["aria-label", "placeholder", "title", "alt", "data-label"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) if (name !== "data-label" || element.matches("td")) texts.push([name, element.getAttribute(name), element]);
  }
  return texts.filter(([, text, element]) => text.trim() !== "" && !isData(element) && (element.tagName === "OPTION" ? element.closest("select") : element)?.checkVisibility())
    .flatMap(([where, text, element]) => {
      const why = wrong(text);
      return why === null ? [] : [`${where} of ${element.tagName.toLowerCase()}.${element.className || element.id} ${why}: ${text.trim().slice(0, 160)}`];
    });
}

/** What is wider than the screen: the page itself, controls outside of a scroller of their own, text outside of its control. */
function stickingOut() {
  const wide = document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
  const inScroller = (element) => {
    for (let up = element.parentElement; up !== null; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true;
    return element.closest(".hidden, .skip, .maplibregl-map") !== null;
  };
  const told = (element) => element.outerHTML.slice(0, 120);
  const all = [...document.querySelectorAll("button, a, input, select, textarea, summary, label, h2, h3, h4, p, li, .tag")].filter((element) => element.checkVisibility());
  return wide.concat(all.flatMap((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    if (width > 0 && (right > innerWidth + 1 || left < -1) && !inScroller(element)) return [`outside: ${told(element)}`];
    const isCut = element.matches("button, .button, .tag, .segment span, .chip") && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && !element.matches(".place-pin, .maplibregl-map *, .top-tool");
    return isCut ? [`its text is cut: ${told(element)}`] : [];
  }));
}
