// Weak network and weak phone: slow 4G and a processor four times slower. The figures go to artefacts/browser/weak.json.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { ARTEFACTS, openPage, startBrowser, startService } from "./harness.mjs";

// Lighthouse's slow 4G: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up.
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1.6 * 1024 * 1024 / 8, uploadThroughput: 750 * 1024 / 8 };
const SLOWER = 4;
const FIRST_LIST_LIMIT_BYTES = 100 * 1000;
// Far above what is measured on a quiet machine, so that a busy one does not fail.
const FIRST_LIST_LIMIT_MS = 20_000;

describe("the page on a weak network", { timeout: 600_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });

  async function measured(page) {
    return page.evaluate(() => new Promise((resolve) => {
      let largest_ms = 0;
      let shift = 0;
      new PerformanceObserver((list) => { for (const { startTime } of list.getEntries()) largest_ms = startTime; }).observe({ type: "largest-contentful-paint", buffered: true });
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value; }).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => {
        const list_ms = performance.getEntriesByName("first-list")[0].startTime;
        const before = performance.getEntriesByType("resource").filter(({ startTime }) => startTime < list_ms);
        const [navigation] = performance.getEntriesByType("navigation");
        resolve({
          first_contentful_paint_ms: Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0),
          largest_contentful_paint_ms: Math.round(largest_ms), first_list_ms: Math.round(list_ms), layout_shift: Number(shift.toFixed(3)),
          bytes_before_list: navigation.transferSize + before.reduce((sum, { transferSize }) => sum + transferSize, 0),
          requests_before_list: before.length + 1,
        });
      }, 1000);
    }));
  }

  async function visit(options = {}) {
    const { page, record, close } = await openPage(browser, service.base, {
      viewport: { width: 360, height: 740 }, waitFor: null, ...options,
      prepare: async (page_) => {
        const client = await page_.context().newCDPSession(page_);
        await client.send("Network.enable");
        await client.send("Network.emulateNetworkConditions", SLOW_4G);
        await client.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
        await page_.addInitScript(() => {
          new MutationObserver((_changes, observer) => {
            if (document.querySelector(".station") === null) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => performance.mark("first-list"), 0));
          }).observe(document, { childList: true, subtree: true });
        });
      },
    });
    await page.waitForSelector(".station");
    await page.waitForFunction(() => performance.getEntriesByName("first-list").length > 0);
    return { page, record, figures: await measured(page), close };
  }

  it("has its first list within 100 kB, and the map comes after it", async () => {
    const { page, record, figures, close } = await visit();
    assert.ok(figures.bytes_before_list <= FIRST_LIST_LIMIT_BYTES, JSON.stringify(figures));
    assert.ok(figures.first_list_ms <= FIRST_LIST_LIMIT_MS, JSON.stringify(figures));
    const nearest = record.requests.findIndex((request) => request.startsWith("/v1/nearest"));
    assert.equal(record.requests.slice(0, nearest).some((request) => /\/assets\/(map|pinyin)-/.test(request)), false);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 120_000 });
    mkdirSync(ARTEFACTS, { recursive: true });
    writeFileSync(path.join(ARTEFACTS, "weak.json"), `${JSON.stringify(figures, null, 2)}\n`);
    await close();
  });
});
