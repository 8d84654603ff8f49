// The list: first answer, place, needs, language, size, keyboard, and what is said when things fail.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { names, nearestAfter, openPage, picture, PLACE, settled, startBrowser, startService } from "./harness.mjs";

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
    const { answer, query } = await nearestAfter(page, () => page.uncheck("#open-on-arrival"));
    assert.equal(query.get("open"), null);
    assert.equal(await page.locator(".station").count(), 10);
    assert.deepEqual(await names(page), answer.features.map(({ properties }) => properties.name));
    const distances = answer.features.map(({ properties }) => properties.distance_m);
    assert.deepEqual(distances, [...distances].sort((a, b) => a - b));
    assert.equal(await page.locator(".station .tag").count(), 10, "each record says that it is synthetic");
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

  it("says so when location is denied, and offers the other ways", async () => {
    const { page, close } = await open("/", { permissions: [] });
    await page.click("#locate");
    await page.getByText("没有得到定位许可").waitFor();
    assert.equal(await page.locator("#coordinates").isVisible(), true);
    await picture(page, "denied");
    await close();
  });

  it("reads coordinates, and says when they were swapped", async () => {
    const { page, record, close } = await open();
    await page.click("#typed summary");
    await page.fill("#coordinates", `${PLACE.lat}，${PLACE.lon}`);
    const { query } = await nearestAfter(page, () => page.press("#coordinates", "Enter"));
    assert.equal(query.get("lon"), "109.510000");
    assert.match(await page.locator("#place-note").textContent(), /纬度写在了前面/);
    await page.fill("#coordinates", "河东路");
    await page.press("#coordinates", "Enter");
    assert.match(await page.locator("#place-note").textContent(), /没看懂/);
    assert.equal(await page.locator("#coordinates").getAttribute("aria-invalid"), "true");
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("sends the datum of typed coordinates, and says what they were taken for", async () => {
    const { page, close } = await open();
    await page.click("#typed summary");
    await page.fill("#coordinates", `${PLACE.lon},${PLACE.lat}`);
    const gps = await nearestAfter(page, () => page.press("#coordinates", "Enter"));
    assert.equal(gps.query.get("coord"), "wgs84");
    const baidu = await nearestAfter(page, () => page.selectOption("#datum", "bd09"));
    assert.equal(baidu.query.get("coord"), "bd09");
    assert.equal(baidu.query.get("lon"), gps.query.get("lon"), "the service converts, not the page");
    assert.match(await page.locator("#status").textContent(), /百度的（BD-09）/);
    const metres = ({ answer }) => answer.features.map(({ properties }) => properties.distance_m);
    assert.notDeepEqual(metres(baidu), metres(gps));
    await close();
  });

  it("says what to give up when nothing matches", async () => {
    const { page, close } = await open();
    await page.route("**/v1/nearest?**", (route) => route.continue({ url: `${route.request().url()}&radius_m=0.1` }));
    await nearestAfter(page, () => page.uncheck("#include-unknown"));
    assert.equal(await page.locator("#status").textContent(), "没有符合条件的站点。可以关掉“到达时要开着”。可以打开“也列出不清楚的”。");
    await picture(page, "nothing-matches");
    await close();
  });

  it("keeps what is not known, in words, until it is switched off", async () => {
    const { page, close } = await open();
    await nearestAfter(page, () => page.uncheck("#open-on-arrival"));
    const lax = await nearestAfter(page, () => page.click("[data-facility=microwave]"));
    assert.equal(lax.query.get("facilities"), "microwave");
    for (const said of await page.locator(".station .has li:first-child").allTextContents()) {
      assert.match(said, /微波炉：(有|不清楚)/);
    }
    await nearestAfter(page, () => page.uncheck("#include-unknown"));
    const strict = await page.locator(".station .has li:first-child").allTextContents();
    assert.ok(strict.length > 0);
    for (const said of strict) assert.match(said, /微波炉：有/);
    // What a card leaves out is either not there or not known, and it says how much is not known.
    const { answer } = await nearestAfter(page, () => page.check("#include-unknown"));
    const unknown = answer.features.map(({ properties: { facilities } }) => Object.entries(facilities)
      .filter(([name, state]) => name !== "microwave" && state === "unknown").length).filter((count) => count > 0);
    assert.deepEqual(await page.getByText(/^\? ?\d+ 样不清楚$/).evaluateAll((all) => all.map((e) => parseInt(e.lastChild.data, 10))), unknown);
    await close();
  });

  it("goes by e-bike, in less time", async () => {
    const { page, close } = await open();
    const { answer, query } = await nearestAfter(page, () => page.check("input[name=mode][value=ebike]"));
    assert.equal(query.get("mode"), "ebike");
    assert.equal(answer.travel.speed_m_s, 5);
    assert.match(await page.locator(".way").first().textContent(), /电动车约/);
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
    assert.deepEqual(chinese.filter((text) => !text.startsWith("District outlines")), [], "no Chinese is left");
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
    await page.click("[data-facility=toilet]");
    await page.locator("#problem").getByText(/没有办法回答.*colour/).waitFor();
    assert.equal(await page.locator(".station").count(), 0);
    await picture(page, "refused");
    await page.unroute("**/v1/nearest?**");
    await page.getByRole("button", { name: "再试一次" }).click();
    await page.waitForSelector(".station");
    assert.equal(await page.locator("#problem").isVisible(), false);
    await close();
  });

  it("says so when the service cannot be reached", async () => {
    const { page, close } = await open();
    await page.context().setOffline(true);
    await page.click("[data-facility=toilet]");
    await page.locator("#problem").getByText("连不上服务").waitFor();
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "再试一次" }).click();
    await page.waitForSelector(".station");
    await close();
  });

  it("links each station to four map apps", async () => {
    const { page, close } = await open();
    const links = await page.locator(".station").first().locator(".apps a").evaluateAll((all) => all.map((link) => link.href));
    assert.equal(links.length, 4);
    assert.match(links[0], /^https:\/\/uri\.amap\.com\//);
    assert.match(links[3], /^geo:/);
    await close();
  });

  it("is sent with a policy that lets nothing in", async () => {
    const policy = (await fetch(service.base)).headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'self'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
  });

  for (const [width, height] of [[360, 740], [768, 1024], [1440, 900]]) {
    for (const colorScheme of ["light", "dark"]) {
      it(`is drawn at ${width} × ${height}, ${colorScheme}`, async () => {
        const { page, record, close } = await open("/", { viewport: { width, height }, colorScheme, waitFor: ".pin" });
        await settled(page);
        await page.locator("#map[data-drawn]").waitFor();
        await picture(page, `${width}x${height}-${colorScheme}`);
        assert.deepEqual(record.errors, []);
        await close();
      });
    }
  }
});
