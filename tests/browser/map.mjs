// The map: it is really drawn, a tap on it searches, pins work by keyboard, and the list does without it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { names, nearestAfter, openPage, picture, search, startBrowser, startService, until } from "./harness.mjs";

describe("the map", { timeout: 600_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });
  const open = (options = {}) => openPage(browser, service.base, { waitFor: ".pin", ...options });

  // Draws the picture of the canvas again where its pixels can be read, and counts each colour.
  async function colours(page) {
    const png = (await page.locator("#map canvas").screenshot()).toString("base64");
    return page.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const { data: pixels } = context.getImageData(0, 0, canvas.width, canvas.height);
      const counts = {};
      for (let at = 0; at < pixels.length; at += 4) {
        const colour = `#${[0, 1, 2].map((i) => pixels[at + i].toString(16).padStart(2, "0")).join("")}`;
        counts[colour] = (counts[colour] ?? 0) + 1;
      }
      return counts;
    }, png);
  }

  it("draws the districts and the sea, in the colours of the page", async () => {
    const { page, record, close } = await open();
    const variable = (name) => page.evaluate((n) => getComputedStyle(document.documentElement).getPropertyValue(n).trim(), name);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      // Farther out, so that both land and sea are in the picture.
      if (colorScheme === "light") {
        await page.locator(".maplibregl-ctrl-zoom-out").click();
        await page.locator(".maplibregl-ctrl-zoom-out").click();
      }
      const wanted = [await variable("--map-land"), await variable("--map-ground")];
      const drawn = (seen) => wanted.map((colour) => (seen[colour] ?? 0) > 1000);
      const seen = await until(() => colours(page), (now) => drawn(now).every(Boolean));
      assert.deepEqual(drawn(seen), [true, true], `land and ground in ${colorScheme}`);
    }
    assert.ok(await page.locator(".district-label").count() > 0);
    await picture(page, "map-far");
    assert.deepEqual(record.errors, []);
    assert.deepEqual(record.foreign, []);
    await close();
  });

  it("has a pin for each station of the list", async () => {
    const { page, close } = await open();
    const listed = await names(page);
    assert.deepEqual(await page.locator(".pin").evaluateAll((pins) => pins.map((pin) => pin.title)), listed);
    await close();
  });

  it("searches from the place that is tapped", async () => {
    const { page, close } = await open();
    const first = await names(page);
    const box = await page.locator("#map").boundingBox();
    const { query } = await nearestAfter(page, () => page.mouse.click(box.x + 12, box.y + box.height - 12));
    assert.notDeepEqual(await names(page), first);
    assert.match(await page.locator("#status").textContent(), /按您在地图上点的位置排序/);
    assert.ok(Number(query.get("lon")) > 100 && Number(query.get("lat")) < 30);
    await close();
  });

  it("searches from its centre by a button, for those who do not tap", async () => {
    const { page, close } = await open();
    const first = await nearestAfter(page, () => page.locator("#search-centre").press("Enter"));
    await page.locator("#map canvas").press("ArrowRight");
    const second = await until(
      () => nearestAfter(page, () => page.locator("#search-centre").press("Enter")),
      ({ query }) => Number(query.get("lon")) > Number(first.query.get("lon")),
    );
    assert.ok(Number(second.query.get("lon")) > Number(first.query.get("lon")), "the arrow moved the map to the east");
    await close();
  });

  it("draws a place in another datum where it is", async () => {
    const { page, close } = await open();
    const at = async () => {
      const { x, y } = await page.locator("#map .me").boundingBox();
      return [x, y];
    };
    const drawn = async (option) => {
      await search(page, "#place", "109.515,18.248");
      await nearestAfter(page, () => page.locator("#place-list [role=option]").nth(option).click());
      await page.locator("#map .pin").first().waitFor();
      return at();
    };
    const [gps, amap] = [await drawn(0), await drawn(1)];
    assert.notDeepEqual(gps, amap);
    await picture(page, "datum");
    await close();
  });

  it("groups the stations that are not in the list, and opens the groups by keyboard", async () => {
    const { page, close } = await open();
    const groups = page.locator(".group");
    const far = await until(async () => {
      await page.locator(".maplibregl-ctrl-zoom-out").press("Enter");
      return groups.count();
    }, (count) => count > 0);
    assert.ok(far > 0);
    const label = await groups.first().getAttribute("aria-label");
    assert.match(label, /^\d+ 个站点，放大查看$/);
    const zoom = await page.locator(".maplibregl-ctrl-scale").textContent();
    await groups.first().press("Enter");
    assert.notEqual(await until(() => page.locator(".maplibregl-ctrl-scale").textContent(), (now) => now !== zoom), zoom);
    await close();
  });

  it("opens a station that is not in the list", async () => {
    const { page, close } = await open();
    await page.locator(".dot").first().waitFor();
    const name = await page.locator(".dot").first().getAttribute("aria-label");
    await page.locator(".dot").first().press("Enter");
    assert.equal(await page.locator("#sheet-name").textContent(), name);
    await close();
  });

  it("takes turns with the list on a phone", async () => {
    // The service worker fetches the map for later, at a time of its own.
    const { page, record, close } = await open({ waitFor: ".station", viewport: { width: 360, height: 740 }, serviceWorkers: "block" });
    assert.equal(record.requests.some((request) => /\/assets\/map-.*js/.test(request)), false, "the map is not loaded unasked");
    await page.click("#view-switch");
    await page.locator("#map[data-drawn]").waitFor();
    assert.equal(await page.locator("#results").isVisible(), false);
    await picture(page, "map-phone");
    const isAbove = await page.evaluate(() => {
      const [button, pin] = [document.querySelector("#view-switch"), document.querySelector(".pin")];
      const [to, from] = [button.getBoundingClientRect(), pin.getBoundingClientRect()];
      pin.style.translate = `${to.left + to.width / 2 - from.left - from.width / 2}px ${to.top - from.top}px`;
      const top = document.elementFromPoint(to.left + to.width / 2, to.top + 6);
      pin.style.translate = "";
      return button.contains(top);
    });
    assert.ok(isAbove, "the button that leads back lies above the pins");
    await page.locator(".pin").first().click();
    await page.locator("#sheet-name").waitFor();
    assert.equal(await page.locator("#map").isVisible(), false);
    await close();
  });

  it("leads from a pin to its station, by keyboard too", async () => {
    const { page, close } = await open();
    const name = await page.locator(".pin").nth(2).getAttribute("title");
    await page.locator(".pin").nth(2).press("Enter");
    assert.equal(await page.locator("#sheet-name").textContent(), name);
    await close();
  });

  it("says so when the device has no WebGL, and the list works", async () => {
    const { page, close } = await open({ waitFor: ".station", webgl: false });
    await page.getByText("没有 WebGL").waitFor();
    await nearestAfter(page, () => page.click("#open-on-arrival"));
    assert.equal(await page.locator(".station").count(), 10);
    // The service worker may keep it for later; the page does not ask for it.
    const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.equal(asked.some((name) => /\/assets\/map-.*js/.test(name)), false, "nor is the map downloaded");
    await picture(page, "no-webgl");
    await close();
  });

  it("says so when its code does not arrive, and the list works", async () => {
    const { page, close } = await open({
      waitFor: ".station",
      prepare: (page_) => page_.route("**/assets/map-*.js", (route) => route.abort()),
    });
    await page.getByText("地图没有载入成功").waitFor();
    await nearestAfter(page, () => page.click("#open-on-arrival"));
    assert.equal(await page.locator(".station").count(), 10);
    await close();
  });
});
