// One station on /keep beside its form: history, removal, inspections and use, QR code; what a reader sees; names like scripts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT } from "./harness.mjs";
import {
  ask, assertClean, change, create, ITEMS, looks, makeRegister, NAMES, openKeep, picture, startBrowser, startKeep, station, until, violations,
} from "./keep-harness.mjs";

const require = createRequire(path.join(ROOT, "web/package.json"));
const jsQR = require("jsqr");

const HOSTILE = "<img src=x onerror=alert(1)>";
const PHONE = { viewport: { width: 360, height: 740 } };
// What is far from every other station, so that none is similar.
const FAR = [109.05, 18.42];

describe("one station on the page for the staff", { timeout: 900_000 }, () => {
  let browser;
  let register;
  let service;
  let base;
  let editor;
  before(async () => {
    browser = await startBrowser();
    register = makeRegister();
    service = await startKeep(register, "--districts", "data/districts.geojson");
    base = service.base;
    editor = register.tokens.editor;
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
  });

  const open = (search = "tab=stations", token = editor, options = {}) => openKeep(browser, base, token, search, options);
  const openStation = async (id, view = "", token = editor, options = {}) => {
    const opened = await open(`tab=stations&station=${encodeURIComponent(id)}${view === "" ? "" : `&view=${view}`}`, token, options);
    await opened.page.waitForSelector("#station-revision");
    return opened;
  };
  const saved = (page) => page.waitForFunction(() => /已保存|Saved/.test(document.querySelector("#said")?.textContent ?? ""));
  const rows = (page) => page.locator(".stations-table tbody tr");
  const rowsAre = (page, count) => until(() => rows(page).count(), (now) => now === count);
  const history = async (id) => (await ask(base, editor, "GET", `${ITEMS}/${encodeURIComponent(id)}/history`)).json.history;

  it("tells the history field by field, and takes a revision back unless others built on it", async () => {
    await change(base, editor, "sy-007", { properties: { phone: "111" } });
    await change(base, register.tokens.admin, "sy-007", { properties: { phone: "222", facilities: { toilet: "out_of_order" } } });
    const [last, first] = await history("sy-007");
    const { page, record, close } = await openStation("sy-007", "history");
    await page.waitForSelector(".revision");
    const of = (revision) => page.locator(`.revision[data-revision="${revision}"]`);
    assert.equal(await page.locator(".revision").count(), 3);
    assert.match(await of(last.revision).textContent(), new RegExp(NAMES.admin));
    assert.deepEqual(await of(last.revision).locator('tr[data-field="phone"] td').allTextContents(), ["111", "222"]);
    assert.equal(await of(last.revision).locator('tr[data-field="facilities.toilet"] td').nth(1).textContent(), "坏了");
    assert.equal(await of(last.revision).locator('tr[data-field="facilities.toilet"] th').textContent(), "卫生间");
    assert.deepEqual(await violations(page), []);
    // The older one cannot be taken back: the later edits are listed.
    await of(first.revision).locator(".undo").click();
    await of(first.revision).locator(".undo-yes").click();
    await of(first.revision).locator("[role=alert]").waitFor();
    await looks(page, "station-history-later");
    assert.match(await of(first.revision).locator("[role=alert]").textContent(), new RegExp(`第 ${last.revision} 版 · sy-007 · 编辑 · ${NAMES.admin}`));
    // The last one can.
    await of(last.revision).locator(".undo").click();
    await looks(page, "station-history");
    await of(last.revision).locator(".undo-no").click();
    await of(last.revision).locator(".undo").click();
    await of(last.revision).locator(".undo-yes").click();
    await until(() => page.locator(".revision").count(), (count) => count === 4);
    assert.equal((await station(base, editor, "sy-007")).properties.phone, "111");
    assert.match(await page.textContent("#said"), new RegExp(`第 ${last.revision} 版已撤销`));
    await page.click("#view-record");
    assert.equal(await until(() => page.inputValue("#st-phone"), (value) => value === "111"), "111", "the form has what was restored");
    await assertClean(page, record, editor, [409]);
    await close();
  });

  it("removes a station after it was asked, leaves its history, and brings it back", async () => {
    const { page, record, close } = await openStation("sy-008", "", editor, PHONE);
    const name = await page.textContent("#station-name");
    await page.click("#st-remove");
    await page.click("#remove-no");
    await page.click("#st-remove");
    await page.fill("#remove-why", "登记重复");
    await looks(page, "station-remove", { at: "#remove-yes" });
    assert.deepEqual(await violations(page), []);
    await page.click("#remove-yes");
    await page.waitForFunction((text) => document.querySelector("#said")?.textContent === `已删除“${text}”。`, name);
    assert.equal((await ask(base, editor, "GET", `${ITEMS}/sy-008`)).status, 404);
    await page.evaluate(() => { history.pushState(null, "", "/keep?tab=stations&station=sy-008"); dispatchEvent(new PopStateEvent("popstate")); });
    await page.getByText("没有编号为“sy-008”的站点").waitFor();
    await looks(page, "station-gone");
    await page.getByRole("button", { name: "看修改历史" }).click();
    await page.waitForSelector(".revision");
    assert.match(await page.locator(".revision").first().textContent(), /删除.*登记重复/s);
    await page.locator(".revision .undo").first().click();
    await page.locator(".revision .undo-yes").first().click();
    await page.waitForSelector("#station-revision");
    assert.equal((await station(base, editor, "sy-008")).properties.name, name);
    await assertClean(page, record, editor, [404]);
    await close();
  });

  it("does not remove what somebody else has changed meanwhile", async () => {
    const { page, record, close } = await openStation("sy-009");
    await change(base, register.tokens.admin, "sy-009", { properties: { phone: "9" } });
    await page.click("#st-remove");
    await page.click("#remove-yes");
    await page.getByText("别人改过这个站点").waitFor();
    await looks(page, "station-remove-changed", { at: ".removal" });
    await page.getByRole("button", { name: "重新载入" }).click();
    assert.equal(await until(() => page.inputValue("#st-phone"), (value) => value === "9"), "9");
    await assertClean(page, record, editor, [412]);
    await close();
  });

  it("keeps inspections, and counts visits", async () => {
    for (let visit = 0; visit < 3; visit += 1) assert.equal((await fetch(`${base}${ITEMS}/sy-011/visits`, { method: "POST" })).status, 204);
    await change(base, editor, "sy-011", { properties: { facilities: { toilet: "yes", microwave: "yes" } } });
    const { page, record, close } = await openStation("sy-011", "inspections");
    await page.waitForSelector("#visits");
    assert.match(await page.textContent("#visits"), /最近 30 天 3 次使用 · 累计 3 次/);
    await page.click("#new-inspection");
    assert.equal(await page.locator(".item").count(), 10);
    await page.locator('[data-item="toilet"] input[value="fail"]').check({ force: true });
    await page.selectOption("#in-state-toilet", "no");
    await page.fill("#in-remark-toilet", "门锁着");
    await page.locator('[data-item="microwave"] input[value="pass"]').check({ force: true });
    // The other language keeps what was typed.
    await page.click("#language");
    assert.equal(await page.inputValue("#in-remark-toilet"), "门锁着");
    assert.match(await page.textContent('[data-item="toilet"]'), /a toilet/);
    await page.click("#language");
    // Without its inspector, or on a day to come, it is refused, at the field.
    await page.click("#in-send");
    await page.waitForSelector("#in-inspector[aria-invalid]");
    assert.deepEqual(await violations(page), []);
    await looks(page, "inspection-form");
    await page.fill("#in-inspector", "区总工会检查员");
    await page.fill("#in-date", "2999-01-01");
    await page.click("#in-send");
    await page.waitForSelector("#in-date[aria-invalid]");
    assert.match(await page.textContent(".inspection-form [role=alert]"), /巡查日期：/);
    assert.match(await page.textContent("#in-date-wrong"), /2999-01-01/);
    await page.fill("#in-date", new Date().toISOString().slice(0, 10));
    await page.fill("#in-remark", "整洁");
    await page.click("#in-send");
    await page.waitForSelector("#receipt");
    assert.match(await page.textContent("#receipt"), /卫生间：资料写“有”，巡查是“没有”/);
    assert.match(await page.locator("#inspections .revision").first().textContent(), /区总工会检查员.*合格 1 项，不合格 1 项，没有看 8 项.*门锁着/s);
    const kept = (await ask(base, editor, "GET", `${ITEMS}/sy-011/inspections`)).json.inspections[0];
    assert.deepEqual([kept.who, kept.inspection.remark, kept.inspection.results.find(({ item }) => item === "toilet")], [NAMES.editor, "整洁", { item: "toilet", result: "fail", state: "no", remark: "门锁着" }]);
    assert.deepEqual(await violations(page), []);
    await looks(page, "inspections");
    // The suggestion goes into the form, and is saved only there.
    await page.locator("#receipt button").first().click();
    await page.waitForSelector("#st-name");
    assert.ok(await page.locator('[data-field="facilities.toilet"] input[value="no"]').isChecked());
    assert.equal((await station(base, editor, "sy-011")).properties.facilities.toilet, "yes");
    await page.click("#st-save");
    await saved(page);
    assert.equal((await station(base, editor, "sy-011")).properties.facilities.toilet, "no");
    await assertClean(page, record, editor, [400]);
    await close();
  });

  it("has a QR code that leads to the station, as a drawing, a file and a poster for print", async () => {
    const { page, record, close } = await openStation("sy-012", "poster");
    await page.waitForSelector("#poster svg");
    const address = `${base}/?station=sy-012`;
    const read = async () => {
      const png = (await page.locator("#poster svg").screenshot()).toString("base64");
      const { data, width, height } = await page.evaluate(async (encoded) => {
        const image = new Image();
        image.src = `data:image/png;base64,${encoded}`;
        await image.decode();
        const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        return { data: [...context.getImageData(0, 0, image.width, image.height).data], width: image.width, height: image.height };
      }, png);
      return jsQR(new Uint8ClampedArray(data), width, height)?.data;
    };
    assert.equal(await read(), address, "another program reads the address from the picture");
    const { properties } = await station(base, editor, "sy-012");
    assert.match(await page.textContent("#poster"), new RegExp(properties.name));
    assert.ok((await page.textContent("#poster")).includes(properties.address));
    assert.deepEqual(await violations(page), []);
    await looks(page, "station-poster");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#qr-download")]);
    assert.equal(download.suggestedFilename(), "qr-sy-012.svg");
    const svg = readFileSync(await download.path(), "utf8");
    assert.match(svg, /^<\?xml[^>]*>\n<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
    // In print there is the poster alone, of A6.
    await page.emulateMedia({ media: "print" });
    for (const hidden of [".top", ".tabs", ".station-head", ".poster-side", ".bottom"]) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
    assert.equal(await read(), address);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const box = /\/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf);
    assert.ok(Math.abs(Number(box[1]) - 297.6) < 2 && Math.abs(Number(box[2]) - 419.5) < 2, `${box[0]} is not A6`);
    assert.equal(pdf.match(/\/Type \/Page\b/g).length, 1, "one page");
    await picture(page, "keep-stations-poster-print");
    // The page that the code opens is that of the station.
    await page.emulateMedia({ media: null });
    const [opened] = await Promise.all([page.context().waitForEvent("page"), page.click("#qr-address")]);
    await opened.locator("#sheet-name").waitFor();
    assert.equal(await opened.textContent("#sheet-name"), properties.name);
    await opened.close();
    await assertClean(page, record, editor);
    await close();
  });

  it("lets a reader see everything and change nothing", async () => {
    const reader = register.tokens.reader;
    const { page, record, close } = await open("tab=stations&lang=en", reader, PHONE);
    await rowsAre(page, 50);
    assert.equal(await page.locator("#new-station").count(), 0);
    await rows(page).first().locator("a").click();
    await page.waitForSelector(".record-view");
    assert.equal(await page.locator("input, #st-save, #st-remove").locator("visible=true").count(), 0);
    assert.match(await page.textContent('.record-view dd[data-part="location"]'), /\(WGS-84\)/);
    await page.waitForSelector(".place-map[data-drawn]");
    assert.deepEqual(await violations(page), []);
    await looks(page, "station-reader");
    await page.click("#view-history");
    await page.waitForSelector(".revision");
    assert.equal(await page.locator(".undo").count(), 0);
    await page.click("#view-inspections");
    await page.waitForSelector("#visits");
    assert.equal(await page.locator("#new-inspection").count(), 0);
    await page.click("#view-poster");
    await page.waitForSelector("#poster svg");
    assert.match(await page.textContent("#poster"), /Station for outdoor workers/);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await assertClean(page, record, reader);
    await close();
  });

  it("shows a station that is named like a script as text, everywhere", async () => {
    const at = "x<b>\"/1";
    await create(base, editor, { name: HOSTILE, address: HOSTILE, operator: HOSTILE, source: HOSTILE, aliases: [HOSTILE] }, FAR, at);
    await change(base, editor, at, { properties: { phone: HOSTILE } });
    const { page, record, close } = await open(`tab=stations&q=${encodeURIComponent("onerror")}`);
    await rowsAre(page, 1);
    assert.equal(await rows(page).first().locator("a").textContent(), HOSTILE);
    await rows(page).first().locator("a").click();
    await page.waitForSelector("#station-revision");
    assert.equal(await page.textContent("#station-name"), HOSTILE);
    assert.equal(await page.inputValue("#st-address"), HOSTILE);
    for (const [view, there] of [["history", ".revision"], ["inspections", "#visits"], ["poster", "#poster svg"]]) {
      await page.click(`#view-${view}`);
      await page.waitForSelector(there);
      assert.equal(await page.locator("#work img, #work b").count(), 0, view);
    }
    // In the conflict, too.
    await page.click("#view-record");
    await page.fill("#st-phone", `${HOSTILE}1`);
    await change(base, editor, at, { properties: { phone: `${HOSTILE}2` } });
    await page.click("#st-save");
    await page.waitForSelector("#conflict");
    assert.equal(await page.locator("#work img").count(), 0);
    assert.deepEqual(record.dialogs, []);
    await assertClean(page, record, editor, [412]);
    await close();
  });
});
