// What if, the planner's own files, and what can be taken away: changes with before and after, scenarios, exports.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { answerAfter, ARTEFACTS, openPlan, percent, picture, quiet, startBrowser, startService, until } from "./plan-harness.mjs";

// So often each change is measured. The page promises 300 ms on a quiet machine with the program built for release;
// times are noted and not asserted, because a busy machine is no bug. What makes it quick is asserted.
const TRIES = 5;

describe("what if", { timeout: 900_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });
  const open = (search = "", options = {}) => openPlan(browser, service.base, search, options);
  const file = (name, value) => ({ name, mimeType: "application/json", buffer: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)) });

  it("adds a station by a click on the map, and shows before and after at once", async () => {
    const { page, record, close } = await open("?day=mo&hour=4");
    await page.click("#add-on-map");
    const box = await page.locator("#map").boundingBox();
    const { answer, body } = await answerAfter(page, () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2));
    assert.deepEqual(body.changes.map(({ change }) => change), ["add"]);
    const [was, is] = [answer.before, answer.after].map(({ overall }) => percent(overall.weights[0].sure_share));
    const cells = page.locator("#before-after tbody tr >> nth=0").locator(".figure");
    assert.deepEqual((await cells.allTextContents()).slice(0, 2), [was, is]);
    assert.ok(answer.difference[0].weights[0].sure_share > 0);
    await picture(page, "plan-what-if");
    await page.locator('input[name="moment"][value="before"]').check();
    await quiet(page);
    assert.equal((await page.locator("#summary .figure.large").allTextContents())[0], was);
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("answers each change in one round: two questions at once, and nothing else before the figures", async (t) => {
    const { page, record, close } = await open("?day=mo&hour=4", { prepare: (page_) => page_.addInitScript(watchFigures) });
    await page.click("#tab-what-if");
    const steps = [];
    const isApi = (request) => new URL(request.url()).pathname.startsWith("/v1/");
    page.on("request", (request) => { if (isApi(request)) steps.push(`ask ${new URL(request.url()).pathname}`); });
    page.on("response", (response) => { if (isApi(response.request())) steps.push("answer"); });
    const times = {};
    const change = async (name, act) => {
      steps.length = 0;
      await answerAfter(page, act);
      const { took_ms, felt_ms } = await page.evaluate(() => window.figuresAfter());
      (times[name] ??= []).push({ took_ms, felt_ms });
      return [...steps];
    };
    const oneRound = async (name, act) => {
      const [first, second, ...rest] = await change(name, act);
      assert.deepEqual([first, second], ["ask /v1/coverage", "ask /v1/coverage"], name);
      // Which stations match is asked when the figures stand.
      const answers = rest.indexOf("ask /v1/collections/stations/items");
      assert.deepEqual(rest.slice(0, answers), ["answer", "answer"], `${name}: ${rest}`);
    };
    const clear = () => answerAfter(page, () => page.click("#clear-scenario"));
    const mark = page.locator('.step-mark[data-step="new-1"]');
    const drag = async (pixels) => {
      const box = await mark.boundingBox();
      await page.mouse.move(box.x + 22, box.y + 22);
      await page.mouse.down();
      await page.mouse.move(box.x + 22 + pixels, box.y + 22, { steps: 4 });
      await page.mouse.up();
    };
    for (let i = 0; i < TRIES; i += 1) {
      await oneRound("add", () => page.click("#add-here"));
      // While it is dragged, several questions may be asked; the older ones are given up.
      await change("drag", () => drag(i % 2 === 0 ? 40 : -40));
      await oneRound("hours of the new one", () => page.selectOption("#step-hours-new-1", "24/7"));
      await clear();
      await page.fill("#find-station", "解放路");
      const act = (n) => page.locator("#found-stations li >> nth=0").locator(".button").nth(n).click();
      await oneRound("switch off", () => act(0));
      await clear();
      await oneRound("lengthen hours", () => act(2));
      await clear();
    }
    const median = (key, tries) => tries.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(tries.length / 2)];
    const figures = Object.fromEntries(Object.entries(times).map(([name, tries]) =>
      [name, { median_took_ms: median("took_ms", tries), median_felt_ms: median("felt_ms", tries), tries }]));
    mkdirSync(ARTEFACTS, { recursive: true });
    writeFileSync(path.join(ARTEFACTS, "what-if.json"), `${JSON.stringify(figures, null, 2)}\n`);
    for (const [name, { median_took_ms, median_felt_ms }] of Object.entries(figures)) t.diagnostic(`${name}: ${median_took_ms} ms, felt ${median_felt_ms} ms`);
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("has its figures without the map", async () => {
    const { page, close } = await open("?day=mo&hour=4", { webgl: false });
    await page.click("#tab-what-if");
    await page.fill("#find-station", "解放路");
    const { answer } = await answerAfter(page, () => page.locator("#found-stations li >> nth=0").locator(".button").first().click());
    assert.equal(await page.locator("#before-after tbody .figure").first().textContent(), percent(answer.before.overall.weights[0].sure_share));
    await close();
  });

  it("moves a new station by dragging it, and by the arrow keys", async () => {
    const { page, record, close } = await open();
    await page.click("#tab-what-if");
    const first = await answerAfter(page, () => page.click("#add-here"));
    const [lon, lat] = first.body.changes[0].station.geometry.coordinates;
    const mark = page.locator('.step-mark[data-step="new-1"]');
    const places = [];
    page.on("request", (request) => {
      const changes = request.method() === "POST" && new URL(request.url()).searchParams.get("f") === null ? request.postDataJSON()?.changes : undefined;
      if (changes?.[0]?.station !== undefined) places.push(changes[0].station.geometry.coordinates);
    });
    const box = await mark.boundingBox();
    await page.mouse.move(box.x + 22, box.y + 22);
    await page.mouse.down();
    await page.mouse.move(box.x + 62, box.y + 22, { steps: 4 });
    await page.mouse.up();
    const east = await until(() => places.at(-1)?.[0], (now) => now > lon);
    assert.ok(east > lon, "dragged to the east");
    await quiet(page);
    await mark.press("ArrowUp");
    const north = await until(() => places.at(-1)?.[1], (now) => now > lat + 1e-4);
    assert.ok(north > lat, "moved to the north");
    await quiet(page);
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("finds a station of the register, switches it off, moves it, lengthens its hours, and takes it back", async () => {
    const { page, record, close } = await open("?day=mo&hour=4");
    await page.click("#tab-what-if");
    await page.fill("#find-station", "三亚没有这个");
    assert.match(await page.locator("#found-stations").textContent(), /没有名称含有/);
    await page.fill("#find-station", "解放路");
    const act = (n) => page.locator("#found-stations li >> nth=0").locator(".button").nth(n);
    const longer = await answerAfter(page, () => act(2).click());
    assert.equal(longer.body.changes[0].hours, "24/7");
    assert.ok(longer.answer.difference[0].weights[0].sure > 0, "it covers more at night");
    const moved = await answerAfter(page, () => act(1).click());
    assert.deepEqual(Object.keys(moved.body.changes[0]).sort(), ["change", "hours", "id", "lat", "lon"]);
    const off = await answerAfter(page, () => act(0).click());
    assert.deepEqual(off.body.changes, [{ change: "remove", id: moved.body.changes[0].id }]);
    const text = page.locator(".step .button", { hasText: "撤回" });
    await answerAfter(page, () => text.click());
    assert.equal(await page.locator(".step").count(), 0);
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("says that hours that cannot be read were refused, and goes on", async () => {
    const { page, close } = await open("?day=mo&hour=4");
    await page.click("#tab-what-if");
    await answerAfter(page, () => page.click("#add-here"));
    await page.selectOption("#step-hours-new-1", "other");
    await page.fill("#step-text-new-1", "from dawn");
    await page.locator("#step-text-new-1").blur();
    await page.locator("#problem").waitFor();
    assert.match(await page.locator("#problem").textContent(), /from dawn/);
    await answerAfter(page, () => page.selectOption("#step-hours-new-1", "24/7"));
    assert.equal(await page.locator("#problem").isVisible(), false);
    await close();
  });

  it("saves the scenario as a file and opens it again", async () => {
    const { page, record, close } = await open("?day=mo&hour=4&minutes=20");
    await page.click("#tab-what-if");
    await answerAfter(page, () => page.click("#add-here"));
    const shown = await page.locator("#before-after tbody").textContent();
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-scenario")]);
    assert.match(download.suggestedFilename(), /^yizhan-r\d+-scenario\.json$/);
    const text = await readFile(await download.path(), "utf8");
    await answerAfter(page, () => page.click("#clear-scenario"));
    await answerAfter(page, () => page.fill("#minutes", "5"));
    await answerAfter(page, () => page.setInputFiles("#scenario-file", file("又一个.json", text)));
    assert.equal(await page.locator("#before-after tbody").textContent(), shown);
    assert.match(await page.locator("#scenario-said").textContent(), /又一个.json：1 处改动/);
    await page.setInputFiles("#scenario-file", file("x.json", { format: "other" }));
    await until(() => page.locator("#scenario-said").textContent(), (said) => /不是方案文件/.test(said));
    assert.equal(await page.locator(".step").count(), 1, "a wrong file changes nothing");
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("asks about demand and districts of one's own, and tells what is wrong with them", async () => {
    const { page, record, close } = await open();
    await page.click("#tab-files");
    const table = "名称,lon,lat,骑手,环卫\n甲,109.46,18.25,12,3\n乙,109.51,18.25,4,2\n丙,109.9,18.9,5,1\n";
    const asked = await answerAfter(page, () => page.setInputFiles("#upload-demand", { name: "骑手.csv", mimeType: "text/csv", buffer: Buffer.from(table) }));
    assert.equal(asked.body.demand.features.length, 3);
    assert.deepEqual(asked.answer.demand.weights, ["环卫", "骑手"].sort((a, b) => asked.answer.demand.weights.indexOf(a) - asked.answer.demand.weights.indexOf(b)));
    await page.locator("#weight").waitFor({ state: "attached" });
    assert.equal(await page.locator("#weight option").count(), 2);
    const square = (name, west) => ({ type: "Feature", properties: { name }, geometry: { type: "Polygon", coordinates: [[[west, 18.2], [west + 0.05, 18.2], [west + 0.05, 18.3], [west, 18.3], [west, 18.2]]] } });
    const own = await answerAfter(page, () => page.setInputFiles("#upload-districts", file("片区.geojson", { type: "FeatureCollection", features: [square("西片", 109.45), square("东片", 109.5)] })));
    assert.deepEqual(own.answer.districts.map(({ name }) => name), ["西片", "东片"]);
    await page.click("#tab-districts");
    assert.match(await page.locator("#panel-districts").textContent(), /东片/);
    await page.click("#tab-files");
    await page.setInputFiles("#upload-districts", file("点.geojson", { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [1, 2] } }] }));
    await until(() => page.locator('[data-kind="districts"]').textContent(), (text) => /第 1 个要素不是面/.test(text));
    assert.match(await page.locator('[data-kind="districts"]').textContent(), /片区.geojson/, "the good file stays");
    await answerAfter(page, () => page.locator('[data-kind="demand"] .quiet').click());
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("exports picture, GeoJSON and tables of what is shown, and opens the report", async () => {
    const { page, record, close } = await open("?day=mo&hour=4&district=460203");
    await page.click("#tab-files");
    const take = async (id) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(`#export-${id}`)]);
      return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
    };
    const png = await take("png");
    assert.match(png.name, /\.png$/);
    assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
    const collection = JSON.parse((await take("geojson")).bytes.toString());
    assert.ok(collection.features.length > 0);
    assert.equal(collection.coverage.question.hour_of_week, "mo-04:00");
    assert.ok(JSON.parse((await take("gaps-geojson")).bytes.toString()).features.length > 0);
    for (const id of ["csv", "facilities-csv", "cells-csv", "hours-csv", "gaps-csv"]) {
      assert.ok((await take(id)).bytes.toString().split("\n").length > 2, id);
    }
    const href = await page.locator("#export-report").getAttribute("href");
    const report = await fetch(service.base + href);
    assert.equal(report.status, 200);
    assert.match(await report.text(), /吉阳区/);
    assert.deepEqual(record.errors, []);
    await close();
  });
});

// In the page: when it was last operated, and when before and after were last written since.
function watchFigures() {
  let operated_ms = 0;
  let written_ms = 0;
  for (const kind of ["pointerup", "click", "change"]) {
    addEventListener(kind, () => { operated_ms = performance.now(); }, true);
  }
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(() => { written_ms = performance.now(); }).observe(document.querySelector("#panel-what-if"), { childList: true, subtree: true });
  });
  window.figuresAfter = () => ({
    took_ms: Number(/\d+/.exec(document.querySelector("#took").textContent)[0]), felt_ms: Math.round(written_ms - operated_ms),
  });
}
