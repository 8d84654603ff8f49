// Imports on the page for the staff, against the real service with a register of its own: a sheet is dropped, looked at,
// corrected, decided, written and taken back.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT, violations as violationsNow } from "./harness.mjs";
import { ask, change, ITEMS, looks, makeRegister, openKeep, picture, startBrowser, startKeep, until, violations } from "./keep-harness.mjs";
import {
  choose, commit, HOSTILE, imports, longSheet, mapDrawn, messySheet, named, only, settled, shownId, stations, upload, workedOut,
} from "./keep-import-sheets.mjs";

const ZHENGZHOU = path.join(ROOT, "../shared/data/stations-zhengzhou/stations_observed.csv");
const DISTRICTS = ["--districts", "data/districts.geojson"];
const SMALL = { width: 360, height: 740 };

describe("imports", { timeout: 900_000 }, () => {
  let browser;
  let register;
  let service;
  let empty;
  before(async () => {
    browser = await startBrowser();
    register = makeRegister();
    empty = makeRegister(null);
    service = await startKeep(register, ...DISTRICTS);
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
    empty?.remove();
  });

  const open = (search = "tab=imports", options = {}) => openKeep(browser, service.base, register.tokens.editor, search, options);
  const clean = (record) => {
    assert.deepEqual(record.errors, []);
    assert.deepEqual(record.dialogs, []);
    assert.deepEqual(record.foreign, []);
  };
  const rowOf = (page, number) => page.locator(`.row-cards > li[data-row="${number}"]`);

  it("reads a messy sheet, shows what speaks for its datum, and writes and takes back what it says", async () => {
    const { page, record, close } = await open();
    await page.waitForSelector(".import-list .hint");
    await looks(page, "import-home");
    assert.deepEqual(await violations(page), []);
    const sheet = await messySheet(service.base);
    await upload(page, "总表.csv", sheet, "市总工会");

    // How it was read: the header under its titles, cells beside each column, what is not known.
    assert.match(await page.locator(".import-mapping summary").textContent(), /表头在第 3 行/);
    assert.match(await page.locator(".import-mapping").textContent(), /三亚市户外劳动者服务站点一览表/);
    assert.equal(await page.locator('.columns tr[data-column="E"] select').inputValue(), "lon");
    assert.equal(await page.locator('.columns tr[data-column="I"] select').inputValue(), "ignore");
    assert.match(await page.locator('.columns tr[data-column="I"]').textContent(), /13900000000/);

    // The datum: fourteen pairs of one name say GCJ-02, in numbers and on the map.
    assert.match(await page.locator(".datum-verdict").textContent(), /没有写明.*GCJ-02/);
    const figures = await page.locator(".figures tr[data-datum]").evaluateAll((rows) => rows.map((row) => [row.dataset.datum, ...[...row.querySelectorAll("td")].map((cell) => cell.textContent)]));
    assert.deepEqual(figures.map(([datum, , , , nearest]) => [datum, nearest]), [["wgs84", "0"], ["gcj02", "14"], ["bd09", "0"]]);
    assert.equal(figures[1][3], "0 米");
    assert.match(await page.locator(".import-datum").textContent(), /不会悄悄换算/);
    await mapDrawn(page);
    assert.match(await page.locator(".map-tools").textContent(), /当作 GCJ-02 时，这些点平均移动 4\d\d 米/);
    await looks(page, "import-datum", { at: ".import-datum .map-frame" });
    await page.locator('input[name="import-map-datum"][value="bd09"]').check({ force: true });
    assert.match(await page.locator(".map-tools").textContent(), /当作 BD-09 时，这些点平均移动 1\.\d 公里/);
    await mapDrawn(page);
    assert.equal(await page.locator("#commit").isDisabled(), true, "nobody has stated the datum");
    assert.deepEqual(await violations(page), []);

    await workedOut(page, () => page.click('.datum-choose [data-datum="gcj02"]'));
    assert.match(await page.locator(".datum-verdict").textContent(), /已写明：GCJ-02/);

    // The rows: each kind by itself, the old value beside the new one, what to put right.
    assert.equal(await only(page, "changed"), 4);
    assert.deepEqual(await rowOf(page, 4).locator('[data-field="phone"] td').allTextContents(), ["（空）", "0898-88000000"]);
    await only(page, "changed");
    assert.equal(await only(page, "unchanged"), 10);
    await only(page, "unchanged");
    assert.ok(await only(page, "rejected") >= 1);
    assert.match(await rowOf(page, 19).textContent(), /怎么改/, "swapped axes come with what to do");
    await only(page, "rejected");
    assert.equal(await only(page, "unplaced"), 1);
    await only(page, "unplaced");
    assert.equal(await only(page, "new"), 3);
    assert.equal(await rowOf(page, 22).locator("h4").textContent(), HOSTILE);
    assert.equal(await page.locator("main img").count(), 0);
    await only(page, "new");
    await looks(page, "import-rows", { at: ".row-cards > li" });

    // One of two rows is left out; the other is written.
    assert.equal(await only(page, "duplicate"), 2);
    await rowOf(page, 21).locator(".chooser select").selectOption("skip");
    assert.match(await page.locator(".choice-bar").textContent(), /1 个选择还没有发送/);
    assert.equal(await page.locator("#commit").isDisabled(), true, "a choice is not sent");
    await looks(page, "import-choice", { at: ".row-cards > li" });
    await workedOut(page, () => page.click("#send-choices"));
    await only(page, "");
    assert.deepEqual(await page.locator(".effects:not(.not) li").allTextContents(), ["新增 2 个站点", "修改 4 个站点"]);
    assert.match(await page.locator(".effects.not").textContent(), /1 行跳过/);
    assert.deepEqual(await violations(page), []);

    // It comes back after the page is loaded again.
    const id = shownId(page);
    await page.reload();
    await page.waitForSelector("#sign-in:not([hidden])");
    await page.fill("#token", register.tokens.editor);
    await page.click("#sign-in-button");
    await settled(page);
    assert.equal(shownId(page), id);

    await page.fill('.import-commit input[name="why"]', "三月总表，现场核对");
    const was = (await stations(service.base)).length;
    await commit(page);
    assert.match(await page.locator(".import-commit .result").textContent(), /已写入：第 \d+ 次修订/);
    await looks(page, "import-committed", { at: ".import-commit" });
    assert.equal((await stations(service.base)).length, was + 2);
    assert.equal(await named(service.base, "新港码头驿站"), 1);
    const [entry] = await imports(service.base, register.tokens.editor);
    const [written] = (await stations(service.base)).filter(({ properties }) => properties.name === "新港码头驿站");
    const history = await ask(service.base, register.tokens.editor, "GET", `${ITEMS}/${written.id}/history`);
    assert.match(JSON.stringify(history.json), /三月总表，现场核对/);
    const again = await ask(service.base, register.tokens.editor, "POST", `/v1/imports/${id}/commit`);
    assert.equal(again.json.revision, entry.committed_revision, "twice is once");

    // The list has the revision, and takes it back.
    await page.click("#import-back");
    const line = page.locator(".imports tbody tr").first();
    assert.match(await line.textContent(), new RegExp(`已写入.*第 ${entry.committed_revision} 次修订`));
    await line.getByRole("button", { name: "撤销", exact: false }).click();
    await looks(page, "import-undo");
    await line.locator(".twice-ask .danger").click();
    await page.waitForSelector('.imports tr[data-state="undone"]');
    assert.equal((await stations(service.base)).length, was);
    assert.equal(await named(service.base, "新港码头驿站"), 0);
    assert.deepEqual(await violations(page), []);
    clean(record);
    await close();
  });

  it("reads a column again as a person says, and the sheet with remarks back as a workbook", async () => {
    const { page, record, close } = await open("tab=imports", { acceptDownloads: true });
    await upload(page, "总表.csv", await messySheet(service.base), "街道办", "gcj02");
    await page.selectOption('.columns tr[data-column="I"] select', "phone");
    await page.selectOption('.columns tr[data-column="G"] select', "ignore");
    assert.match(await page.locator(".correction-bar").textContent(), /改了 2 处/);
    await looks(page, "import-mapping", { at: ".columns" });
    await workedOut(page, () => page.click(".correction-bar .main"));
    assert.deepEqual(await rowOf(page, 4).locator('[data-field="phone"] td').allTextContents(), ["（空）", "13900000000"]);
    assert.equal(await page.locator(".correction-bar p").count(), 0);
    await only(page, "changed");
    assert.equal(await page.locator(".row-cards > li").count(), 2);

    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#remarks-xlsx")]);
    assert.equal(download.suggestedFilename(), "总表-remarks.xlsx");
    const bytes = readFileSync(await download.path());
    await page.click("#import-back");
    await upload(page, "总表-remarks.xlsx", bytes, "街道办二", "gcj02");
    await page.locator(".import-mapping summary").click({ position: { x: 10, y: 10 } });
    assert.match(await page.locator(".import-mapping").textContent(), /XLSX/);
    assert.match(await page.locator(".import-sum").textContent(), /19 行/);
    clean(record);
    await close();
  });

  it("brings the real sheet of Zhengzhou into an empty register, and out again", { skip: !existsSync(ZHENGZHOU) }, async () => {
    const own = await startKeep(empty);
    try {
      const { page, record, close } = await openKeep(browser, own.base, empty.tokens.editor, "tab=imports");
      const text = readFileSync(ZHENGZHOU, "utf8");
      await upload(page, "stations_observed.csv", text, "郑州市总工会");
      assert.match(await page.locator(".datum-verdict").textContent(), /已写明：由表格里的列或记录说明/);
      await mapDrawn(page);
      await looks(page, "import-zhengzhou", { at: ".import-datum .map-frame" });
      const sum = await page.locator(".effects:not(.not) li").first().textContent();
      await commit(page);
      const there = await stations(own.base);
      assert.equal(sum, `新增 ${there.length} 个站点`);
      assert.equal(there.length, text.trim().split("\n").length - 1);
      assert.match(await page.locator(".rows-end").textContent(), /显示了 50 行/);
      await page.click("#more-rows");
      await page.waitForSelector(".row-cards > li:nth-child(51)");
      await page.locator(".import-commit").getByRole("button", { name: "撤销这次写入" }).click();
      await page.click(".import-commit .twice-ask .danger");
      await until(() => page.locator(".import-commit .result").textContent(), (now) => now.includes("撤销"));
      assert.equal((await stations(own.base)).length, 0);
      clean(record);
      await close();
    } finally {
      await own.stop();
    }
  });

  it("gives a long import up when somebody cancels, and keeps nothing of it", async () => {
    const { page, record, close } = await open();
    const known = (await imports(service.base, register.tokens.editor)).length;
    await choose(page, "长表.csv", longSheet(100_000), "长表", "wgs84");
    // While the file is on its way, which here is for as long as it is looked at.
    const hold = (route) => (route.request().method() === "POST" ? undefined : route.continue());
    await page.route("**/v1/imports?*", hold);
    await page.click('.import-form [type="submit"]');
    await page.locator(".import-new .import-work").getByText("正在上传").waitFor();
    await looks(page, "import-progress", { isBusy: true });
    assert.deepEqual(await violationsNow(page), []);
    await page.locator(".import-new .import-work").getByRole("button", { name: "取消" }).click();
    await page.locator(".import-new .note").getByText("已取消").waitFor();
    await page.unroute("**/v1/imports?*", hold);
    await page.click('.import-form [type="submit"]');
    await page.waitForFunction(() => /：([5-9]|\d\d)%/.test(document.querySelector(".import-new .import-work p")?.textContent ?? ""));
    service.hold();
    await picture(page, "keep-import-progress");
    service.goOn();
    await page.locator(".import-new .import-work").getByRole("button", { name: "取消" }).click();
    await page.getByText("已取消，什么也没有留下。").first().waitFor();
    assert.match(await page.locator("#import-chosen").textContent(), /长表\.csv/, "the file is still chosen");
    assert.equal((await imports(service.base, register.tokens.editor)).length, known);
    // The service does something else at once.
    await upload(page, "短表.csv", longSheet(120), "长表", "wgs84");
    assert.equal((await imports(service.base, register.tokens.editor)).length, known + 1);
    assert.equal(await page.locator(".row-cards > li").count(), 50, "never all rows at once");
    await page.getByRole("button", { name: "放弃这次导入" }).click();
    await page.click(".import-end .twice-ask .danger");
    await page.waitForSelector(".import-list");
    assert.equal((await imports(service.base, register.tokens.editor)).length, known);
    clean(record);
    await close();
  });

  it("shows a conflict with all three values, and keeps choices when somebody else was quicker", async () => {
    const { page, record, close } = await open();
    const sheet = (phone) => `编号,名称,经度,纬度,联系电话,地址\nC1,冲突驿站,109.40,18.32,${phone},冲突路1号\nC2,不变驿站,109.42,18.33,0898-1,冲突路2号\n`;
    await upload(page, "一月.csv", sheet("0898-11111111"), "环卫处", "wgs84");
    await commit(page);
    const [{ id }] = (await stations(service.base)).filter(({ properties }) => properties.name === "冲突驿站");
    await change(service.base, register.tokens.admin, id, { properties: { phone: "0898-22222222" } });
    await page.click("#import-back");
    await page.waitForSelector(".imports tbody tr");
    // The list that was there before is there at once; the sources come with the new one.
    const sources = () => page.locator("#import-sources option").evaluateAll((options) => options.map(({ value }) => value));
    assert.ok((await until(sources, (all) => all.includes("环卫处"))).includes("环卫处"));
    await upload(page, "二月.csv", sheet("0898-33333333"), "环卫处", "wgs84");
    const conflict = rowOf(page, 2).locator('.conflict[data-field="phone"]');
    assert.deepEqual(await conflict.locator("dd").allTextContents(), ["0898-11111111", "0898-22222222", "0898-33333333"]);
    await conflict.locator('input[value="theirs"]').check({ force: true });
    await looks(page, "import-conflict", { at: ".row-cards > li" });
    assert.deepEqual(await violations(page), []);

    // Somebody else decides something meanwhile.
    await ask(service.base, register.tokens.admin, "PATCH", `/v1/imports/${shownId(page)}`, { body: { decisions: [{ row: 3, decide: "skip" }] } });
    await page.click("#send-choices");
    await page.waitForSelector("#reload-import");
    await looks(page, "import-other-version");
    await page.click("#reload-import");
    await page.waitForSelector("#reload-import", { state: "detached" });
    await settled(page);
    assert.equal(await rowOf(page, 2).locator('input[value="theirs"]').isChecked(), true, "the choice is still there");
    await workedOut(page, () => page.click("#send-choices"));
    assert.deepEqual(await rowOf(page, 2).locator('[data-field="phone"] td').allTextContents(), ["0898-22222222", "0898-33333333"]);

    // The register moves on before it is written.
    await change(service.base, register.tokens.admin, id, { properties: { phone: "0898-44444444" } });
    await page.click("#commit");
    await page.waitForSelector("#work-out-anew");
    await looks(page, "import-moved");
    await workedOut(page, () => page.click("#work-out-anew"));
    await commit(page);
    assert.equal((await ask(service.base, register.tokens.editor, "GET", `${ITEMS}/${id}`)).json.properties.phone, "0898-33333333");

    // What was edited since is not lost by taking it back.
    await change(service.base, register.tokens.admin, id, { properties: { phone: "0898-55555555" } });
    await page.locator(".import-commit").getByRole("button", { name: "撤销这次写入" }).click();
    await page.click(".import-commit .twice-ask .danger");
    await page.waitForSelector(".later-edits");
    assert.match(await page.locator(".later-edits").textContent(), new RegExp(`${id}.*赵管`));
    await looks(page, "import-later-edits", { at: ".later-edits" });
    assert.deepEqual(await violations(page), []);
    // The browser itself notes answers of 409 in the console.
    assert.deepEqual(record.errors.filter((text) => !/status of 409/.test(text)), []);
    await close();
  });

  it("takes a row for the station that it may be, and deletes what the sheet lacks, when somebody says so", async () => {
    const { page, record, close } = await open();
    await upload(page, "上月.csv", "编号,名称,经度,纬度\nM1,甲驿站,109.31,18.42\nM2,乙驿站,109.32,18.43\nM3,丙驿站,109.33,18.44\n", "社区", "wgs84");
    await commit(page);
    await page.click("#import-back");
    await upload(page, "本月.csv", "编号,名称,经度,纬度\nM1,甲驿站,109.31,18.42\n,换了名字的服务点,109.3201,18.43\n", "社区", "wgs84");
    assert.match(await page.locator(".effects.not").textContent(), /1 行可能是已有站点，没有决定：不写/);
    assert.equal(await only(page, "undecided"), 1);
    assert.match(await rowOf(page, 3).textContent(), /可能是这些已有站点：乙驿站/);
    await page.locator(".bulk").getByRole("button", { name: "都是第一个可能的站点" }).click();
    assert.equal(await rowOf(page, 3).locator(".chooser select").inputValue(), "match:M2");
    await only(page, "undecided");
    await only(page, "missing");
    await page.locator('.row-cards > li[data-station="M3"] input[type="checkbox"]').check();
    await looks(page, "import-missing", { at: ".row-cards > li" });
    assert.deepEqual(await violations(page), []);
    assert.match(await page.locator(".choice-bar").textContent(), /2 个选择还没有发送/);
    await workedOut(page, () => page.click("#send-choices"));
    await page.waitForFunction(() => document.querySelector(".effects:not(.not)")?.textContent === "修改 1 个站点删除 1 个站点");
    await commit(page);
    assert.equal((await ask(service.base, register.tokens.editor, "GET", `${ITEMS}/M2`)).json.properties.name, "换了名字的服务点");
    assert.ok([404, 410].includes((await ask(service.base, register.tokens.editor, "GET", `${ITEMS}/M3`)).status));
    clean(record);
    await close();
  });

  it("works by keyboard and by dropping a file, in English on a small screen, and keeps what is typed over a change of language", async () => {
    const { page, record, close } = await open("tab=imports&lang=en", { viewport: SMALL, colorScheme: "dark" });
    await page.waitForSelector(".import-list .hint");
    assert.deepEqual(await violations(page), []);
    // A browser opens the chooser only soon after the key, which a busy machine may miss.
    const chooser = await until(async () => {
      const [opened] = await Promise.all([page.waitForEvent("filechooser", { timeout: 8_000 }).catch(() => null), page.locator(".drop .button").press("Enter")]);
      return opened;
    }, (opened) => opened !== null);
    assert.equal(chooser?.isMultiple(), false);
    await page.fill('input[name="source"]', "union");
    await page.click('.import-form [type="submit"]');
    await page.getByText("Choose a file first.").waitFor();
    const text = await messySheet(service.base);
    const dropped = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], "dropped.csv", { type: "text/csv" }));
      return transfer;
    }, text);
    await page.dispatchEvent(".import-new", "drop", { dataTransfer: dropped });
    assert.match(await page.locator("#import-chosen").textContent(), /dropped\.csv/);
    await page.click("#language");
    assert.equal(await page.inputValue('input[name="source"]'), "union");
    assert.match(await page.locator("#import-chosen").textContent(), /dropped\.csv/);
    await page.click("#language");
    await looks(page, "import-chosen");
    await page.click('.import-form [type="submit"]');
    await settled(page);
    await mapDrawn(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), SMALL.width, "nothing sticks out");
    assert.deepEqual(await violations(page), []);
    await page.locator(".import-datum").evaluate((element) => element.scrollIntoView({ block: "nearest" }));
    await rowOf(page, 4).locator(".chooser select").selectOption("skip");
    await rowOf(page, 4).evaluate((element) => element.scrollIntoView({ block: "nearest" }));
    await page.click("#language");
    assert.match(await page.locator(".choice-bar").textContent(), /1 个选择还没有发送/);
    assert.equal(await rowOf(page, 4).locator(".chooser select").inputValue(), "skip");
    assert.doesNotMatch(await page.locator(".import-view").innerText(), /\b(Row|changed|Field|Register)\b/);
    await page.click("#language");
    // Han characters are of the sheet and the register alone.
    assert.match(await page.locator(".import-commit").innerText(), /^[\x00-\x7f“”’…·←]*$/);
    clean(record);
    await close();
  });

  it("says what is wrong with a file, and goes on without a map where none can be drawn", async () => {
    const { page, record, close } = await open("tab=imports", { webgl: false });
    await choose(page, "图片.png", "\u0089PNG\r\n颜色\n红\n", "谁");
    await page.click('.import-form [type="submit"]');
    await page.waitForSelector(".import-new .problem");
    assert.match(await page.locator(".import-new .problem").textContent(), /文件无法读取/);
    await looks(page, "import-bad-file");
    await upload(page, "总表.csv", await messySheet(service.base), "没有地图");
    await page.getByText("这台设备显示不了地图").waitFor();
    assert.equal(await page.locator(".figures tr[data-datum]").count(), 3);
    assert.deepEqual(await violations(page), []);
    await page.goto(`${service.base}/keep?tab=imports&import=inowhere`);
    await page.fill("#token", register.tokens.editor);
    await page.click("#sign-in-button");
    await page.getByText("没有这次导入").waitFor();
    await looks(page, "import-gone");
    assert.deepEqual(record.errors.filter((text) => !/status of 40[04]/.test(text)), []);
    await close();
  });

  it("keeps choices when the service stops in the middle", async () => {
    const own = await startKeep(register, ...DISTRICTS);
    const { page, close } = await openKeep(browser, own.base, register.tokens.editor, "tab=imports");
    await upload(page, "总表.csv", await messySheet(own.base), "半路", "gcj02");
    await rowOf(page, 4).locator(".chooser select").selectOption("skip");
    await own.stop();
    await page.click("#send-choices");
    await page.waitForSelector(".import-notices .problem");
    assert.match(await page.locator(".import-notices .problem").textContent(), /连不上服务/);
    assert.match(await page.locator(".choice-bar").textContent(), /1 个选择还没有发送/);
    await looks(page, "import-stopped", { at: ".import-notices" });
    assert.deepEqual(await violations(page), []);
    await close();
  });
});
