// What the tests of the page for the staff share: a register made by the command line, tokens of each role, the service on
// it, the page signed in, and questions that somebody else asks meanwhile.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { command, openPage, ROOT, startService, until, violations as found } from "./harness.mjs";

export { picture, startBrowser, until } from "./harness.mjs";
export { looks } from "./keep-looks.mjs";

export const DEMO_CITY = path.join(ROOT, "data/demo_city.geojson");
export const ITEMS = "/v1/collections/stations/items";
/** Whose the tokens are; changes are logged under these names. */
export const NAMES = { reader: "李看", editor: "王芳", admin: "赵管" };

/**
 * Makes a register in a folder of its own, from a file of stations (null: an empty one), with a token of each role.
 * Gives `{ folder, database, tokens: { reader, editor, admin }, remove }`.
 */
export function makeRegister(stations = DEMO_CITY) {
  const folder = mkdtempSync(path.join(tmpdir(), "yizhan-keep-"));
  const database = path.join(folder, "yizhan.db");
  if (stations !== null) command("import", stations, "--database", database, "--commit", "--author", "装载");
  const tokens = Object.fromEntries(Object.entries(NAMES).map(([role, name]) => [role, makeToken(database, role, name)]));
  return { folder, database, tokens, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Makes a token and gives its secret. */
export function makeToken(database, role, name = NAMES[role], days = 30) {
  return command("token", "make", name, "--role", role, "--days", String(days), "--database", database).trim();
}

/** Starts the service on a register; `args` are more flags of `serve`. Gives what `startService` gives. */
export function startKeep(register, ...args) {
  return startService("--database", register.database, ...args);
}

/**
 * Opens /keep and signs in by typing the token, as people do. `search` is the address after `?`, such as
 * `tab=imports&lang=en`; the other options are those of `openPage`. Dialogs of the browser are dismissed and recorded, as
 * there, unless the test listens for them itself.
 */
export async function openKeep(browser, base, token, search = "", options = {}) {
  const opened = await openPage(browser, `${base}/keep${search === "" ? "" : `?${search}`}`, { waitFor: "#sign-in:not([hidden])", ...options });
  await signIn(opened.page, token);
  return opened;
}

/** Types the token into the form that asks for one, and waits until the desk is there. */
export async function signIn(page, token) {
  await page.fill("#token", token);
  await page.click("#sign-in-button");
  await page.waitForSelector("#desk:not([hidden])");
}

/**
 * Asks the service as somebody else does: `{ status, headers, json }`. A `body` that is no string goes as JSON.
 * `as` is the secret of a token.
 */
export async function ask(base, as, method, where, { body, headers = {} } = {}) {
  const response = await fetch(`${base}${where}`, {
    method,
    headers: { authorization: `Bearer ${as}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === "" ? null : JSON.parse(text) };
}

/** A station as the service has it now. */
export async function station(base, as, id) {
  return (await ask(base, as, "GET", `${ITEMS}/${encodeURIComponent(id)}`)).json;
}

/** Changes a station by a merge patch, whoever has changed it before; gives it as it is then. */
export async function change(base, as, id, patch) {
  const { status, json } = await ask(base, as, "PATCH", `${ITEMS}/${encodeURIComponent(id)}`, { body: patch, headers: { "if-match": "*" } });
  assert.equal(status, 200, JSON.stringify(json));
  return json;
}

/** Writes a new station, whether others are near or not; gives it. */
export async function create(base, as, properties, [lon, lat], id) {
  const body = { type: "Feature", ...(id === undefined ? {} : { id }), geometry: { type: "Point", coordinates: [lon, lat] }, properties };
  const { status, json } = await ask(base, as, "POST", `${ITEMS}?force=true`, { body });
  assert.equal(status, 201, JSON.stringify(json));
  return json;
}

/**
 * What must hold at the end of each test: nothing failed in the console, nothing was asked of another host, and the
 * token is in no address and in no lasting storage. `refused` allows for errors that the browser writes into the console
 * when the service says no, which it does by design: a list of statuses.
 */
export async function assertClean(page, record, token, refused = []) {
  const isExpected = (text) => refused.some((status) => text.includes(`status of ${status}`));
  assert.deepEqual(record.errors.filter((text) => !isExpected(text)), []);
  assert.deepEqual(record.foreign, []);
  assert.ok(record.requests.every((request) => !request.includes(token)), "a token in an address");
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie + location.href);
  assert.ok(!kept.includes(token), "a token in lasting storage, a cookie or the address");
}

/** What axe finds, once nothing is being asked: what is old is pale until the new is there. */
export async function violations(page) {
  await until(() => page.locator('[aria-busy="true"]').count(), (busy) => busy === 0);
  return found(page);
}
