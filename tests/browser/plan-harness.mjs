// What the tests of the planner's page share: opening it, waiting for its answers, and reading its figures.
import { openPage, until } from "./harness.mjs";

export { ARTEFACTS, picture, startBrowser, startService, until, violations } from "./harness.mjs";

/** Opens /plan and waits until it shows figures and, unless `webgl` is false, its map. */
export async function openPlan(browser, base, search = "", options = {}) {
  const opened = await openPage(browser, `${base}/plan${search}`, { waitFor: null, ...options });
  const { page } = opened;
  await page.waitForSelector(/view=audit/.test(search) ? "#audit-results .figure" : "#summary:not([hidden]) .figure");
  if (options.webgl !== false) await page.waitForSelector("#map-message", { state: "hidden" });
  await quiet(page);
  return opened;
}

/** Waits until nothing is being asked any longer. */
export async function quiet(page) {
  await page.waitForSelector("#results:not([aria-busy])");
}

/**
 * Runs `act`, waits until the page shows the answer of the planner to `path` that it led to, and gives the same answer,
 * asked for once more: the browser keeps no copy of a stream of events.
 */
export async function answerAfter(page, act, path = "/v1/coverage") {
  const isIt = (response) => new URL(response.url()).pathname === path && new URL(response.url()).searchParams.get("f") === null;
  const [response] = await Promise.all([page.waitForResponse(isIt), act()]);
  await quiet(page);
  const request = response.request();
  const body = request.postData();
  const again = await fetch(request.url(), body === null ? {} : { method: "POST", body, headers: { "content-type": "application/json" } });
  return { answer: await again.json(), query: new URL(response.url()).searchParams, body: body === null ? null : JSON.parse(body) };
}

/** The large figures: sure, perhaps, not. */
export function shares(page) {
  return page.locator("#summary .figure.large").allTextContents();
}

/** A share as the page writes it. */
export function percent(share) {
  const value = share * 100;
  return value === 0 || value === 100 ? `${value}%` : `${value.toFixed(value < 10 ? 2 : 1)}%`;
}

/** Counts the pixels of the map that are about one of the colours of the page's tokens. */
export async function pixels(page, token) {
  const png = (await page.locator("#map canvas").screenshot()).toString("base64");
  return page.evaluate(async ([data, name]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data: values } = context.getImageData(0, 0, canvas.width, canvas.height);
    const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const wanted = [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
    let count = 0;
    for (let at = 0; at < values.length; at += 4) if (wanted.every((value, i) => Math.abs(values[at + i] - value) < 48)) count += 1;
    return count;
  }, [png, token]);
}

/** Waits until the map shows more pixels of a colour than `least`. */
export async function drawn(page, token, least) {
  return (await until(() => pixels(page, token), (count) => count > least)) > least;
}
