// The docs page: every operation of the contract, and not one request to another host.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { openPage, picture, ROOT, startBrowser, startService } from "./harness.mjs";

const METHODS = new Set(["get", "put", "post", "delete", "patch", "head", "options"]);

describe("the contract", { timeout: 600_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });

  it("is shown with all its operations and needs no network", async () => {
    const contract = await (await fetch(`${service.base}/v1/openapi.json`)).json();
    const operations = Object.values(contract.paths).flatMap((item) => Object.keys(item).filter((key) => METHODS.has(key)));
    const { page, record, close } = await openPage(browser, `${service.base}/docs`, { waitFor: ".opblock" });
    assert.equal(await page.locator(".opblock").count(), operations.length);
    await page.locator(".opblock-summary-control").first().click();
    await page.waitForSelector(".opblock.is-open .parameters");
    await picture(page, "docs");
    assert.deepEqual(record.foreign, []);
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("is what the types of the pages were generated from", () => {
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    execFileSync(npm, ["run", "--silent", "types:check"], { cwd: path.join(ROOT, "web"), stdio: "pipe" });
  });
});
