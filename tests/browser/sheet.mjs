// The sheet of a station: what it says, what one can do there, and the way back.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { nearestAfter, openPage, picture, startBrowser, startService } from "./harness.mjs";

const STATION = "sy-001";

describe("the sheet of a station", { timeout: 600_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });
  const open = (path, options = {}) => openPage(browser, service.base + path, { webgl: false, ...options });
  const openSheet = (options = {}, lang = "zh") => open(`/?station=${STATION}&lang=${lang}`, { waitFor: ".week", ...options });

  it("opens from the list and closes by the button, by Escape and by the browser's way back", async () => {
    const { page, record, close } = await open("/");
    const link = page.locator(".station a").nth(2);
    const name = await link.textContent();
    for (const back of [() => page.click(".back"), () => page.keyboard.press("Escape"), () => page.goBack()]) {
      await link.click();
      await page.waitForSelector(".week, .hours .note");
      assert.equal(await page.locator("#sheet-name").textContent(), name);
      assert.equal(await page.evaluate(() => document.activeElement?.id), "sheet-name");
      assert.match(page.url(), /\?station=/);
      assert.match(await page.title(), new RegExp(`^${name}`));
      assert.equal(await page.locator("#results").isVisible(), false);
      await back();
      await page.locator("#results").waitFor();
      assert.doesNotMatch(page.url(), /station=/);
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), name, "the focus is back where it was");
    }
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("says every facility in one of four states, with the day of its check", async () => {
    const { page, close } = await openSheet();
    const { properties } = await (await fetch(`${service.base}/v1/collections/stations/items/${STATION}`)).json();
    const states = Object.values(properties.facilities);
    for (const state of ["yes", "no", "unknown", "out_of_order"]) {
      assert.equal(await page.locator(`.has.all li.${state}`).count(), states.filter((one) => one === state).length, state);
    }
    assert.match(await page.locator(".has.all li", { hasText: "饮水" }).textContent(), /2026-10-02 核实/);
    assert.match(await page.locator(".facts").textContent(), /核实于 2026-10-07/);
    await close();
  });

  it("says the hours of seven days in words, in both languages", async () => {
    for (const [lang, today] of [["zh", "今天"], ["en", "Today"]]) {
      const { page, close } = await openSheet({}, lang);
      assert.equal(await page.locator(".week tr").count(), 7);
      assert.match(await page.locator(".week tr").first().textContent(), new RegExp(`^${today}`));
      const said = (await page.locator(".week td").allTextContents()).join(" ");
      assert.match(said, /08:30–12:00/);
      assert.match(said, lang === "zh" ? /不开放/ : /closed/);
      await picture(page, `sheet-${lang}`);
      await close();
    }
  });

  it("names the holidays and the make-up days", async () => {
    const { page, close } = await openSheet({
      prepare: (page_) => page_.route("**/v1/timetable?ids=**", (route) => route.continue({ url: `${route.request().url().replace("days=7", "days=14")}&from=2026-09-24` })),
    });
    const rows = await page.locator(".week tr").allTextContents();
    assert.ok(rows.some((row) => /中秋.*放假/.test(row)), rows.join("\n"));
    await page.unroute("**/v1/timetable?ids=**");
    await page.route("**/v1/timetable?ids=**", (route) => route.continue({ url: `${route.request().url()}&from=2026-10-05` }));
    await page.reload();
    await page.waitForSelector(".week");
    const later = await page.locator(".week tr").allTextContents();
    assert.ok(later.some((row) => /国庆.*放假/.test(row)) && later.some((row) => /国庆.*调休上班/.test(row)), later.join("\n"));
    await picture(page, "sheet-holidays");
    await close();
  });

  it("leads into four map apps, and to nothing else", async () => {
    const { page, close } = await openSheet();
    const links = await page.locator(".apps a").evaluateAll((all) => all.map((link) => [link.href, link.rel]));
    assert.equal(links.length, 4);
    assert.match(links[0][0], /^https:\/\/uri\.amap\.com\/navigation\?to=109\.756340,18\.400562,.*mode=walk.*coordinate=gaode/);
    assert.match(links[1][0], /^https:\/\/api\.map\.baidu\.com\/.*coord_type=bd09ll/);
    assert.match(links[2][0], /^https:\/\/apis\.map\.qq\.com\//);
    assert.match(links[3][0], /^geo:18\.402275,109\.752176/);
    for (const [, rel] of links) assert.match(rel, /noopener/);
    await close();
  });

  it("copies the address and the link", async () => {
    const { page, close } = await openSheet({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "复制地址" }).click();
    await page.getByText("地址已复制").waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /藤桥社区.*海南省三亚市海棠区/);
    await page.evaluate(() => { navigator.share = undefined; });
    await page.getByRole("button", { name: "分享" }).click();
    await page.getByText("链接已复制").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${service.base}/?station=${STATION}`);
    await close();
  });

  it("sends reports and visits where they are kept, and hides both where they are not", async () => {
    const sent = [];
    const answering = (status) => (page) => page.route(/\/items\/[^/]+\/(reports|visits)$/, (route) => {
      sent.push([new URL(route.request().url()).pathname, route.request().postDataJSON()]);
      return route.fulfill({ status, contentType: "application/json", body: "{}" });
    });
    const kept = (page) => page.route("**/v1/settings", (route) => route.fulfill({ json: { revision: 1, stations: 74, zone: "Asia/Shanghai", changes_cursor: "YzEuMA", base_map: null } }));
    const { page, close } = await openSheet({ prepare: async (page_) => { await kept(page_); await answering(201)(page_); } });
    await page.getByRole("button", { name: "我用过了" }).click();
    await page.getByText("谢谢，记下了").waitFor();
    await page.click(".report summary");
    await page.selectOption("#report-kind", "broken_facility");
    await page.selectOption("#report-facility", "microwave");
    await page.fill("#report-text", "<b>不热</b>");
    await picture(page, "report");
    await page.getByRole("button", { name: "提交" }).click();
    await page.getByText("已经交给管理人员").waitFor();
    assert.deepEqual(sent, [
      [`/v1/collections/stations/items/${STATION}/visits`, {}],
      [`/v1/collections/stations/items/${STATION}/reports`, { kind: "broken_facility", facility: "microwave", text: "<b>不热</b>" }],
    ]);
    await close();
    for (const status of [404, 405]) {
      const other = await openSheet({ prepare: async (page_) => { await kept(page_); await answering(status)(page_); } });
      await other.page.getByRole("button", { name: "我用过了" }).click();
      await other.page.getByText("不收反馈").waitFor();
      assert.equal(await other.page.locator(".report-form").count(), 0);
      await other.close();
    }
  });

  it("says so when there is no such station", async () => {
    const { page, close } = await open("/?station=nowhere", { waitFor: "#sheet h2" });
    await page.getByText("没有这个站点").waitFor();
    await page.click(".back");
    await page.waitForSelector(".station");
    await close();
  });

  it("is the same in the other language by one tap", async () => {
    const { page, close } = await openSheet();
    await nearestAfter(page, () => page.click("#language"));
    await page.getByRole("heading", { name: "Opening hours" }).waitFor();
    await close();
  });
});
