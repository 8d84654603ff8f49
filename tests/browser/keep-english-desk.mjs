// Reports, feeds and tokens on the page for the staff, worked in English from the start of each flow to its end, by roles
// and English names alone, as keep-english.mjs does with stations.
// Wholly in English elsewhere: every problem of a new feed at its field, a feed that others removed, a secret where there is
// no clipboard (keep-desk-feeds.mjs); a remark that would be lost (keep-desk-tickets.mjs).
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { assertEnglish, openEnglish, press, says, textsOfStations } from "./keep-english-harness.mjs";
import { named, settled, shownId, stations } from "./keep-import-sheets.mjs";
import { ask, assertClean, ITEMS, makeRegister, makeToken, startBrowser, startKeep, station, until, violations } from "./keep-harness.mjs";

const DAY = String.raw`\d{1,2} [A-Z][a-z]+ \d{4}`;
const NOON = String.raw`\d{1,2} [A-Z][a-z]+(?: \d{4})?, \d\d:\d\d`;

describe("reports, feeds and tokens on the page for the staff, in English", { timeout: 900_000 }, () => {
  let browser;
  let register;
  let service;
  let base;
  let editor;
  let admin;
  let known;
  let sheets;
  // What another server has, by path.
  const files = new Map();
  before(async () => {
    browser = await startBrowser();
    sheets = createServer((request, response) => {
      const text = files.get(request.url);
      response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/csv; charset=utf-8" });
      response.end(text ?? "");
    });
    await new Promise((listening) => { sheets.listen(0, "127.0.0.1", listening); });
    register = makeRegister();
    editor = makeToken(register.database, "editor", "Mary Wu");
    admin = makeToken(register.database, "admin", "John Li");
    service = await startKeep(register, "--allow-host", host(), "--trust-forwarded");
    base = service.base;
    known = [...textsOfStations(await stations(base)), "装载", "李看", "王芳", "赵管"];
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
    sheets?.close();
    sheets?.closeAllConnections();
  });

  const host = () => `127.0.0.1:${sheets.address().port}`;
  const group = (page, name) => page.getByRole("group", { name, exact: true });

  it("filters reports, and confirms one, rejects one and resolves one", async () => {
    let senders = 0;
    const report = async (body) => {
      senders += 1;
      const headers = { "content-type": "application/json", "x-forwarded-for": `10.0.0.${senders}` };
      const response = await fetch(`${base}${ITEMS}/sy-011/reports`, { method: "POST", headers, body: JSON.stringify(body) });
      return (await response.json()).id;
    };
    const [broken, again, wrong, locked] = [await report({ kind: "no_water" }), await report({ kind: "no_water", text: "empty since Monday", lang: "en" }),
      await report({ kind: "wrong_hours", text: "closed at noon", lang: "en" }), await report({ kind: "door_locked" })];
    assert.equal(again, broken, "the same is one report");
    const stored = async (id) => (await ask(base, editor, "GET", `/v1/tickets/${id}`)).json;
    const { page, record, close } = await openEnglish(browser, base, editor);
    await page.getByRole("tab", { name: "Reports 3 open" }).click();
    await says(page, new RegExp(`^read ${NOON}$`));
    const card = (what) => page.getByRole("list", { name: "Reports" }).getByRole("listitem").filter({ has: page.getByRole("heading", { name: what, exact: true }) });
    await card("no water").getByText(new RegExp(`^Reported 2 times since ${NOON}, last ${NOON}$`)).waitFor();
    await card("door locked").getByText(new RegExp(`^Reported ${NOON}$`)).waitFor();
    await card("door locked").getByText("Nothing was written.").waitFor();
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    // Filters.
    await page.getByRole("combobox", { name: "Problem" }).selectOption({ label: "wrong hours" });
    await card("door locked").waitFor({ state: "detached" });
    await card("wrong hours").waitFor();
    await page.getByRole("combobox", { name: "State" }).selectOption({ label: "Resolved" });
    await page.getByText("There are no such reports.").waitFor();
    await page.getByRole("combobox", { name: "Problem" }).selectOption({ label: "Any problem" });
    await page.getByRole("combobox", { name: "State" }).selectOption({ label: "Not settled" });
    await page.getByRole("searchbox", { name: "Station" }).fill("no such place");
    await press(group(page, "Filter"), "Filter");
    await says(page, "There is no station called “no such place”.");
    await page.getByRole("searchbox", { name: "Station" }).fill("sy-011");
    await press(group(page, "Filter"), "Filter");
    await page.getByText(`Only ${(await station(base, editor, "sy-011")).properties.name}`, { exact: true }).waitFor();
    await page.getByRole("button", { name: "All stations" }).waitFor();
    // Decisions.
    const unfold = (what) => card(what).getByText("Handle", { exact: true }).click();
    await unfold("no water");
    await assertEnglish(page, known);
    assert.deepEqual(await violations(page), []);
    await press(card("no water"), "It is so: mark drinking water out of order");
    await says(page, "Resolved, and the station is changed.");
    await card("no water").getByText(/^The station was changed \(revision \d+\)$/).waitFor();
    assert.equal((await station(base, editor, "sy-011")).properties.facilities.drinking_water, "out_of_order");
    assert.equal((await stored(broken)).state, "resolved");
    await unfold("wrong hours");
    await press(card("wrong hours"), "Not so");
    await says(page, "Marked as not so.");
    assert.equal((await stored(wrong)).state, "rejected");
    await page.getByRole("tab", { name: "Reports 1 open" }).waitFor();
    await unfold("door locked");
    await card("door locked").getByRole("textbox", { name: "Remark (optional)" }).fill("a new lock");
    await press(card("door locked"), "Take it up");
    await says(page, "Taken up.");
    await card("door locked").getByText("Remark: a new lock").waitFor();
    await unfold("door locked");
    await card("door locked").getByRole("textbox", { name: "Remark (optional)" }).fill("the lock is changed");
    await press(card("door locked"), "Resolved");
    await says(page, "Resolved.");
    await card("door locked").getByText(new RegExp(`^Mary Wu, ${NOON}$`)).waitFor();
    assert.deepEqual([(await stored(locked)).state, (await stored(locked)).note, (await stored(locked)).changed_by], ["resolved", "the lock is changed", "Mary Wu"]);
    await press(page, "All stations");
    await page.getByText("Everything is settled: no report is waiting.").waitFor();
    await assertEnglish(page, known);
    await assertClean(page, record, editor);
    await close();
  });

  it("adds a feed, fetches it, looks at what waits, and removes it", async () => {
    const told = async (name) => (await ask(base, admin, "GET", "/v1/feeds")).json.feeds.find((each) => each.name === name);
    const { page, record, close } = await openEnglish(browser, base, admin, "tab=feeds");
    await page.getByText("There are no feeds yet.").waitFor();
    await page.getByText("Add a feed", { exact: true }).click();
    const address = `http://${host()}/east.csv`;
    await page.getByRole("textbox", { name: "Name" }).fill("East sanitation centre");
    await page.getByRole("textbox", { name: "Address" }).fill("ftp://sheets.example/east.csv");
    await page.getByRole("spinbutton", { name: "How often it is fetched" }).fill("2");
    await page.getByRole("combobox", { name: "How often it is fetched" }).selectOption({ label: "hours" });
    await page.getByRole("combobox", { name: "Datum" }).selectOption({ label: "WGS-84 (GPS, Tianditu)" });
    await press(page, "Add");
    await page.getByText("It has to be an http or https address without user name and password.").waitFor();
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await page.getByRole("textbox", { name: "Address" }).fill(address);
    await press(page, "Add");
    await says(page, "“East sanitation centre” is added; the service will fetch it soon.");
    const { name, url, every_min, coord } = await told("East sanitation centre");
    assert.deepEqual([name, url, every_min, coord], ["East sanitation centre", address, 120, "wgs84"]);
    const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "East sanitation centre" }) });
    await card.getByText(/^every 2 hours · (due now|next .*) · coordinates in WGS-84 \(GPS, Tianditu\) · nothing is written by itself$/).waitFor();
    // The service fetches a new feed by itself, too; there is nothing yet.
    await until(async () => (await told("East sanitation centre")).last?.state, (state) => state === "failed");
    await press(card, "Fetch now");
    await card.getByText("failed", { exact: true }).waitFor();
    await card.getByText(/^Why: .*404/).waitFor();
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    files.set("/east.csv", "id,name,lon,lat,facilities\nf-1,East gate stop,109.21,18.41,toilet\n");
    await press(card, "Fetch now");
    await says(page, "“East sanitation centre”: waits for a person");
    await card.getByText(new RegExp(`^fetched ${NOON} · 1 new, 0 changed, 0 missing of 1 row, 100% of change$`)).waitFor();
    await card.getByText(/^Why: .*/).waitFor();
    await assertEnglish(page, known);
    await press(card, "Look at what waits");
    await page.getByText("1 row, 1 new", { exact: true }).waitFor();
    assert.equal((await ask(base, admin, "GET", `/v1/imports/${shownId(page)}`)).json.source, "East sanitation centre");
    await settled(page);
    await press(page, "Write it");
    await says(page, /^Written as revision \d+, /);
    assert.equal(await named(base, "East gate stop"), 1);
    await page.getByRole("tab", { name: "Feeds" }).click();
    await press(page, "Refresh");
    await card.getByRole("button", { name: "Look at what waits" }).waitFor({ state: "detached" });
    await press(card, "Remove");
    const sure = card.getByRole("group", { name: /^Remove “East sanitation centre”\? It is fetched no longer\./ });
    await press(sure, "Cancel");
    await press(card, "Remove");
    await press(sure, "Remove");
    await says(page, "“East sanitation centre” is removed.");
    await page.getByText("There are no feeds yet.").waitFor();
    assert.equal(await told("East sanitation centre"), undefined);
    await assertClean(page, record, admin, [400, 409]);
    await close();
  });

  it("makes a token, shows its secret once, and revokes it, but not the one in use", async () => {
    const { page, record, close } = await openEnglish(browser, base, admin, "tab=tokens", { permissions: ["clipboard-read", "clipboard-write"] });
    const card = (name) => page.getByRole("list", { name: "Tokens" }).getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
    await card("John Li").getByText("A token cannot revoke itself; use another administrator's token for that.").waitFor();
    await card("John Li").getByText("in use by you").waitFor();
    assert.equal(await card("John Li").getByRole("button").count(), 0);
    await page.getByText("Make a token", { exact: true }).click();
    await page.getByRole("spinbutton", { name: "Good for (days)" }).fill("4000");
    await press(page, "Make");
    await page.getByText("Please fill this in.").waitFor();
    assert.equal(await page.getByRole("spinbutton", { name: "Good for (days)" }).getAttribute("aria-invalid"), "true");
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await page.getByRole("textbox", { name: "For whom" }).fill("Ann Chen");
    await page.getByRole("combobox", { name: "What it may do" }).selectOption({ label: "reader" });
    await page.getByText("Reads stations.", { exact: true }).waitFor();
    await page.getByRole("spinbutton", { name: "Good for (days)" }).fill("90");
    await press(page, "Make");
    const box = page.getByRole("region", { name: "The token of “Ann Chen” is made" });
    const secret = await box.getByRole("textbox", { name: "Token" }).inputValue();
    assert.equal((await ask(base, secret, "GET", "/v1/me")).json.role, "reader");
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await press(box, "Copy");
    await says(page, "The token is copied.");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
    await press(box, "I have kept it; show it no longer");
    await box.waitFor({ state: "detached" });
    await card("Ann Chen").getByText(new RegExp(`^\\w+ · made ${DAY} · good until ${DAY}$`)).waitFor();
    await press(card("Ann Chen"), "Revoke");
    const sure = card("Ann Chen").getByRole("group", { name: /^Revoke token \w+ of “Ann Chen”\? Whoever uses it is locked out at once, and it cannot be undone\.$/ });
    await press(sure, "Cancel");
    assert.equal((await ask(base, secret, "GET", "/v1/me")).status, 200);
    await press(card("Ann Chen"), "Revoke");
    await press(sure, "Revoke");
    await says(page, "The token of “Ann Chen” is revoked.");
    assert.equal((await ask(base, secret, "GET", "/v1/me")).status, 401);
    await page.getByRole("checkbox", { name: "Also those that are no longer good (1)" }).check({ force: true });
    await card("Ann Chen").getByText(new RegExp(`revoked ${DAY}$`)).waitFor();
    await assertEnglish(page, known);
    await assertClean(page, record, secret, [400]);
    await assertClean(page, record, admin, [400]);
    await close();
  });
});
