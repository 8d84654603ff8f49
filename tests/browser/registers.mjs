// Other registers than the demo city: a hostile one and a real one.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { names, nearestAfter, openPage, picture, ROOT, startBrowser, startService } from "./harness.mjs";

const HOSTILE = "<img src=x onerror=alert(1)>";
const ZHENGZHOU = path.join(ROOT, "../shared/data/stations-zhengzhou/stations_observed.csv");

describe("other registers", { timeout: 600_000 }, () => {
  let browser;
  let folder;
  before(async () => {
    browser = await startBrowser();
    folder = mkdtempSync(path.join(tmpdir(), "yizhan-browser-"));
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function serving(stations, test, ...options) {
    const service = await startService("--stations", stations, ...options);
    try {
      await test(service.base);
    } finally {
      await service.stop();
    }
  }

  it("shows a station that is named like a script as text", async () => {
    const file = path.join(folder, "hostile.csv");
    const row = `1,${HOSTILE},${HOSTILE},113.62,34.75,24/7,microwave;seats,open`;
    writeFileSync(file, `id,name,address,lon,lat,hours,facilities,status\n${row}\n2,普通驿站,路边,113.63,34.75,,,open\n`);
    await serving(file, async (base) => {
      const { page, record, close } = await openPage(browser, base, { waitFor: ".pin" });
      assert.ok((await names(page)).includes(HOSTILE));
      await page.locator(".station h3 a", { hasText: HOSTILE }).click();
      await page.locator("#sheet").getByText(HOSTILE).first().waitFor();
      await page.click(".back");
      assert.equal(await page.locator("img").count(), 0);
      assert.deepEqual(record.dialogs, []);
      assert.deepEqual(record.errors, []);
      assert.equal(await page.locator("#synthetic").isVisible(), false, "nothing here is synthetic");
      await picture(page, "hostile-name");
      await close();
    });
  });

  it("names photos on other sites as links, and asks those sites for nothing", async () => {
    const file = path.join(folder, "photos.csv");
    writeFileSync(file, "名称,lon,lat,图片\n有照片的驿站,113.62,34.75,https://a.example/1.jpg;https://b.example/2.jpg\n没有照片的驿站,113.63,34.75,\n");
    await serving(file, async (base) => {
      for (const [lang, said] of [["zh", ["照片 1（外部网站）", "照片 2（外部网站）"]], ["en", ["Photo 1 (another site)", "Photo 2 (another site)"]]]) {
        const { page, record, close } = await openPage(browser, `${base}/?lang=${lang}`, { webgl: false });
        await page.locator(".station h3 a", { hasText: "有照片" }).filter({ hasNotText: "没有" }).click();
        const links = page.locator("#sheet .photos a");
        await links.first().waitFor();
        assert.deepEqual(await links.allTextContents(), said);
        const attributes = await links.evaluateAll((all) => all.map(({ href, target, rel }) => ({ href, target, rel })));
        assert.deepEqual(attributes, ["https://a.example/1.jpg", "https://b.example/2.jpg"].map((href) =>
          ({ href, target: "_blank", rel: "noopener noreferrer nofollow" })));
        // The sheet is drawn again when its week comes.
        await links.first().evaluate((element) => element.scrollIntoView({ block: "nearest" }));
        await picture(page, `sheet-photos-${lang}`);
        await page.click(".back");
        await page.locator(".station h3 a", { hasText: "没有照片" }).click();
        await page.locator("#sheet .facts").waitFor();
        assert.equal(await links.count(), 0);
        assert.equal(await page.locator("img").count(), 0);
        assert.deepEqual(record.foreign, []);
        assert.deepEqual(record.errors, []);
        await close();
      }
    });
  });

  it("shows the real stations of Zhengzhou, with unknown hours as unknown", { skip: !existsSync(ZHENGZHOU) }, async () => {
    await serving(ZHENGZHOU, async (base) => {
      const { page, record, close } = await openPage(browser, base, { waitFor: ".pin" });
      const { answer } = await nearestAfter(page, () => page.click("#open-on-arrival"));
      assert.equal(await page.locator(".station").count(), 10);
      assert.deepEqual(await names(page), answer.features.map(({ properties }) => properties.name));
      const unknown = answer.features.filter(({ properties }) => properties.open_state.state === "unknown").length;
      assert.equal(await page.getByText("不清楚开不开门").count(), unknown);
      assert.equal(await page.locator("#synthetic").isVisible(), false);
      assert.match(await page.locator("#map-base").textContent(), /没有底图/, "the bundled outlines are those of another city");
      assert.deepEqual(record.errors, []);
      await page.locator("#map[data-drawn]").waitFor();
      await picture(page, "zhengzhou");
      await close();
    }, "--coord", "gcj02");
  });
});
