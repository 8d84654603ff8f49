// What every browser test needs: the real binary on a free port, and Chromium with a page that keeps its own record.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const ARTEFACTS = path.join(ROOT, "artefacts/browser");
export const PLACE = { lon: 109.51, lat: 18.25 };
const START_MS = 60_000;
// Long, because a slow machine is no bug; a wait ends as soon as it may.
const WAIT_MS = 60_000;

const require = createRequire(path.join(ROOT, "web/package.json"));
const { chromium } = require("playwright-core");
const AXE = require.resolve("axe-core/axe.min.js");

function binary() {
  const candidates = [process.env.YIZHAN_BIN, path.join(ROOT, "target/release/yizhan"), path.join(ROOT, "target/debug/yizhan")];
  const found = candidates.find((candidate) => candidate !== undefined && existsSync(candidate));
  if (found === undefined) throw new Error("no binary: build it with `cargo build`, or name one in YIZHAN_BIN");
  return found;
}

/**
 * Starts the service and resolves when it has printed its address. Gives `{ base, hold, goOn, stop }`; what is held does
 * nothing until it goes on, so that a state which passes quickly can be looked at on any machine.
 */
export function startService(...args) {
  const child = spawn(binary(), ["serve", "--listen", "127.0.0.1:0", ...args], { cwd: ROOT });
  let output = "";
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${why}; it printed:\n${output}`));
    const timer = setTimeout(() => fail(`the service gave no address within ${START_MS} ms`), START_MS);
    const listen = (chunk) => {
      output += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (address === null) return;
      clearTimeout(timer);
      resolve({ base: address[0], hold: () => child.kill("SIGSTOP"), goOn: () => child.kill("SIGCONT"), stop: () => stop(child) });
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", (chunk) => { output += chunk; });
    child.on("exit", (code) => fail(`the service ended with ${code}`));
    child.on("error", (error) => fail(String(error)));
  });
}

/** Runs a command of the binary and gives what it prints. */
export function command(...args) {
  return execFileSync(binary(), args, { cwd: ROOT, encoding: "utf8" });
}

function stop(child) {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.removeAllListeners("exit");
    child.once("exit", done);
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
  });
}

/** Starts Chromium with WebGL in software and without its own background traffic. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
      "--ignore-gpu-blocklist",
    ],
  });
}

/**
 * Opens a page in a context of its own. `record` fills with its console errors, its dialogs, the requests it made and
 * those that went to another host, which must not happen at all. `webgl: false` gives a device that cannot draw maps;
 * `prepare` is called with the page before it opens the address.
 */
export async function openPage(browser, url, { waitFor = ".station", webgl = true, prepare, ...options } = {}) {
  const context = await browser.newContext({
    // Reduced motion: nothing moves by itself, so nothing has to be waited for.
    viewport: { width: 1440, height: 900 }, locale: "zh-CN", reducedMotion: "reduce", ...options,
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  await page.addInitScript(reportPolicyViolations);
  const record = { errors: [], dialogs: [], requests: [], foreign: [] };
  page.on("console", (message) => { if (message.type() === "error") record.errors.push(message.text()); });
  page.on("pageerror", (error) => record.errors.push(error.message));
  page.on("dialog", (dialog) => { record.dialogs.push(dialog.message()); void dialog.dismiss(); });
  context.on("request", (request) => {
    const target = new URL(request.url());
    record.requests.push(target.pathname + target.search);
    if (/^https?:$/.test(target.protocol) && target.hostname !== "127.0.0.1") record.foreign.push(request.url());
  });
  if (!webgl) await page.addInitScript(removeWebGl);
  await prepare?.(page);
  await page.goto(url);
  if (waitFor !== null) await page.waitForSelector(waitFor);
  return { page, record, close: () => context.close() };
}

// Into the console, and from there into the record of errors.
function reportPolicyViolations() {
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    console.error(`the policy forbids ${violatedDirective}: ${blockedURI}`));
}

function removeWebGl() {
  const original = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return /webgl/.test(kind) ? null : original.call(this, kind, ...rest);
  };
}

/** Waits until the list shows the answer to the newest request. */
export async function settled(page) {
  await page.waitForSelector("#results:not([aria-busy])", { state: "attached" });
}

/**
 * Runs `act`, and gives the answer of `GET /v1/nearest` that it led to, once the list shows it. What the page asked before
 * does not count, such as its question of every minute.
 */
export async function nearestAfter(page, act) {
  const asked = [];
  const note = (request) => { if (new URL(request.url()).pathname === "/v1/nearest") asked.push(request); };
  page.on("request", note);
  await act();
  await until(() => asked.length, (count) => count > 0);
  await settled(page);
  page.off("request", note);
  const request = asked.at(-1);
  return { answer: await (await request.response()).json(), query: new URL(request.url()).searchParams };
}

/** Types into a field that searches, once the names of the city are there. */
export async function search(page, field, text) {
  await page.locator(field).focus();
  await until(async () => {
    await page.fill(field, "");
    await page.locator(field).pressSequentially(text);
    await new Promise((next) => setTimeout(next, 200));
    return page.locator(`${field}-list [data-position]`).count();
  }, (found) => found > 0 || text.includes("没有"));
}

/** Asks `question` again until `isEnough` says so, and gives the last answer either way. */
export async function until(question, isEnough) {
  for (const end = Date.now() + WAIT_MS; ;) {
    const answer = await question();
    if (isEnough(answer) || Date.now() > end) return answer;
    await new Promise((next) => setTimeout(next, 100));
  }
}

/** The names in the list, in order. */
export function names(page) {
  return page.locator(".station h3 > a").allTextContents();
}

/** What axe finds on the page: rule and element of each violation of WCAG A and AA. */
export async function violations(page) {
  await page.evaluate(readFileSync(AXE, "utf8"));
  const { violations: found } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  }));
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`));
}

/** Takes a picture into artefacts/browser/. */
export function picture(page, name) {
  mkdirSync(ARTEFACTS, { recursive: true });
  return page.screenshot({ path: path.join(ARTEFACTS, `${name}.png`) });
}
