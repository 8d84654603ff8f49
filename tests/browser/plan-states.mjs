// The planner's page for everybody and in bad times: small screens, the keyboard, axe, no answer, long work, no map.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { answerAfter, openPlan, picture, quiet, startBrowser, startService, until, violations } from "./plan-harness.mjs";

const TABS = ["districts", "hours", "distances", "gaps", "what-if", "files"];
const SIZES = [[360, 740], [768, 1024], [1440, 900]];

describe("the planner's page in all states", { timeout: 1_200_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });
  const open = (search = "", options = {}) => openPlan(browser, service.base, search, options);

  for (const [lang, colorScheme] of [["zh", "light"], ["en", "dark"]]) {
    it(`has nothing that axe objects to in any part, ${lang}, ${colorScheme}`, async () => {
      const { page, record, close } = await open(`?day=mo&hour=4&lang=${lang}`, { colorScheme });
      await page.click("#more-conditions summary");
      await page.click("#tab-what-if");
      await answerAfter(page, () => page.click("#add-here"));
      for (const tab of TABS) {
        await page.click(`#tab-${tab}`);
        await quiet(page);
        await page.waitForSelector(`#panel-${tab} > *`);
        assert.deepEqual(await violations(page), [], tab);
      }
      await page.locator('input[name="view"][value="audit"]').check();
      await page.waitForSelector("#audit-results .figure");
      await quiet(page);
      assert.deepEqual(await violations(page), [], "audit");
      assert.deepEqual(record.errors, []);
      await close();
    });
  }

  it("fits on every screen, in light and dark, with nothing sticking out", async () => {
    for (const [width, height] of SIZES) {
      for (const colorScheme of ["light", "dark"]) {
        const { page, close } = await open("?day=mo&hour=4&facilities=toilet", { viewport: { width, height }, colorScheme });
        const name = `plan-${width}-${colorScheme}`;
        for (const tab of TABS) {
          await page.click(`#tab-${tab}`);
          await quiet(page);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name} ${tab}`);
          await page.locator(`#panel-${tab}`).evaluate((element) => element.scrollIntoView({ block: "nearest" }));
          await picture(page, `${name}-${tab}`);
        }
        await page.evaluate(() => scrollTo(0, 0));
        await page.locator('input[name="view"][value="audit"]').check();
        await page.waitForSelector("#audit-results .figure");
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name} audit`);
        await picture(page, `${name}-audit`);
        await close();
      }
    }
  });

  it("is used by the keyboard: skip link, tabs by arrows, figures by arrows, a district, Escape", async () => {
    const { page, close } = await open();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "results");
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => document.activeElement.textContent);
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await page.evaluate(() => document.activeElement.textContent), first);
    // The page may still scroll, which hides it; the next figure shows it again.
    const isShown = () => page.locator("#assumption").isVisible();
    const shown = await until(async () => await isShown() || page.keyboard.press("ArrowRight").then(isShown), Boolean);
    assert.equal(shown, true);
    await page.keyboard.press("Escape");
    assert.equal(await until(isShown, (now) => !now), false);
    await page.locator("#tab-districts").focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.id), "tab-hours");
    await page.keyboard.press("End");
    await page.locator("#panel-files").waitFor();
    await page.keyboard.press("Home");
    await page.locator("#panel-districts .link").first().press("Enter");
    assert.equal(await page.locator('#panel-districts tr[aria-selected="true"]').count(), 1);
    await page.locator("#map canvas").press("ArrowRight");
    await page.locator("#hour-field").waitFor({ state: "hidden" });
    await close();
  });

  it("keeps the figures and says so when the service stops in the middle, and goes on when it is back", async () => {
    const own = await startService();
    const { page, close } = await openPlan(browser, own.base, "?day=mo&hour=4");
    await page.route("**/v1/coverage**", (route) => route.abort());
    await page.fill("#minutes", "25");
    await page.locator("#problem").waitFor();
    assert.match(await page.locator("#problem").textContent(), /连不上|网络/);
    assert.match(await page.locator("#problem").textContent(), /上一次的结果/);
    assert.ok(await page.locator("#summary .figure").count() > 0);
    await picture(page, "plan-stopped-service");
    await page.unroute("**/v1/coverage**");
    await answerAfter(page, () => page.click("#problem .button"));
    assert.equal(await page.locator("#problem").isVisible(), false);
    await own.stop();
    await page.fill("#minutes", "26");
    await page.locator("#problem").waitFor();
    await page.click("#tab-hours");
    await page.locator("#problem").waitFor();
    await close();
  });

  it("shows the progress of long work, which can be stopped, and a newer question gives up the older", async () => {
    const { page, close } = await open();
    // An answer that does not come soon; how the service itself tells its progress is a test of the API.
    await page.route("**/v1/coverage?**", async (route) => {
      await new Promise((late) => setTimeout(late, 8000));
      await route.continue().catch(() => undefined);
    });
    const ended = [];
    page.on("requestfailed", (request) => ended.push(request.url()));
    await page.fill("#minutes", "20");
    await page.locator("#work").waitFor();
    assert.match(await page.locator("#work-text").textContent(), /正在计算/);
    await picture(page, "plan-working");
    await page.fill("#minutes", "16");
    await until(() => ended.length, (length) => length > 0);
    assert.ok(ended.some((url) => /minutes=20/.test(url)), "the older question was given up");
    await page.locator("#work").waitFor();
    await page.click("#cancel");
    assert.equal(await page.locator("#work").isVisible(), false);
    assert.match(await page.locator("#problem").textContent(), /已停止/);
    assert.ok(await until(() => ended.some((url) => /minutes=16/.test(url)), Boolean), "and the stopped one too");
    await picture(page, "plan-cancelled");
    await close();
  });

  it("works without a map where the device cannot draw one", async () => {
    const { page, record, close } = await open("", { webgl: false });
    await page.getByText("没有 WebGL").waitFor();
    await answerAfter(page, () => page.fill("#minutes", "20"));
    await page.click("#tab-what-if");
    await page.click("#panel-what-if details summary");
    await page.fill("#add-coordinates", "18.25,109.51");
    const { body } = await answerAfter(page, () => page.keyboard.press("Enter"));
    assert.deepEqual(body.changes[0].station.geometry.coordinates, [109.51, 18.25]);
    assert.equal(record.requests.some((request) => /\/assets\/map-.*js/.test(request)), false, "nor is the map downloaded");
    assert.deepEqual(record.errors, []);
    await picture(page, "plan-no-webgl");
    await close();
  });

  it("shows markup in names as text", async () => {
    const hostile = '<img src=x onerror="document.title=1">';
    const { page, record, close } = await open("", {
      prepare: (page_) => page_.route("**/v1/collections/stations/items?fields=name**", async (route) => {
        const response = await route.fetch();
        const answer = await response.json();
        answer.features[0].properties.name = hostile;
        await route.fulfill({ response, json: answer });
      }),
    });
    const square = { type: "Feature", properties: { name: hostile }, geometry: { type: "Polygon", coordinates: [[[109.45, 18.2], [109.55, 18.2], [109.55, 18.3], [109.45, 18.3], [109.45, 18.2]]] } };
    await page.click("#tab-what-if");
    await page.fill("#find-station", "<img");
    await answerAfter(page, () => page.locator("#found-stations .button").first().click());
    assert.match(await page.locator(".step").textContent(), /<img/);
    await page.click("#tab-files");
    await answerAfter(page, () => page.setInputFiles("#upload-districts", { name: `${hostile}.geojson`, mimeType: "application/json", buffer: Buffer.from(JSON.stringify({ type: "FeatureCollection", features: [square] })) }));
    await page.click("#tab-districts");
    assert.match(await page.locator("#panel-districts").textContent(), /<img/);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.deepEqual(record.errors, []);
    assert.deepEqual(record.foreign, []);
    await close();
  });
});
