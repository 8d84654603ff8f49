// Along a route: by names, by coordinates, by a line that is pasted, by taps on the map.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { names, openPage, picture, search, settled, startBrowser, startService } from "./harness.mjs";

describe("the stations along a route", { timeout: 600_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });

  async function opened(options = {}) {
    const opening = await openPage(browser, service.base, { webgl: false, ...options });
    await opening.page.check("input[name=task][value=route]");
    await opening.page.getByText("选好起点和终点").waitFor();
    return opening;
  }

  async function routeAfter(page, act) {
    const [response] = await Promise.all([
      page.waitForResponse((candidate) => new URL(candidate.url()).pathname === "/v1/along-route"), act(),
    ]);
    const answer = await response.json();
    await settled(page);
    return { answer, query: new URL(response.url()).searchParams };
  }

  it("are listed in the order of travel between two places", async () => {
    const { page, record, close } = await opened({ viewport: { width: 360, height: 740 } });
    await page.click("#open-on-arrival");
    await search(page, "#start", "109.49,18.24");
    await page.keyboard.press("Enter");
    await search(page, "#end", "hdl");
    const { answer } = await routeAfter(page, () => page.keyboard.press("Enter"));
    assert.ok(answer.features.length > 0);
    assert.deepEqual(await names(page), answer.features.map(({ properties }) => properties.name));
    const along = answer.features.map(({ properties }) => properties.along_m);
    assert.deepEqual(along, [...along].sort((a, b) => a - b));
    assert.match(await page.locator("#status").textContent(), /离路线 500 米以内有 \d+ 个站点/);
    await picture(page, "route");
    const wider = await routeAfter(page, () => page.selectOption("#reach", "2000"));
    assert.equal(wider.query.get("distance_m"), "2000");
    assert.ok(wider.answer.features.length >= answer.features.length);
    const back = await routeAfter(page, () => page.click("#route-swap"));
    assert.deepEqual(back.query.get("line").split(";").reverse().join(";"), wider.query.get("line"));
    await page.click("#route-clear");
    await page.getByText("选好起点和终点").waitFor();
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("can be given as a line that is pasted", async () => {
    const { page, close } = await opened({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.evaluate(() => navigator.clipboard.writeText("109.49,18.24;109.51,18.25;109.53,18.26"));
    await page.focus("#start");
    const { query } = await routeAfter(page, () => page.keyboard.press("ControlOrMeta+V"));
    assert.equal(query.get("line"), "109.490000,18.240000;109.510000,18.250000;109.530000,18.260000");
    await close();
  });

  it("can be tapped on the map, and taken back", async () => {
    const { page, close } = await opened({ webgl: true, waitFor: ".pin" });
    await page.locator("#map[data-drawn]").waitFor();
    const canvas = page.locator("#map canvas");
    await canvas.click({ position: { x: 60, y: 300 } });
    const first = await routeAfter(page, () => canvas.click({ position: { x: 500, y: 420 } }));
    assert.equal(first.query.get("line").split(";").length, 2);
    const second = await routeAfter(page, () => canvas.click({ position: { x: 560, y: 120 } }));
    assert.equal(second.query.get("line").split(";").length, 3);
    await picture(page, "route-map");
    const undone = await routeAfter(page, () => page.click("#route-undo"));
    assert.equal(undone.query.get("line"), first.query.get("line"));
    await close();
  });
});
