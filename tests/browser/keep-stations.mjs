// The part of /keep that keeps stations: the table, the form and its place, a new station, who saved first.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  ask, assertClean, change, ITEMS, looks, makeRegister, NAMES, openKeep, startBrowser, startKeep, station, until, violations,
} from "./keep-harness.mjs";

const PHONE = { viewport: { width: 360, height: 740 } };
// What is far from every other station, so that none is similar.
const FAR = [109.05, 18.42];

describe("stations on the page for the staff", { timeout: 900_000 }, () => {
  let browser;
  let register;
  let service;
  let base;
  let editor;
  before(async () => {
    browser = await startBrowser();
    register = makeRegister();
    service = await startKeep(register, "--districts", "data/districts.geojson");
    base = service.base;
    editor = register.tokens.editor;
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
  });

  const open = (search = "tab=stations", token = editor, options = {}) => openKeep(browser, base, token, search, options);
  const openStation = async (id, view = "", token = editor, options = {}) => {
    const opened = await open(`tab=stations&station=${encodeURIComponent(id)}${view === "" ? "" : `&view=${view}`}`, token, options);
    await opened.page.waitForSelector("#station-revision");
    return opened;
  };
  const saved = (page) => page.waitForFunction(() => /已保存|Saved/.test(document.querySelector("#said")?.textContent ?? ""));
  const rows = (page) => page.locator(".stations-table tbody tr");
  const rowsAre = (page, count) => until(() => rows(page).count(), (now) => now === count);
  const countSays = async (page, text) => {
    const said = await until(() => page.locator("#station-count").textContent(), (now) => now.includes(text));
    assert.ok(said.includes(text), `${said}: ${text}`);
    // The old number may be the new one; the table is pale until its rows have come.
    await page.waitForSelector(".station-results:not([aria-busy])", { state: "attached" });
  };
  const choose = (page, key, value) => page.locator(`[data-field="${key}"] input[value="${value}"]`).check({ force: true });
  const history = async (id) => (await ask(base, editor, "GET", `${ITEMS}/${encodeURIComponent(id)}/history`)).json.history;

  it("has a table that is searched, filtered, sorted and leafed through by the cursor", async () => {
    const { page, record, close } = await open();
    await rowsAre(page, 50);
    assert.match(await page.textContent("#station-count"), /共 74 个站点，这里是第 1–50 个/);
    assert.equal(await rows(page).first().locator(".tag.demo").count(), 1, "made-up stations say so");
    await looks(page, "stations-list");
    await page.click("#page-next");
    await rowsAre(page, 24);
    assert.match(await page.textContent("#station-count"), /第 51–74 个/);
    assert.ok(await page.locator("#page-next").isDisabled());
    await page.click("#page-previous");
    await rowsAre(page, 50);
    // Sorting, by a head, of what is in hand.
    await page.click('[data-sort="id"]');
    await page.click('[data-sort="id"]');
    assert.equal(await rows(page).first().locator("td").first().textContent(), "sy-050");
    // Search, as it is typed.
    await page.locator("#station-q").pressSequentially("SY-07");
    await countSays(page, "共 5 个");
    assert.equal(new URL(page.url()).searchParams.get("q"), "SY-07");
    await page.fill("#station-q", "没有这样的站点");
    await countSays(page, "没有符合条件的站点");
    await looks(page, "stations-empty");
    await page.fill("#station-q", "");
    await countSays(page, "共 74 个");
    // Filters, against the service.
    await page.click("#filters-head");
    const matched = async (query) => (await ask(base, editor, "GET", `${ITEMS}?${query}`)).json.numberMatched;
    await page.fill("#filter-district", "吉阳区");
    await page.keyboard.press("Enter");
    await countSays(page, String(await matched("district=460203")));
    await page.selectOption("#filter-host", "union");
    await countSays(page, `共 ${await matched("district=460203&hosts=union")} 个`);
    await page.click('.filters [data-facility="microwave"]');
    const [sure, perhaps] = [await matched("district=460203&hosts=union&facilities=microwave"), await matched("district=460203&hosts=union&facilities=microwave&include_unknown=true")];
    await countSays(page, `共 ${sure} 个`);
    await page.check("#filter-unknown", { force: true });
    await countSays(page, `共 ${perhaps} 个`);
    assert.ok(perhaps >= sure);
    assert.match(await page.textContent("#filters-head"), /3 项/);
    await looks(page, "stations-filtered");
    assert.deepEqual(await violations(page), []);
    await page.click("#filter-clear");
    await page.selectOption("#filter-status", "suspended");
    await countSays(page, `共 ${await matched("status=suspended")} 个`);
    // Into a station and back, to the same filter and the same row.
    const link = rows(page).first().locator("a");
    const name = await link.textContent();
    await link.click();
    await page.waitForSelector("#station-revision");
    assert.equal(await page.textContent("#station-name"), name);
    await page.goBack();
    await countSays(page, `共 ${await matched("status=suspended")} 个`);
    assert.equal(await page.inputValue("#filter-status"), "suspended");
    assert.equal(await until(() => page.evaluate(() => document.activeElement?.textContent), (text) => text === name), name);
    await assertClean(page, record, editor);
    await close();
  });

  it("never loads more than a page, and works on a small screen, in English", async () => {
    const { page, record, close } = await open("tab=stations&lang=en", editor, PHONE);
    await rowsAre(page, 50);
    assert.match(await page.textContent("#station-count"), /74 stations; these are 1–50/);
    assert.ok(record.requests.filter((request) => request.startsWith(ITEMS)).every((request) => request.includes("limit=50")));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "the page itself does not scroll sideways");
    assert.equal(await rows(page).first().locator("td").nth(2).textContent(), "open");
    assert.deepEqual(await violations(page), []);
    await assertClean(page, record, editor);
    await close();
  });

  it("saves what changed and nothing else, with the reason", async () => {
    const { page, record, close } = await openStation("sy-001");
    assert.equal(await page.inputValue("#st-name"), (await station(base, editor, "sy-001")).properties.name);
    await page.waitForSelector(".hours-told .week");
    await page.fill("#st-phone", "0898-12351");
    await page.fill("#st-seats", "17");
    await page.fill("#st-aliases", "甲站\n乙站");
    await page.fill("#st-hours", "24/7");
    assert.ok(await page.isVisible("#hours-changed"));
    await choose(page, "facilities.drinking_water", "out_of_order");
    await choose(page, "map_listings.baidu", "no");
    await choose(page, "status", "suspended");
    await page.fill("#st-verified_at", "2026-11-01");
    await page.fill("#st-why", "饮水机坏了，100% 确定");
    assert.match(await page.textContent("#st-unsaved"), /没有保存/);
    await looks(page, "station-form", { at: "#st-hours" });
    const [request] = await Promise.all([page.waitForRequest((one) => one.method() === "PATCH"), page.click("#st-save")]);
    await saved(page);
    assert.deepEqual(Object.keys(request.postDataJSON()), ["properties"]);
    const { properties } = request.postDataJSON();
    assert.deepEqual(Object.keys(properties).sort(), ["aliases", "facilities", "facility_details", "hours", "map_listings", "phone", "seats", "status", "verified_at"]);
    // What was known of the old state goes with it.
    assert.deepEqual(properties.facility_details, { drinking_water: null });
    assert.match(request.headers()["if-match"], /^W\/"1-/);
    const now = (await station(base, editor, "sy-001")).properties;
    assert.deepEqual([now.phone, now.seats, now.aliases, now.hours, now.facilities.drinking_water, now.map_listings.baidu, now.status, now.verified_at],
      ["0898-12351", 17, ["甲站", "乙站"], "24/7", "out_of_order", "no", "suspended", "2026-11-01"]);
    const [entry] = await history("sy-001");
    assert.deepEqual([entry.who, entry.why], [NAMES.editor, "饮水机坏了，100% 确定"]);
    assert.match(await page.textContent("#station-revision"), new RegExp(`第 ${now.revision} 版`));
    assert.equal(await page.textContent("#st-unsaved"), "");
    assert.equal(await page.inputValue("#st-why"), "");
    // Nothing changed: nothing is sent.
    await page.click("#st-save");
    await page.waitForFunction(() => document.querySelector("#said")?.textContent === "没有改动。");
    assert.equal((await history("sy-001")).length, 2);
    await assertClean(page, record, editor);
    await close();
  });

  it("shows what the service refuses at each field and in a summary that leads there, in both languages", async () => {
    const { page, record, close } = await openStation("sy-003", "", editor, PHONE);
    await page.fill("#st-hours", "Mo-Fr 25:00-26");
    await page.fill("#st-opened_on", "");
    await page.fill("#st-seats", "八");
    await page.click("#st-save");
    await page.waitForSelector("#problem-summary");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "problem-summary");
    assert.equal(await page.getAttribute("#st-hours", "aria-invalid"), "true");
    const wrong = await page.textContent("#st-hours-wrong");
    assert.match(wrong, /无法识别为开放时间/);
    assert.ok((await page.getAttribute("#st-hours", "aria-describedby")).includes("st-hours-wrong"));
    assert.equal(await page.inputValue("#st-hours"), "Mo-Fr 25:00-26", "what was typed stays");
    await looks(page, "station-problems", { at: "#problem-summary" });
    assert.deepEqual(await violations(page), []);
    await page.locator("#problem-summary a", { hasText: "开放时间" }).first().click();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "st-hours");
    // The other language keeps what was typed, and says the same of it.
    await page.click("#language");
    assert.equal(await page.inputValue("#st-hours"), "Mo-Fr 25:00-26");
    assert.match(await page.textContent("#st-hours-wrong"), /not readable as opening hours/);
    assert.match(await page.textContent("#problem-summary"), /must be put right/);
    await page.click("#language");
    // What need not be asked: an empty name, no number, a reason that is too long.
    await page.fill("#st-name", " ");
    await page.fill("#st-lon", "109,5");
    await page.fill("#st-why", "字".repeat(201));
    const before = record.requests.length;
    await page.click("#st-save");
    await page.waitForSelector("#st-name-wrong");
    assert.equal(await page.locator("#problem-summary li").count(), 3);
    assert.equal(record.requests.length, before);
    await page.click("#st-discard");
    assert.equal(await page.inputValue("#st-name"), (await station(base, editor, "sy-003")).properties.name);
    assert.equal(await page.locator("#problem-summary").count(), 0);
    await assertClean(page, record, editor, [400]);
    await close();
  });

  it("moves a place by its pin, by its numbers and by the datum, which is always said", async () => {
    const { page, record, close } = await openStation("sy-009");
    await page.waitForSelector(".place-map[data-drawn]");
    const numbers = async () => [Number(await page.inputValue("#st-lon")), Number(await page.inputValue("#st-lat"))];
    const before = await numbers();
    assert.match(await page.textContent("#place-told"), /WGS-84 坐标/);
    assert.match(await page.textContent("#place-original"), /原始坐标/);
    // By the arrow keys.
    await page.locator(".place-pin").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowUp");
    const nudged = await numbers();
    assert.ok(nudged[0] > before[0] && nudged[1] > before[1] && Math.abs(nudged[0] - before[0]) < 0.1);
    // By dragging.
    const pin = await page.locator(".place-pin").boundingBox();
    await page.mouse.move(pin.x + pin.width / 2, pin.y + pin.height / 2);
    await page.mouse.down();
    await page.mouse.move(pin.x + pin.width / 2 - 60, pin.y + pin.height / 2, { steps: 5 });
    await page.mouse.up();
    const dragged = await numbers();
    assert.ok(dragged[0] < nudged[0], `${dragged} ${nudged}`);
    // By the numbers: the pin follows.
    const at = async () => (await page.locator(".place-pin").boundingBox()).x;
    const there = await at();
    await page.fill("#st-lon", String(dragged[0] + 0.02));
    assert.ok((await at()) > there + 5);
    // The same numbers in another datum are another place, some hundred metres away; the numbers stay.
    const typed = await numbers();
    await choose(page, "datum", "gcj02");
    assert.deepEqual(await numbers(), typed);
    assert.match(await page.textContent("#place-told"), /GCJ-02 坐标/);
    assert.match(await page.textContent("#place-wgs"), /换算成 WGS-84/);
    await looks(page, "station-place", { at: ".place-map" });
    assert.deepEqual(await violations(page), []);
    await page.click("#st-save");
    await saved(page);
    const { properties, geometry } = await station(base, editor, "sy-009");
    assert.deepEqual(properties.original, { lon: typed[0], lat: typed[1], datum: "gcj02" });
    const [lon, lat] = (await page.textContent("#place-wgs")).match(/[\d.]+(?=[,\s]|$)/g).slice(-2).map(Number);
    assert.ok(Math.abs(lon - geometry.coordinates[0]) < 2e-6 && Math.abs(lat - geometry.coordinates[1]) < 2e-6, "the page and the service convert alike");
    await assertClean(page, record, editor);
    await close();
  });

  it("writes a new station only with a datum that was chosen, and asks when similar ones are near", async () => {
    const { page, record, close } = await open();
    await page.click("#new-station");
    await page.waitForSelector("#st-name");
    assert.equal(await page.locator('input[name="st-datum"]:checked').count(), 0, "no datum is guessed");
    const near = (await station(base, editor, "sy-010")).geometry.coordinates;
    await page.fill("#st-name", "新建的驿站");
    await page.fill("#st-lon", String(near[0] + 0.0002));
    await page.fill("#st-lat", String(near[1]));
    await page.click("#st-save");
    await page.waitForSelector("#st-datum-wrong");
    await choose(page, "datum", "wgs84");
    // The code of a district goes with its name.
    await page.fill("#st-district", "吉阳区");
    assert.equal(await page.inputValue("#st-adcode"), "460203");
    await page.fill("#st-why", "新增");
    await page.click("#st-save");
    await page.waitForSelector("#similar");
    assert.match(await page.textContent("#similar"), /sy-010 · \d+ 米，位置相邻/);
    assert.deepEqual(await violations(page), []);
    await looks(page, "station-similar", { at: "#similar" });
    await page.click("#save-all-the-same");
    await page.waitForSelector("#station-revision");
    assert.equal(await page.textContent("#station-name"), "新建的驿站");
    const id = new URL(page.url()).searchParams.get("station");
    const made = await station(base, editor, id);
    assert.deepEqual([made.properties.name, made.properties.adcode, made.properties.original.datum], ["新建的驿站", "460203", "wgs84"]);
    assert.equal((await history(id))[0].why, "新增");
    // An id that is taken is said at its field.
    await page.click("#back-to-list");
    await page.click("#new-station");
    await page.waitForSelector("#st-id");
    await page.fill("#st-id", "sy-001");
    await page.fill("#st-name", "另一个");
    await choose(page, "datum", "bd09");
    await page.fill("#st-lon", String(FAR[0]));
    await page.fill("#st-lat", String(FAR[1]));
    await page.click("#st-save");
    await page.waitForSelector("#problem-summary");
    assert.match(await page.textContent("#problem-summary"), /这个编号已经是/);
    await assertClean(page, record, editor, [409]);
    await close();
  });

  it("takes the place of a new station from the map", async () => {
    const { page, record, close } = await open("tab=stations&view=new", editor, PHONE);
    await page.waitForSelector(".place-map[data-drawn]");
    await page.locator(".place-map canvas").click({ position: { x: 120, y: 160 } });
    assert.equal(await page.locator('input[name="st-datum"]:checked').inputValue(), "wgs84");
    assert.match(await page.inputValue("#st-lon"), /^109\.\d+$/);
    assert.equal(await page.locator(".place-pin").count(), 1);
    assert.deepEqual(await violations(page), []);
    await looks(page, "station-new");
    await assertClean(page, record, editor);
    await close();
  });

  it("shows both versions when somebody else saved first, and saves what is chosen", async () => {
    const admin = register.tokens.admin;
    const { page, record, close } = await openStation("sy-005");
    await page.fill("#st-phone", "我的电话");
    await page.fill("#st-seats", "33");
    await page.fill("#st-operator", "我的运营单位");
    const theirs = await change(base, admin, "sy-005", { properties: { phone: "他的电话", operator: "他的运营单位", facilities: { umbrella: "out_of_order" } } });
    await page.click("#st-save");
    await page.waitForSelector("#conflict");
    await page.waitForFunction((name) => document.querySelector("#conflict-who")?.textContent.includes(name), NAMES.admin);
    const parts = await page.locator(".difference").evaluateAll((all) => all.map((one) => one.dataset.part));
    assert.deepEqual(parts, ["facilities.umbrella", "seats", "operator", "phone"]);
    assert.ok(await page.locator("#conflict-save").isDisabled(), "where both changed it, somebody must choose");
    assert.match(await page.textContent("#conflict-left"), /还有 2 项/);
    await looks(page, "station-conflict");
    assert.deepEqual(await violations(page), []);
    // What was chosen stays through the other language.
    await page.locator('[data-part="phone"] input[value="yours"]').check();
    await page.click("#language");
    assert.match(await page.textContent("#conflict h2"), /Somebody else saved first/);
    assert.ok(await page.locator('[data-part="phone"] input[value="yours"]').isChecked());
    await page.click("#language");
    await page.locator('[data-part="operator"] input[value="theirs"]').check();
    const [request] = await Promise.all([page.waitForRequest((one) => one.method() === "PATCH"), page.click("#conflict-save")]);
    await saved(page);
    assert.ok(request.headers()["if-match"].startsWith(`W/"${theirs.properties.revision}-`), request.headers()["if-match"]);
    assert.deepEqual(request.postDataJSON(), { properties: { phone: "我的电话", seats: 33 } });
    const { properties } = await station(base, editor, "sy-005");
    assert.deepEqual([properties.phone, properties.seats, properties.operator, properties.facilities.umbrella], ["我的电话", 33, "他的运营单位", "out_of_order"]);
    await assertClean(page, record, editor, [412]);
    await close();
  });

  it("tells a second conflict on a small screen, and can go back to the form", async () => {
    const { page, record, close } = await openStation("sy-006", "", editor, { ...PHONE, colorScheme: "dark" });
    await page.fill("#st-phone", "一");
    await change(base, editor, "sy-006", { properties: { phone: "二" } });
    await page.click("#st-save");
    await page.waitForSelector("#conflict");
    assert.deepEqual(await violations(page), []);
    await page.click("#conflict-back");
    assert.equal(await page.inputValue("#st-phone"), "一");
    await page.click("#st-save");
    await page.waitForSelector("#conflict");
    await change(base, editor, "sy-006", { properties: { phone: "三" } });
    await page.click("#all-yours");
    await page.click("#conflict-save");
    await page.locator('[data-part="phone"] .side-value', { hasText: "三" }).waitFor();
    await page.click("#all-theirs");
    await page.click("#conflict-save");
    await page.waitForSelector("#st-phone");
    assert.equal(await page.inputValue("#st-phone"), "三");
    await assertClean(page, record, editor, [412]);
    await close();
  });

  it("does not lose what was typed: asks before it is left, keeps it through tabs and the end of the token", async () => {
    const { page, record, close } = await openStation("sy-013");
    await page.fill("#st-phone", "没有保存");
    // Dialogs are dismissed: one stays.
    await page.click("#back-to-list");
    assert.match(record.dialogs.at(-1), /没有保存/);
    assert.equal(await page.inputValue("#st-phone"), "没有保存");
    assert.equal(new URL(page.url()).searchParams.get("station"), "sy-013");
    await page.click("#view-history");
    await page.waitForSelector(".revision");
    await page.click("#view-record");
    assert.equal(await page.inputValue("#st-phone"), "没有保存");
    await page.click("#tab-imports");
    await page.goBack();
    assert.equal(await page.inputValue("#st-phone"), "没有保存");
    await page.click("#sign-out");
    assert.equal(await page.isVisible("#desk"), true);
    await page.click("#st-discard");
    await page.click("#back-to-list");
    await page.waitForSelector(".stations-table");
    await assertClean(page, record, editor);
    await close();
  });

  it("is worked by the keyboard alone, from the table to a saved change", async () => {
    const { page, record, close } = await open("tab=stations&status=planned");
    await page.waitForSelector(".station-link");
    const id = await page.locator(".station-link").first().getAttribute("data-station");
    await page.locator("#station-q").focus();
    const tabTo = async (selector) => {
      for (let step = 0; step < 150; step += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
      }
      assert.fail(`Tab does not reach ${selector}`);
    };
    await tabTo(".station-link");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#st-name");
    await tabTo(".place-pin");
    await page.keyboard.press("ArrowLeft");
    await tabTo('input[name="st-facilities-ice"]');
    await page.keyboard.press("ArrowRight");
    await tabTo("#st-why");
    await page.keyboard.type("键盘");
    await page.keyboard.press("Enter");
    await saved(page);
    assert.equal((await history(id))[0].why, "键盘");
    await assertClean(page, record, editor);
    await close();
  });

  it("has targets that a thumb hits, and no violations in the dark", async () => {
    const { page, record, close } = await openStation("sy-015", "", editor, { ...PHONE, colorScheme: "dark" });
    await page.waitForSelector(".place-map[data-drawn]");
    const small = await page.evaluate(() => [...document.querySelectorAll("#work button, #work select, #work input:not([type=radio]):not([type=checkbox]), #work .segment label, #work .views a")]
      .filter((element) => element.offsetParent !== null && element.closest(".maplibregl-ctrl") === null)
      .filter((element) => Math.min(element.getBoundingClientRect().height, Math.max(element.getBoundingClientRect().width, 44)) < 43.5).map((element) => element.outerHTML.slice(0, 120)));
    assert.deepEqual(small, []);
    assert.deepEqual(await violations(page), []);
    for (const view of ["history", "inspections", "poster"]) {
      await page.click(`#view-${view}`);
      await page.waitForSelector({ history: ".revision", inspections: "#visits", poster: "#poster svg" }[view]);
      assert.deepEqual(await violations(page), [], view);
    }
    await assertClean(page, record, editor);
    await close();
  });

  it("works on without a map, and says so", async () => {
    const { page, record, close } = await openStation("sy-016", "", editor, { webgl: false });
    await page.getByText("地图没有打开。可以直接填写坐标。").waitFor();
    await page.fill("#st-lon", "109.51");
    await page.click("#st-save");
    await saved(page);
    assert.equal((await station(base, editor, "sy-016")).properties.original.lon, 109.51);
    await assertClean(page, record, editor);
    await close();
  });
});
