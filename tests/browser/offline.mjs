// Without a network after one visit, with a service that stops in the middle, and with one that is slow to answer.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { command, names, nearestAfter, openPage, picture, search, startBrowser, startService, until } from "./harness.mjs";

const NO_SERVICE = /Failed to load resource|ERR_/;

describe("the page without a network", { timeout: 600_000 }, () => {
  let browser;
  let service;
  let folder;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "yizhan-offline-"));
    [browser, service] = await Promise.all([startBrowser(), startService()]);
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const isKept = (page) => page.evaluate(async () => {
    const city = await caches.match("/kept/city.json");
    const pages = (await caches.keys()).filter((name) => name.startsWith("yizhan-page-"));
    const later = pages.length === 0 ? [] : await (await caches.open(pages[0])).keys();
    return city !== undefined && navigator.serviceWorker.controller !== null && later.some(({ url }) => /pinyin-/.test(url));
  });

  /** A page that was visited once, whose service then went away. */
  async function visited(options, before = async () => undefined) {
    const own = await startService();
    const opened = await openPage(browser, own.base, options);
    await before(opened.page);
    assert.equal(await until(() => isKept(opened.page), Boolean), true, "the page and the city are kept");
    await own.stop();
    return opened;
  }

  for (const [lang, words] of [["zh", "连不上服务。用的是今天"], ["en", "The service cannot be reached. Showing what was saved today"]]) {
    it(`opens again, lists, searches and shows a station, ${lang}`, async () => {
      let online = [];
      const { page, record, close } = await visited({ viewport: { width: 360, height: 740 } }, async (page_) => {
        if (lang === "en") await nearestAfter(page_, () => page_.click("#language"));
        await nearestAfter(page_, () => page_.click("#open-on-arrival"));
        online = await names(page_);
      });
      await page.reload();
      await page.waitForSelector(".station");
      await page.getByText(words).waitFor();
      if (await page.getAttribute("#open-on-arrival", "aria-pressed") === "true") await page.click("#open-on-arrival");
      const offline = await until(() => names(page), (now) => isDeepStrictEqual(now, online));
      assert.deepEqual(offline, online, "the same stations in the same order as from the service");
      await picture(page, `offline-${lang}`);
      await search(page, "#place", "hdl");
      await page.keyboard.press("Enter");
      await page.locator("#status").getByText("河东路").waitFor();
      await page.locator(".station a").first().click();
      await page.waitForSelector(".week, .hours .note");
      await picture(page, `offline-sheet-${lang}`);
      await page.goBack();
      await page.check("input[name=task][value=route]");
      await search(page, "#start", "109.49,18.24");
      await page.keyboard.press("Enter");
      await search(page, "#end", "109.53,18.26");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".station");
      assert.deepEqual(record.errors.filter((error) => !NO_SERVICE.test(error)), []);
      await close();
    });
  }

  it("draws the map from what is kept", async () => {
    const { page, record, close } = await visited({});
    await page.reload();
    await page.locator("#map[data-drawn]").waitFor();
    await page.locator(".pin").first().waitFor();
    assert.ok(await page.locator(".group, .dot").count() > 0, "the stations that are not in the list are there, too");
    await picture(page, "offline-map");
    assert.deepEqual(record.errors.filter((error) => !NO_SERVICE.test(error)), []);
    await close();
  });

  it("goes on when the service stops in the middle, and says so", async () => {
    const own = await startService();
    const { page, close } = await openPage(browser, own.base, { webgl: false });
    await until(() => page.evaluate(() => caches.match("/kept/city.json").then((kept) => kept !== undefined)), Boolean);
    await own.stop();
    await page.click("#chips [data-facility=microwave]");
    await page.getByText("连不上服务。用的是今天").waitFor();
    await page.waitForSelector(".station");
    for (const said of await page.locator(".station .has li:first-child").allTextContents()) assert.match(said, /微波炉：(有|不清楚)/);
    await picture(page, "service-stopped");
    await close();
  });

  it("says plainly that it knows nothing when it was never visited", async () => {
    const { page, close } = await openPage(browser, service.base, {
      webgl: false, waitFor: "#problem:not([hidden])", prepare: (page_) => page_.route("**/v1/**", (route) => route.abort()),
    });
    await page.locator("#problem").getByText("连不上服务").waitFor();
    await picture(page, "no-service");
    await page.unroute("**/v1/**");
    await page.getByRole("button", { name: "再试一次" }).click();
    await page.waitForSelector(".station");
    await close();
  });

  it("shows what is kept while the service is slow to answer, and then its answer", async () => {
    const { page, close } = await openPage(browser, service.base, { webgl: false });
    await until(() => page.evaluate(() => caches.match("/kept/city.json").then((kept) => kept !== undefined)), Boolean);
    let goOn;
    const slow = new Promise((resolve) => { goOn = resolve; });
    await page.route("**/v1/nearest?**", async (route) => { await slow; await route.continue(); });
    await page.click("#chips [data-facility=toilet]");
    await page.locator("#offline").waitFor();
    goOn();
    await page.locator("#offline").waitFor({ state: "hidden" });
    await page.waitForSelector(".station");
    await close();
  });

  it("follows the log of changes of a register", async () => {
    const database = path.join(folder, "register.db");
    command("import", "data/demo_city.geojson", "--database", database, "--commit");
    const own = await startService("--database", database);
    try {
      const { page, record, close } = await openPage(browser, own.base, { webgl: false });
      const kept = () => page.evaluate(async () => (await caches.match("/kept/city.json"))?.json());
      const first = await until(kept, (city) => city !== undefined);
      assert.ok(first.cursor !== null && first.stations.length > 0);
      await page.reload();
      await until(() => record.requests.filter((request) => request.startsWith("/v1/changes?since=")).length, (count) => count > 0);
      assert.equal(record.requests.filter((request) => request === "/v1/collections/stations/items?limit=10000").length, 1, "whole only once");
      await close();
    } finally {
      await own.stop();
    }
  });
});
