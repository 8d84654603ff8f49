// The planner's page: the question and its figures, tables, hours, distances, gaps and the audit, in both languages.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { answerAfter, drawn, openPlan, percent, picture, quiet, shares, startBrowser, startService, until } from "./plan-harness.mjs";

describe("the planner's page", { timeout: 900_000 }, () => {
  let browser;
  let service;
  before(async () => { [browser, service] = await Promise.all([startBrowser(), startService()]); });
  after(async () => { await browser?.close(); await service?.stop(); });
  const open = (search = "", options = {}) => openPlan(browser, service.base, search, options);
  const ask = async (path) => (await fetch(service.base + path)).json();

  it("shows what the service says, with its assumptions on hover and focus, and asks nobody else", async () => {
    const { page, record, close } = await open();
    const { overall, revision } = await ask("/v1/coverage");
    const { sure_share, perhaps_share, not_share } = overall.weights[0];
    assert.deepEqual(await shares(page), [sure_share, perhaps_share, not_share].map(percent));
    const figure = page.locator("#summary .figure.large").first();
    const tip = page.locator("#assumption");
    for (const show of [() => figure.hover(), () => figure.focus()]) {
      await page.keyboard.press("Escape");
      assert.equal(await tip.isVisible(), false);
      await page.mouse.move(1, 1);
      await page.locator("#results").focus();
      await show();
      await tip.waitFor();
      assert.match(await tip.textContent(), /步行 15 分钟（直线 833 米）以内.*不看开放时间.*均匀网格.*示例数据/);
      assert.ok((await tip.textContent()).includes(`修订号 ${revision}`));
      assert.equal(await figure.getAttribute("aria-describedby"), "assumption");
    }
    assert.ok(await drawn(page, "--map-uncovered", 20), "what is not covered is drawn");
    await picture(page, "plan-first");
    assert.deepEqual(record.errors, []);
    assert.deepEqual(record.foreign, []);
    await close();
  });

  it("asks again for each change of the question, and keeps the question in the address", async () => {
    const { page, record, close } = await open();
    const filled = await answerAfter(page, () => page.fill("#minutes", "30"));
    assert.equal(filled.query.get("minutes"), "30");
    assert.equal((await answerAfter(page, () => page.locator('input[name="mode"][value="ebike"]').check())).query.get("mode"), "ebike");
    assert.equal((await answerAfter(page, () => page.click('#facilities [data-value="toilet"]'))).query.get("facilities"), "toilet");
    assert.equal((await answerAfter(page, () => page.selectOption("#day", "mo"))).query.get("at"), "mo-12:00");
    const hour = await answerAfter(page, () => page.locator("#hour").fill("4"));
    assert.equal(hour.query.get("at"), "mo-04:00");
    assert.equal(await page.locator("#hour-now").textContent(), "04:00");
    assert.equal((await answerAfter(page, () => page.click("#hour-on"))).query.get("at"), "mo-05:00");
    await page.click("#more-conditions summary");
    assert.equal((await answerAfter(page, () => page.click('#hosts [data-value="union"]'))).query.get("hosts"), "union");
    const last = await answerAfter(page, () => page.click("#districts .chip >> nth=1"));
    const { sure_share, perhaps_share, not_share } = last.answer.overall.weights[0];
    assert.deepEqual(await shares(page), [sure_share, perhaps_share, not_share].map(percent));
    const address = new URL(page.url());
    for (const [name, value] of [["minutes", "30"], ["mode", "ebike"], ["facilities", "toilet"], ["day", "mo"], ["hour", "5"], ["hosts", "union"]]) {
      assert.equal(address.searchParams.get(name), value);
    }
    await page.reload();
    await page.waitForSelector("#summary:not([hidden]) .figure");
    await quiet(page);
    assert.deepEqual(await shares(page), [sure_share, perhaps_share, not_share].map(percent), "the address gives the same question");
    const reset = await answerAfter(page, () => page.click("#reset"));
    assert.equal(reset.query.get("facilities"), null);
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("draws cells instead of areas where two stations are asked for, and refuses no such question", async () => {
    const { page, record, close } = await open("?district=460203");
    const [request] = await Promise.all([page.waitForRequest(/shape=cells/), page.locator('input[name="shape"][value="cells"]').check()]);
    assert.match(request.url(), /f=geojson/);
    await quiet(page);
    await page.click("#more-conditions summary");
    const { query } = await answerAfter(page, () => page.selectOption("#backup", "2"));
    assert.equal(query.get("k"), "2");
    assert.equal(await page.locator('input[name="shape"][value="area"]').isDisabled(), true);
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("sorts its tables by every head, and leads from a district to the map", async () => {
    const { page, close } = await open();
    const column = (n) => page.locator(`#panel-districts .table-frame >> nth=0`).locator(`tbody tr > *:nth-child(${n})`).allTextContents();
    await page.click('#panel-districts [data-sort="sure"] >> nth=0');
    const down = (await column(2)).map(parseFloat);
    assert.deepEqual(down, [...down].sort((a, b) => b - a));
    await page.click('#panel-districts [data-sort="sure"] >> nth=0');
    const up = (await column(2)).map(parseFloat);
    assert.deepEqual(up, [...up].sort((a, b) => a - b));
    assert.equal(await page.locator('#panel-districts th[aria-sort="ascending"]').count(), 1);
    await page.click("#panel-districts .link >> nth=0");
    assert.equal(await page.locator('#panel-districts tr[aria-selected="true"]').count(), 1);
    await close();
  });

  it("shows the hours of the week as a heat map and a table, and goes to the hour that is chosen", async () => {
    const { page, record, close } = await open();
    const { answer } = await answerAfter(page, () => page.click("#tab-hours"), "/v1/coverage/by-hour");
    await page.waitForSelector("#panel-hours canvas[role=img]");
    await until(() => page.locator("#panel-hours canvas[role=img]").evaluate((canvas) => canvas.width), (width) => width > 300);
    await picture(page, "plan-hours");
    await page.click("#panel-hours details summary");
    assert.equal(await page.locator("#panel-hours .tight .figure").count(), 168);
    const cell = page.locator("#panel-hours .tight tbody tr >> nth=4").locator(".figure").first();
    assert.equal(await cell.textContent(), percent(answer.hours[4].weights[0].sure_share));
    const chosen = await answerAfter(page, () => cell.click());
    assert.equal(chosen.query.get("at"), "mo-04:00");
    const box = await page.locator("#panel-hours canvas[role=img]").boundingBox();
    const picked = await answerAfter(page, () => page.mouse.click(box.x + box.width - 10, box.y + 20));
    assert.equal(picked.query.get("at"), "mo-23:00", "a click on the heat map");
    await page.selectOption("#hours-place", { index: 1 });
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("plays the hours where motion is welcome, and only then", async () => {
    const calm = await open("?day=mo&hour=4");
    assert.equal(await calm.page.locator("#play").isVisible(), false);
    await calm.close();
    const { page, close } = await open("?day=mo&hour=4", { reducedMotion: "no-preference" });
    await page.click("#play");
    const seen = await until(() => page.locator("#hour-now").textContent(), (text) => text === "07:00");
    assert.equal(seen, "07:00");
    await page.click("#play");
    await quiet(page);
    await close();
  });

  it("shows how far people are, as bars and as a table whose shares add up", async () => {
    const { page, record, close } = await open();
    await page.click("#tab-distances");
    await page.waitForSelector("#panel-distances canvas[role=img]");
    await quiet(page);
    await until(() => page.locator("#panel-distances canvas[role=img]").evaluate((canvas) => canvas.width), (width) => width > 300);
    await picture(page, "plan-distances");
    await page.click("#panel-distances summary");
    const values = (await page.locator("#panel-distances tbody tr > td:nth-child(2)").allTextContents()).map(parseFloat);
    const sum = values.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 100) < 0.5, `they add up to ${sum}`);
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("ranks the gaps, flies to one, and tries what would close it", async () => {
    const { page, record, close } = await open("?day=mo&hour=4");
    await page.click("#tab-gaps");
    await page.waitForSelector(".gap");
    await quiet(page);
    const { numberMatched } = await ask("/v1/coverage/gaps?at=mo-04:00");
    assert.match(await page.locator("#panel-gaps h3").textContent(), new RegExp(`${numberMatched} 片空白`));
    await page.click(".gap .gap-head .button >> nth=0");
    await picture(page, "plan-gaps");
    const tried = await answerAfter(page, () => page.locator(".remedies .button").first().click());
    assert.equal(tried.body.changes.length, 1);
    assert.equal(await page.locator("#tab-what-if").getAttribute("aria-selected"), "true");
    assert.ok(tried.answer.difference[0].weights[0].sure > 0, "the remedy closes something");
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("audits the stations by the chosen standard: league, items, what first, which fail", async () => {
    const { page, record, close } = await open("?view=audit");
    const audit = await ask("/v1/audit?standard=sanya-ten");
    const { pass, fail, unknown } = audit.summary;
    assert.deepEqual(await page.locator("#audit-results .figure.large").allTextContents(), [pass, fail, unknown].map(String));
    assert.match(await page.locator("#audit-results").textContent(), /各区域排名/);
    const rows = page.locator(".stations-audit tbody tr");
    assert.equal(await rows.count(), Math.min(50, fail + unknown));
    await page.click('.stations-audit [data-verdict="unknown"]');
    assert.equal(await rows.count(), Math.min(50, fail));
    await page.locator(".first-things .link").first().click();
    assert.match(await page.locator("#readout").textContent(), new RegExp(audit.to_do.first[0].name));
    await picture(page, "plan-audit");
    await page.selectOption("#standard", "six-haves");
    await until(() => page.locator("#assumptions").textContent(), (text) => /六有/.test(text));
    assert.match(await page.locator("#assumptions").textContent(), /六有/);
    await page.locator('input[name="view"][value="coverage"]').check();
    await page.waitForSelector("#summary:not([hidden]) .figure");
    assert.deepEqual(record.errors, []);
    await close();
  });

  it("speaks English throughout", async () => {
    const { page, record, close } = await open("?day=mo&hour=4&facilities=toilet");
    await page.click("#language");
    await until(() => page.locator("#assumptions").textContent(), (text) => /within 15 min on foot/.test(text));
    for (const tab of ["hours", "distances", "gaps", "what-if", "files", "districts"]) {
      await page.click(`#tab-${tab}`);
      await quiet(page);
      await page.waitForSelector(`#panel-${tab} > *`);
      const own = await page.locator(`#panel-${tab}`).evaluate((panel) => {
        // Names of districts and stations are Chinese in any language.
        const clone = panel.cloneNode(true);
        for (const named of clone.querySelectorAll("tbody th, option, .remedies, .gap, .pairs, .found")) named.remove();
        return clone.textContent;
      });
      assert.equal(/[\u4e00-\u9fff]/.test(own), false, `${tab}: ${own}`);
      await picture(page, `plan-${tab}-en`);
    }
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    assert.equal(await page.title(), "Yizhan · Plan");
    assert.deepEqual(record.errors, []);
    await close();
  });
});
