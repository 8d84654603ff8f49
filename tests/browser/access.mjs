// For everybody: the keyboard alone is enough, targets are large, and axe objects to no state in either language.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { nearestAfter, openPage, picture, startBrowser, startService, violations } from "./harness.mjs";

const MOST_TABS = 200;

describe("the page for everybody", { timeout: 600_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });
  const open = (path = "/", options = {}) => openPage(browser, service.base + path, { waitFor: ".pin", ...options });

  // Presses Tab until `selector` has the focus; what it passes must show that it has it.
  async function tabTo(page, selector) {
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate((wanted) => {
        const element = document.activeElement;
        // The link of a station shows it around the whole card, which is its `::after`.
        const parts = [[element], [element, "::after"], [element.nextElementSibling], [element.firstElementChild]];
        const shown = parts.some(([part, pseudo]) => {
          const style = part === null ? null : getComputedStyle(part, pseudo);
          return style !== null && (style.outlineStyle !== "none" || style.boxShadow !== "none");
        });
        return { isThere: element.matches(wanted), isShown: shown, html: element.outerHTML.slice(0, 120) };
      }, selector);
      assert.ok(focus.isShown, `the focus cannot be seen on ${focus.html}`);
      if (focus.isThere) return;
    }
    assert.fail(`${MOST_TABS} tabs did not lead to ${selector}`);
  }

  const focusedId = (page) => page.evaluate(() => document.activeElement?.id);

  it("is used from top to bottom by keyboard alone", async () => {
    const { page, record, close } = await open();
    await tabTo(page, "#language");
    await tabTo(page, "input[name=mode]");
    const ride = await nearestAfter(page, () => page.keyboard.press("ArrowRight"));
    assert.equal(ride.query.get("mode"), "ebike");
    await tabTo(page, "#place");
    await page.keyboard.type("109.51,18.25");
    await page.keyboard.press("ArrowDown");
    const typed = await nearestAfter(page, () => page.keyboard.press("Enter"));
    assert.equal(typed.query.get("coord"), "gcj02");
    await tabTo(page, "#more-needs");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#needs").isVisible(), true);
    await tabTo(page, "#open-on-arrival");
    const closed = await nearestAfter(page, () => page.keyboard.press("Space"));
    assert.equal(closed.query.get("open"), null);
    assert.equal(await focusedId(page), "open-on-arrival", "the focus stays");
    await tabTo(page, "#all-chips [data-facility=microwave]");
    const chosen = await nearestAfter(page, () => page.keyboard.press("Space"));
    assert.equal(chosen.query.get("facilities"), "microwave");
    await tabTo(page, "#include-unknown");
    await nearestAfter(page, () => page.keyboard.press("Space"));
    await tabTo(page, ".station a");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".week, .hours .note");
    await tabTo(page, ".apps a");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".station");
    await tabTo(page, "#map canvas");
    await page.keyboard.press("ArrowUp");
    await tabTo(page, ".pin");
    await page.keyboard.press("Enter");
    await page.locator("#sheet-name").waitFor();
    await page.keyboard.press("Escape");
    await tabTo(page, ".maplibregl-ctrl-zoom-in");
    await page.keyboard.press("Enter");
    await tabTo(page, "#search-centre");
    const centre = await nearestAfter(page, () => page.keyboard.press("Enter"));
    assert.equal(centre.query.get("coord"), "wgs84");
    await tabTo(page, ".bottom a[href='/docs']");
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("begins with a way past the form, and has targets that a thumb can hit, on 360 pixels", async () => {
    for (const lang of ["zh", "en"]) {
      const { page, close } = await open(`/?lang=${lang}`, { viewport: { width: 360, height: 740 }, waitFor: ".station" });
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
      await page.keyboard.press("Enter");
      assert.equal(await focusedId(page), "results");
      await page.click("#more-needs");
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, "nothing sticks out");
      const small = await page.locator("button, summary, select, label.switch, input[type=text], .bottom a").evaluateAll((all) => all
        .map((element) => [element.getBoundingClientRect(), element.outerHTML.slice(0, 80)])
        .filter(([{ width, height }]) => width > 0 && (height < 43.5 || width < 43.5)).map(([, html]) => html));
      assert.deepEqual(small, []);
      await close();
    }
  });

  for (const [lang, colorScheme] of [["zh", "light"], ["en", "dark"]]) {
    it(`has nothing that axe objects to, ${lang}, ${colorScheme}: list, nothing found, refused`, async () => {
      const { page, close } = await open(`/?lang=${lang}`, { colorScheme });
      await page.click("#more-needs");
      await nearestAfter(page, () => page.click("#all-chips [data-facility=microwave]"));
      assert.deepEqual(await violations(page), [], "list");
      await page.fill("#place", "河东");
      await page.locator("#place-list [role=option]").first().waitFor();
      assert.deepEqual(await violations(page), [], "search");
      await page.keyboard.press("Escape");
      await page.locator(".station a").first().click();
      await page.waitForSelector(".week, .hours .note");
      assert.deepEqual(await violations(page), [], "sheet");
      await page.click(".back");
      await page.check("input[name=task][value=route]");
      assert.deepEqual(await violations(page), [], "route");
      await nearestAfter(page, () => page.check("input[name=task][value=near]"));
      await page.route("**/v1/nearest?**", (route) => route.continue({ url: `${route.request().url()}&radius_m=0.1` }));
      await nearestAfter(page, () => page.click("#open-on-arrival"));
      assert.equal(await page.locator(".station").count(), 0);
      assert.deepEqual(await violations(page), [], "nothing found");
      await page.unroute("**/v1/nearest?**");
      await page.route("**/v1/nearest?**", (route) => route.continue({ url: `${route.request().url()}&colour=red` }));
      await page.click("#open-on-arrival");
      await page.locator("#problem").waitFor();
      assert.deepEqual(await violations(page), [], "refused");
      await picture(page, `refused-${lang}-${colorScheme}`);
      await close();
    });
  }
});
