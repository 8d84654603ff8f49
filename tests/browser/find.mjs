// The list: first answer, place, needs, language, size, keyboard, and what is said when things fail.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { names, nearestAfter, openPage, picture, PLACE, search, settled, startBrowser, startService } from "./harness.mjs";

const ENTRY_LIMIT_BYTES = 30 * 1024;
const FIRST_LIST_LIMIT_BYTES = 100 * 1024;

describe("the page for workers", { timeout: 600_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });
  // Software WebGL is slow; a test of the list that does not wait for the map goes without it.
  const open = (path = "/", options = {}) =>
    openPage(browser, service.base + path, { webgl: options.waitFor === ".pin", ...options });

  it("shows the nearest stations first, without a word from anybody", async () => {
    const { page, record, close } = await open();
    assert.equal(await page.locator("#synthetic").isVisible(), true, "the demo city says that it is synthetic");
    assert.match(await page.locator("#synthetic").textContent(), /合成.*不是真实站点/);
    assert.match(await page.locator("#status").textContent(), /还不知道您在哪里/);
    // At night fewer than ten are open; without that wish there are always ten.
    const { answer, query } = await nearestAfter(page, () => page.click("#open-on-arrival"));
    assert.equal(query.get("open"), null);
    assert.equal(await page.locator(".station").count(), 10);
    assert.deepEqual(await names(page), answer.features.map(({ properties }) => properties.name));
    const distances = answer.features.map(({ properties }) => properties.distance_m);
    assert.deepEqual(distances, [...distances].sort((a, b) => a - b));
    assert.equal(await page.locator(".station .tag.demo").count(), 10, "each record says that it is synthetic");
    assert.equal(await page.locator(".station .verified").count(), 10);
    assert.match(await page.locator("#method").textContent(), /直线距离 × 1\.35/);
    assert.deepEqual(record.errors, []);
    assert.deepEqual(record.foreign, []);
    await close();
  });

  it("asks for the map only after the list is there, and stays small until then", async () => {
    const { page, record, close } = await open("/", { waitFor: ".pin" });
    const nearest = record.requests.findIndex((request) => request.startsWith("/v1/nearest"));
    const map = record.requests.findIndex((request) => /^\/assets\/map-.*\.js/.test(request));
    assert.ok(nearest >= 0 && map > nearest, `nearest is request ${nearest}, the map ${map}`);
    const before = record.requests.slice(0, nearest + 1);
    let entry = 0;
    let total = 0;
    for (const request of before) {
      const size = gzipSync(Buffer.from(await (await fetch(service.base + request)).arrayBuffer())).length;
      total += size;
      if (/^\/assets\/.*\.js$/.test(request)) entry += size;
    }
    assert.ok(entry > 0 && entry <= ENTRY_LIMIT_BYTES, `scripts before the list: ${entry} bytes gzip`);
    assert.ok(total <= FIRST_LIST_LIMIT_BYTES, `everything before the list: ${total} bytes gzip`);
    await close();
  });

  it("lists from where the phone is", async () => {
    const { page, close } = await open("/", {
      geolocation: { longitude: 109.7, latitude: 18.35 }, permissions: ["geolocation"],
    });
    const { query } = await nearestAfter(page, () => page.click("#locate"));
    assert.equal(query.get("lon"), "109.700000");
    assert.equal(query.get("lat"), "18.350000");
    assert.match(await page.locator("#status").textContent(), /按您现在的位置排序/);
    await close();
  });

  it("lists from where the phone is at once, when it was allowed before", async () => {
    const { page, close } = await open("/", {
      geolocation: { longitude: 109.7, latitude: 18.35 }, permissions: ["geolocation"],
    });
    await page.getByText("按您现在的位置排序").waitFor();
    assert.equal(await page.inputValue("#place"), "我的位置");
    await close();
  });

  it("says so when location is denied, and leads to the other ways", async () => {
    const { page, close } = await open("/", { permissions: [], viewport: { width: 360, height: 740 } });
    await page.click("#locate");
    await page.getByText("没有得到定位许可").waitFor();
    await picture(page, "denied");
    await search(page, "#place", "吉阳");
    const { query } = await nearestAfter(page, () => page.keyboard.press("Enter"));
    assert.ok(Number(query.get("lon")) > 109);
    assert.equal(await page.locator("#place-note").isVisible(), false);
    await close();
  });

  it("finds a road by characters, pinyin and initials", async () => {
    const { page, record, close } = await open();
    for (const typed of ["河东路", "hedonglu", "hdl", "hedl"]) {
      await search(page, "#place", typed);
      await page.locator("#place-list [role=option]").first().getByText("河东路", { exact: true }).waitFor();
    }
    await picture(page, "search");
    await page.keyboard.press("Enter");
    await settled(page);
    // At night the station there is closed.
    const { query, answer } = await nearestAfter(page, () => page.click("#open-on-arrival"));
    assert.equal(query.get("coord"), "wgs84");
    assert.match(answer.features[0].properties.address, /河东路/);
    assert.match(await page.locator("#status").textContent(), /按“河东路”的位置排序/);
    assert.ok(record.requests.some((request) => /\/assets\/pinyin-/.test(request)), "pinyin comes when it is needed");
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("opens a station that was searched for by name or alias", async () => {
    const { page, close } = await open();
    await search(page, "#place", "藤桥社区示例爱心");
    await page.keyboard.press("Enter");
    await page.locator("#sheet-name").getByText("海棠区藤桥社区党群服务中心示例驿站").waitFor();
    await close();
  });

  it("says when nothing has that name", async () => {
    const { page, close } = await open();
    await search(page, "#place", "没有的地方");
    await page.getByText("没有找到“没有的地方”").waitFor();
    await close();
  });

  it("reads coordinates, swapped ones too, in the datum that is chosen", async () => {
    const { page, record, close } = await open();
    await search(page, "#place", `${PLACE.lat}，${PLACE.lon}`);
    await page.locator("#place-list").getByText("纬度写在了前面").first().waitFor();
    const gps = await nearestAfter(page, () => page.keyboard.press("Enter"));
    assert.deepEqual([gps.query.get("lon"), gps.query.get("coord")], ["109.510000", "wgs84"]);
    await search(page, "#place", `${PLACE.lon},${PLACE.lat}`);
    const baidu = await nearestAfter(page, () => page.locator("#place-list [role=option]").nth(2).click());
    assert.deepEqual([baidu.query.get("lon"), baidu.query.get("coord")], ["109.510000", "bd09"], "the service converts, not the page");
    assert.match(await page.locator("#status").textContent(), /百度的（BD-09）/);
    const metres = ({ answer }) => answer.features.map(({ properties }) => properties.distance_m);
    assert.notDeepEqual(metres(baidu), metres(gps));
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("says what to give up when nothing matches", async () => {
    const { page, close } = await open();
    await page.route("**/v1/nearest?**", (route) => route.continue({ url: `${route.request().url()}&radius_m=0.1` }));
    await nearestAfter(page, () => notUnknown(page));
    assert.equal(await page.locator("#status").textContent(), "没有符合条件的站点。可以关掉“到达时要开着”。可以打开“也列出不清楚的”。");
    await picture(page, "nothing-matches");
    await close();
  });

  it("keeps what is not known, in words, until it is switched off", async () => {
    const { page, close } = await open();
    await nearestAfter(page, () => page.click("#open-on-arrival"));
    const lax = await nearestAfter(page, () => page.click("#chips [data-facility=microwave]"));
    assert.equal(lax.query.get("facilities"), "microwave");
    for (const said of await page.locator(".station .has li:first-child").allTextContents()) {
      assert.match(said, /微波炉：(有|不清楚)/);
    }
    await nearestAfter(page, () => notUnknown(page));
    const strict = await page.locator(".station .has li:first-child").allTextContents();
    assert.ok(strict.length > 0);
    for (const said of strict) assert.match(said, /微波炉：有/);
    assert.equal(await page.locator("#more-needs-text").textContent(), "条件 1");
    await close();
  });

  it("goes by e-bike, in less time", async () => {
    const { page, close } = await open();
    const { answer, query } = await nearestAfter(page, () => page.check("input[name=mode][value=ebike]"));
    assert.equal(query.get("mode"), "ebike");
    assert.equal(answer.travel.speed_m_s, 5);
    assert.match(await page.locator(".milestone").first().textContent(), /骑车约/);
    await close();
  });

  it("speaks English by one tap, and remembers it", async () => {
    const { page, record, close } = await open();
    const { query } = await nearestAfter(page, () => page.click("#language"));
    assert.equal(query.get("lang"), "en");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal(await page.locator("#results-heading").textContent(), "Nearest stations");
    const chinese = await page.locator("main *:not([lang] *):not([lang])").evaluateAll((elements) => elements
      .flatMap((element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE))
      .map((node) => node.textContent ?? "").filter((text) => /[\u4e00-\u9fff]/.test(text)));
    assert.deepEqual(chinese.filter((text) => !text.startsWith("The base is")), [], "no Chinese is left");
    await page.reload();
    await page.waitForSelector(".station");
    assert.equal(await page.locator("#results-heading").textContent(), "Nearest stations");
    await page.goto(`${service.base}/?lang=zh`);
    await page.waitForSelector(".station");
    assert.equal(await page.locator("#results-heading").textContent(), "最近的站点");
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("says in words what the service refused, and tries again", async () => {
    const { page, close } = await open();
    await page.route("**/v1/nearest?**", (route) => route.continue({ url: `${route.request().url()}&colour=red` }));
    await page.click("#chips [data-facility=toilet]");
    await page.locator("#problem").getByText(/没有办法回答.*colour/).waitFor();
    assert.equal(await page.locator(".station").count(), 0);
    await picture(page, "refused");
    await page.unroute("**/v1/nearest?**");
    await page.getByRole("button", { name: "再试一次" }).click();
    await page.waitForSelector(".station");
    assert.equal(await page.locator("#problem").isVisible(), false);
    await close();
  });

  it("reads its wishes from a link", async () => {
    const { page, close } = await open("/?lon=109.515&lat=18.248&coord=gcj02&facilities=microwave,coffee&mode=ebike&open=any", { waitFor: null });
    const response = await page.waitForResponse((candidate) => new URL(candidate.url()).pathname === "/v1/nearest");
    const query = new URL(response.url()).searchParams;
    assert.deepEqual(["lon", "coord", "facilities", "mode", "open"].map((name) => query.get(name)), ["109.515000", "gcj02", "microwave", "ebike", null]);
    await close();
  });

  it("has large type, and remembers it", async () => {
    const { page, close } = await open("/", { viewport: { width: 360, height: 740 } });
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector(".station h3")).fontSize));
    const before = await size();
    await page.click("#large-type");
    assert.ok(await size() > before * 1.25);
    await page.reload();
    await page.waitForSelector(".station");
    assert.ok(await size() > before * 1.25);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, "nothing sticks out");
    await picture(page, "large-type");
    await close();
  });

  for (const [width, height] of [[360, 740], [768, 1024], [1440, 900]]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const lang of ["zh", "en"]) {
        it(`is drawn at ${width} × ${height}, ${colorScheme}, ${lang}`, async () => {
          const { page, record, close } = await open(`/?lang=${lang}`, { viewport: { width, height }, colorScheme, webgl: true });
          await settled(page);
          if (width >= 720) await page.locator("#map[data-drawn]").waitFor();
          await picture(page, `${width}x${height}-${colorScheme}-${lang}`);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, "nothing sticks out");
          assert.deepEqual(record.errors, []);
          await close();
        });
      }
    }
  }
});

/** Switches off what is not known, behind "more". */
async function notUnknown(page) {
  await page.click("#more-needs");
  await page.uncheck("#include-unknown");
}
