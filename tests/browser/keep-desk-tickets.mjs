// What workers report, on the page for the staff: finding it, deciding about it, and what happens when somebody is quicker.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ask, assertClean, ITEMS, looks, makeRegister, openKeep, startBrowser, startKeep, station, until, violations } from "./keep-harness.mjs";

const NARROW = { width: 360, height: 740 };
const HOSTILE = "<img src=x onerror=alert(1)>";

describe("reports on the page for the staff", { timeout: 900_000 }, () => {
  let browser;
  let register;
  let service;
  // Every report comes from an address of its own, as those of workers do; one address may not send as many.
  let senders = 0;

  before(async () => {
    [browser] = await Promise.all([startBrowser()]);
    register = makeRegister();
    service = await startKeep(register, "--trust-forwarded");
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
  });

  async function report(id, body) {
    senders += 1;
    const response = await fetch(`${service.base}${ITEMS}/${id}/reports`, {
      method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", "x-forwarded-for": `10.0.${Math.floor(senders / 200)}.${senders % 200}` },
    });
    assert.equal(response.status, 201, await response.clone().text());
    return (await response.json()).id;
  }
  const as = (role, method, where, body, headers = {}) => ask(service.base, register.tokens[role], method, where, { body, headers });
  const handle = (id, body) => as("admin", "PATCH", `/v1/tickets/${id}`, body, { "if-match": "*" });
  const stored = async (id) => (await as("editor", "GET", `/v1/tickets/${id}`)).json;

  async function open(search = "", options = {}, role = "editor") {
    const opened = await openKeep(browser, service.base, register.tokens[role], `tab=tickets${search === "" ? "" : `&${search}`}`, options);
    await read(opened.page);
    return opened;
  }

  /** Waits until the list shows what was asked for. */
  async function read(page) {
    await page.waitForFunction(() => /\d/.test(document.querySelector("#panel-tickets .panel-head [role=status]")?.textContent ?? "")
      && document.querySelector("#panel-tickets .entries:not([aria-busy])") !== null);
  }
  const ids = (page) => page.locator(".ticket").evaluateAll((all) => all.map((each) => Number(each.dataset.id)));
  const card = (page, id) => page.locator(`.ticket[data-id="${id}"]`);
  async function unfold(page, id) {
    await card(page, id).locator("summary").click();
  }
  const act = (page, id, text) => card(page, id).getByRole("button", { name: text }).click();
  const badge = (page) => page.locator("#tab-tickets").textContent();

  it("says that nothing waits while nothing does", async () => {
    for (const [lang, says] of [["zh", /都办结了/], ["en", /Everything is settled/]]) {
      const { page, record, close } = await open(`lang=${lang}`, { viewport: NARROW });
      assert.match(await page.textContent(".empty"), says);
      assert.equal((await badge(page)).trim(), lang === "zh" ? "反馈" : "Reports");
      assert.deepEqual(await violations(page), []);
      if (lang === "zh") await looks(page, "tickets-none");
      await assertClean(page, record, register.tokens.editor);
      await close();
    }
  });

  it("shows what is said of which station, as text, and how many say the same", async () => {
    const { page, record, close } = await open();
    const id = await report("sy-001", { kind: "broken_facility", facility: "microwave", text: "微波炉不热", lang: "zh" });
    await report("sy-001", { kind: "broken_facility", facility: "microwave", text: HOSTILE });
    await report("sy-001", { kind: "broken_facility", facility: "microwave" });
    const place = await report("sy-005", { kind: "wrong_place", lon: 109.515, lat: 18.252, coord: "gcj02", text: "门在后面那条街上" });
    // New ones come by the button, or when one comes back to the tab.
    await page.click("#panel-tickets .panel-head .button");
    await card(page, id).waitFor();
    await until(() => badge(page), (text) => /2/.test(text));
    const text = await card(page, id).textContent();
    assert.match(text, /设施坏了：微波炉[\s\S]*待处理[\s\S]*3 人次反馈[\s\S]*微波炉不热/);
    assert.ok(text.includes(HOSTILE));
    const { properties: { name } } = await station(service.base, register.tokens.editor, "sy-001");
    await card(page, id).getByText(name, { exact: true }).waitFor();
    assert.match(await card(page, place).textContent(), /说位置在 109\.5109\d+,18\.253\d+/);
    assert.deepEqual(record.dialogs, []);
    assert.equal(await page.locator("#work img").count(), 0);
    assert.deepEqual(await violations(page), []);
    await looks(page, "tickets");
    await card(page, id).locator(".entry-line a").click();
    await until(() => new URL(page.url()).searchParams.get("tab"), (tab) => tab === "stations");
    assert.equal(new URL(page.url()).searchParams.get("station"), "sy-001");
    await page.goBack();
    await card(page, id).waitFor();
    await assertClean(page, record, register.tokens.editor);
    await close();
  });

  it("takes a report up, keeps a remark, and resolves it", async () => {
    const id = await report("sy-009", { kind: "door_locked", text: "七点还没开" });
    const { page, record, close } = await open("station=sy-009", { viewport: NARROW });
    assert.deepEqual(await ids(page), [id]);
    const before = Number(/\d+/.exec(await until(() => badge(page), (text) => /\d/.test(text)))[0]);
    await unfold(page, id);
    assert.deepEqual(await violations(page), []);
    await looks(page, "ticket-handling");
    await card(page, id).locator("input").fill("已联系负责人");
    await act(page, id, "受理");
    await card(page, id).locator(".tag.acknowledged").waitFor();
    assert.match(await page.textContent("#said"), /已受理/);
    await until(() => badge(page), (text) => text.includes(String(before - 1)) || before === 1);
    assert.deepEqual([(await stored(id)).state, (await stored(id)).note, (await stored(id)).changed_by], ["acknowledged", "已联系负责人", "王芳"]);
    await unfold(page, id);
    await card(page, id).locator("input").fill("八点已开门");
    await act(page, id, "保存备注");
    await card(page, id).getByText("八点已开门").waitFor();
    await unfold(page, id);
    await act(page, id, "已解决");
    await card(page, id).locator(".tag.resolved").waitFor();
    assert.equal(await card(page, id).locator(".handling").count(), 0, "nothing more can be done about it");
    await looks(page, "ticket-resolved");
    assert.deepEqual([(await stored(id)).state, (await stored(id)).note, (await stored(id)).revision], ["resolved", "八点已开门", null]);
    await assertClean(page, record, register.tokens.editor);
    await close();
  });

  it("confirms that a facility is out of order, and rejects what is not so, in English", async () => {
    const broken = await report("sy-011", { kind: "no_water" });
    const wrong = await report("sy-011", { kind: "wrong_hours", text: "closed at noon", lang: "en" });
    const { page, record, close } = await open("station=sy-011&lang=en", { colorScheme: "dark" });
    assert.equal(await card(page, wrong).getByRole("button", { name: /It is so/ }).count(), 0);
    await unfold(page, broken);
    await looks(page, "ticket-confirm");
    assert.deepEqual(await violations(page), []);
    await act(page, broken, "It is so: mark drinking water out of order");
    await card(page, broken).locator(".tag.resolved").waitFor();
    assert.match(await card(page, broken).textContent(), /The station was changed \(revision \d+\)/);
    assert.equal((await station(service.base, register.tokens.editor, "sy-011")).properties.facilities.drinking_water, "out_of_order");
    await unfold(page, wrong);
    await act(page, wrong, "Not so");
    await card(page, wrong).locator(".tag.rejected").waitFor();
    assert.equal((await stored(wrong)).state, "rejected");
    await assertClean(page, record, register.tokens.editor);
    await close();
  });

  it("shows what somebody else did meanwhile, and keeps the remark that is being typed", async () => {
    const id = await report("sy-013", { kind: "closed_for_good" });
    const { page, record, close } = await open("station=sy-013", { viewport: NARROW });
    await unfold(page, id);
    await card(page, id).locator("input").fill("去看过，还在");
    await handle(id, { state: "acknowledged", note: "明天去看" });
    await act(page, id, "不属实");
    await card(page, id).locator(".note").waitFor();
    assert.match(await card(page, id).locator(".note").textContent(), /赵管刚刚处理过.*处理中/);
    assert.match(await card(page, id).textContent(), /明天去看/);
    assert.equal(await card(page, id).locator("input").inputValue(), "去看过，还在");
    assert.equal((await stored(id)).state, "acknowledged", "nothing was written");
    await looks(page, "ticket-stale");
    assert.deepEqual(await violations(page), []);
    await handle(id, { state: "resolved", confirmed: true });
    await act(page, id, "不属实");
    await card(page, id).getByText(/已经办结/).waitFor();
    assert.match(await card(page, id).locator(".note").textContent(), /赵管.*已解决[\s\S]*没有保存的备注：去看过，还在/);
    assert.equal(await card(page, id).locator(".handling").count(), 0);
    await looks(page, "ticket-closed");
    await assertClean(page, record, register.tokens.editor, [409, 412]);
    await close();
  });

  it("filters by state, kind and station, and the address keeps it", async () => {
    const water = await report("sy-020", { kind: "no_water" });
    const lock = await report("sy-020", { kind: "door_locked" });
    const settled = await report("sy-020", { kind: "other", text: "灯坏了" });
    await handle(settled, { state: "resolved" });
    await handle(lock, { state: "acknowledged" });
    const { page, record, close } = await open();
    const { properties: { name } } = await station(service.base, register.tokens.editor, "sy-020");
    await page.fill("#ticket-station", name);
    await page.keyboard.press("Enter");
    await page.locator(".station-filter.chosen").getByText(name).waitFor();
    await read(page);
    assert.deepEqual(await ids(page), [water, lock], "open before being handled");
    await page.focus("#ticket-state");
    await page.selectOption("#ticket-state", "all");
    await read(page);
    assert.deepEqual(await ids(page), [water, lock, settled]);
    assert.equal(await page.evaluate(() => document.activeElement.id), "ticket-state", "the focus stays");
    await page.selectOption("#ticket-kind", "other");
    await read(page);
    assert.deepEqual(await ids(page), [settled]);
    assert.deepEqual(Object.fromEntries(new URL(page.url()).searchParams), { tab: "tickets", state: "all", kind: "other", station: "sy-020" });
    await page.selectOption("#ticket-kind", "wrong_place");
    await read(page);
    assert.match(await page.textContent(".empty"), /没有这样的反馈/);
    await page.click(".station-filter.chosen button");
    await read(page);
    assert.ok(!(await ids(page)).includes(settled));
    await page.fill("#ticket-station", "没有这么个地方");
    await page.keyboard.press("Enter");
    await page.locator(".offers").getByText(/没有叫“没有这么个地方”的站点/).waitFor();
    await page.fill("#ticket-station", "海棠区");
    await page.keyboard.press("Enter");
    await page.locator(".offers .chip").first().waitFor();
    assert.ok(await page.locator(".offers .chip").count() > 1, "a name that fits several offers them");
    assert.deepEqual(await violations(page), []);
    await looks(page, "tickets-which-station");
    await assertClean(page, record, register.tokens.editor);
    await close();
  });

  it("comes page by page, and counts up to 99 on the tab", async () => {
    const kinds = ["door_locked", "no_water", "wrong_hours"];
    for (let i = 21; i < 60; i += 1) for (const kind of kinds) await report(`sy-${String(i).padStart(3, "0")}`, { kind });
    const { page, record, close } = await open("state=open", { viewport: NARROW });
    assert.match(await until(() => badge(page), (text) => /99\+/.test(text)), /99\+/);
    assert.equal((await ids(page)).length, 50);
    await page.locator(".after .button").click();
    await until(async () => (await ids(page)).length, (count) => count === 100);
    const first = await page.evaluate(() => Number(document.activeElement.dataset.id));
    assert.equal(first, (await ids(page))[50], "the focus goes to what is new");
    await page.locator(".after .button").click();
    await page.locator(".after .button").waitFor({ state: "detached" });
    const all = await ids(page);
    assert.equal(new Set(all).size, all.length);
    const told = (await as("editor", "GET", "/v1/tickets?state=open&limit=200")).json.tickets.map(({ id }) => id);
    assert.deepEqual(all, told);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    await assertClean(page, record, register.tokens.editor);
    await close();
  });

  it("asks before one leaves with a remark that is not saved, and keeps it through a change of language", async () => {
    const id = await report("sy-060", { kind: "wrong_hours" });
    const { page, record, close } = await open("station=sy-060");
    await unfold(page, id);
    await card(page, id).locator("input").fill("等回电");
    await page.click("#language");
    await page.getByRole("button", { name: "Take it up" }).waitFor();
    assert.equal(await card(page, id).locator("input").inputValue(), "等回电");
    await page.click("#sign-out");
    assert.match(record.dialogs.at(-1), /not saved/);
    assert.equal(await page.isVisible("#desk"), true, "the dialog was answered with no");
    assert.equal(await card(page, id).locator("input").inputValue(), "等回电");
    await assertClean(page, record, register.tokens.editor);
    await close();
  });
});
