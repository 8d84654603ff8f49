// Safe: what the policy lets in, who may put the page in a frame, what is kept, and what other servers are asked.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { openPage, picture, startBrowser, startService, until } from "./harness.mjs";

// One pixel of a colour that nothing else has.
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");

describe("the page is safe", { timeout: 600_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });

  const policyOf = async (address) => (await fetch(address)).headers.get("content-security-policy") ?? "";

  /** Another server, which counts what it is asked. */
  async function other(answer) {
    const asked = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      answer(request, response);
    });
    await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });
    return { base: `http://127.0.0.1:${server.address().port}`, asked, stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
  }

  it("is sent with a policy that lets nothing in", async () => {
    const policy = await policyOf(service.base);
    assert.match(policy, /default-src 'self'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /connect-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
    for (const address of ["/docs", "/?embed=0", "/?x=embed=1", "/docs?embed=1"]) {
      assert.match(await policyOf(service.base + address), /frame-ancestors 'none'/, address);
    }
    assert.match(await policyOf(`${service.base}/?embed=1&mode=ebike`), /frame-ancestors \*/);
  });

  it("stands in a frame of another site in the form that is made for it, asks for nothing and keeps nothing", async () => {
    const site = await other((request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><title>site</title><iframe title="stations" width="380" height="700" src="${service.base}/${request.url.slice(1)}"></iframe>`);
    });
    try {
      const { page, record, close } = await openPage(browser, `${site.base}/?embed=1&facilities=toilet`, { waitFor: null });
      const frame = page.frameLocator("iframe");
      await frame.locator(".station").first().waitFor();
      assert.equal(await frame.locator("#locate").isVisible(), false);
      assert.equal(await frame.locator(".top").isVisible(), false);
      await frame.locator(".station a").first().click();
      await frame.locator(".week, .hours .note").first().waitFor();
      assert.equal(await frame.locator(".report").count(), 0);
      await picture(page, "embed");
      const [inner] = page.frames().slice(1);
      assert.deepEqual(await inner.evaluate(async () => [document.cookie, localStorage.length, (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]), ["", 0, 0, 0]);
      assert.deepEqual(record.errors, []);
      await close();
      const { page: refused, close: closeRefused } = await openPage(browser, `${site.base}/?facilities=toilet`, { waitFor: null });
      await until(() => refused.frames().length, (count) => count > 1);
      assert.equal(await refused.frameLocator("iframe").locator(".station").count(), 0, "the page itself is in no frame");
      await closeRefused();
    } finally {
      await site.stop();
    }
  });

  it("sets no cookie", async () => {
    const { page, close } = await openPage(browser, service.base, { webgl: false });
    assert.deepEqual(await page.context().cookies(), []);
    await close();
  });

  it("draws the operator's tiles, and the districts where none come", async () => {
    const tiles = await other((_request, response) => {
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("content-type", "image/png");
      response.end(PIXEL);
    });
    const own = await startService("--base-map", `${tiles.base}/{z}/{x}/{y}.png`, "--base-map-datum", "gcj02", "--base-map-credit", "© <b>Tiles</b>");
    try {
      assert.match(await policyOf(own.base), new RegExp(`connect-src 'self' ${tiles.base}`));
      const { page, record, close } = await openPage(browser, own.base, { waitFor: ".pin" });
      await until(() => tiles.asked.length, (count) => count > 0);
      await page.locator("#map[data-drawn]").waitFor();
      assert.match(await page.locator(".maplibregl-ctrl-attrib").textContent(), /© <b>Tiles<\/b>/);
      await picture(page, "base-map");
      assert.deepEqual(record.errors, []);
      await close();
    } finally {
      await own.stop();
      await tiles.stop();
    }
    // The tile server is gone now.
    const without = await startService("--base-map", `${tiles.base}/{z}/{x}/{y}.png`, "--base-map", `${tiles.base}/names/{z}/{x}/{y}.png`);
    const style = await startService("--base-map", `${tiles.base}/style.json`);
    try {
      for (const { base } of [without, style]) {
        const { page, close } = await openPage(browser, base, { waitFor: ".pin" });
        await page.locator("#map[data-drawn]").waitFor();
        assert.equal(await page.locator("#map-message").isVisible(), false);
        await picture(page, base === style.base ? "base-map-away-style" : "base-map-away-tiles");
        await close();
      }
    } finally {
      await without.stop();
      await style.stop();
    }
  });
});
