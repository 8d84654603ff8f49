// Feeds and tokens on the page for the staff: adding, fetching, looking at what waits, removing; making and revoking.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { command } from "./harness.mjs";
import { ask, assertClean, looks, makeRegister, openKeep, startBrowser, startKeep, until, violations } from "./keep-harness.mjs";

const NARROW = { width: 360, height: 740 };
const HEAD = "id,name,lon,lat,facilities";
const HOSTILE = "<b onmouseover=alert(1)>";

describe("feeds and tokens on the page for the staff", { timeout: 900_000 }, () => {
  let browser;
  let register;
  let service;
  let sheets;
  // What the other server has, by path.
  const files = new Map();

  before(async () => {
    browser = await startBrowser();
    sheets = createServer((request, response) => {
      const text = files.get(new URL(request.url, "http://x").pathname);
      response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/csv; charset=utf-8" });
      response.end(text ?? "");
    });
    await new Promise((listening) => { sheets.listen(0, "127.0.0.1", listening); });
    register = makeRegister();
    service = await startKeep(register, "--allow-host", host());
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
    sheets?.close();
    sheets?.closeAllConnections();
  });
  const host = () => `127.0.0.1:${sheets.address().port}`;
  const sheet = (name) => `http://${host()}/${name}.csv?key=geheim`;
  const as = (role, method, where, body) => ask(service.base, register.tokens[role], method, where, { body });
  const open = (role, search, options = {}) => openKeep(browser, service.base, register.tokens[role], search, options);
  const feed = (page, name) => page.locator(`.feed[data-name="${name}"]`);
  const told = async (name) => (await as("editor", "GET", "/v1/feeds")).json.feeds.find((each) => each.name === name);
  const press = (place, text) => place.getByRole("button", { name: text, exact: true }).click();

  async function unfold(page) {
    await page.locator(".add > summary >> visible=true").click();
  }

  it("says each thing that is wrong with a feed at its field, and keeps what is typed", async () => {
    for (const [lang, scheme, says] of [["zh", "light", /http 或 https/], ["en", "dark", /http or https/]]) {
      const { page, record, close } = await open("admin", `tab=feeds&lang=${lang}`, { viewport: NARROW, colorScheme: scheme });
      await page.locator(".empty").waitFor();
      if (lang === "zh") await looks(page, "feeds-none");
      await unfold(page);
      await page.fill("#feed-url", "ftp://sheets.example/a.csv");
      await page.fill("#feed-every", "1");
      await page.selectOption("#feed-unit", "minutes");
      assert.equal(await page.isVisible("#feed-share"), false, "nothing is written by itself unless it is asked for");
      await page.check("#feed-auto");
      await page.fill("#feed-share", "200");
      await page.click(".make .button.main");
      await page.locator("#feed-url-problem").waitFor();
      assert.match(await page.textContent("#feed-url-problem"), says);
      for (const id of ["feed-name", "feed-every", "feed-share"]) {
        assert.notEqual(await page.textContent(`#${id}-problem`), "", id);
        assert.equal(await page.getAttribute(`#${id}`, "aria-invalid"), "true");
      }
      assert.equal(await page.inputValue("#feed-url"), "ftp://sheets.example/a.csv");
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      assert.deepEqual(await violations(page), []);
      if (lang === "zh") await looks(page, "feed-problems");
      await page.click("#language");
      assert.equal(await page.inputValue("#feed-url"), "ftp://sheets.example/a.csv");
      assert.equal(await page.isChecked("#feed-auto"), true);
      assert.notEqual(await page.textContent("#feed-share-problem"), "", "in the other language, too");
      await assertClean(page, record, register.tokens.admin, [400]);
      await close();
    }
    assert.deepEqual((await as("admin", "GET", "/v1/feeds")).json.feeds, []);
  });

  it("adds a feed, fetches it, and hands what waits to the imports", async () => {
    files.set("/tianya.csv", `${HEAD}\nty-1,${HOSTILE},109.21,18.41,toilet\nty-2,天涯新站,109.22,18.42,microwave\n`);
    const { page, record, close } = await open("admin", "tab=feeds");
    await page.locator(".empty").waitFor();
    await unfold(page);
    await page.fill("#feed-name", "天涯区环卫");
    await page.fill("#feed-url", sheet("tianya"));
    await page.fill("#feed-every", "2");
    await page.selectOption("#feed-coord", "wgs84");
    assert.deepEqual(await violations(page), []);
    await looks(page, "feed-form");
    await page.click(".make .button.main");
    const card = feed(page, "天涯区环卫");
    await card.waitFor();
    assert.match(await page.textContent("#said"), /已添加“天涯区环卫”/);
    assert.match(await card.textContent(), /每 2 小时[\s\S]*WGS-84[\s\S]*不自动写入/);
    assert.ok(!(await page.textContent("#panel-feeds")).includes("geheim"), "keys in the query are not shown");
    await press(card, "立即获取");
    // The service itself may have been quicker: a new feed is due at once.
    await until(async () => (await told("天涯区环卫")).waits, (waits) => waits);
    await page.locator("#panel-feeds .panel-head .button").click();
    await card.locator(".tag.waiting", { hasText: "等待确认" }).waitFor();
    assert.match(await card.textContent(), /新增 2、修改 0、缺失 0，共 2 行，变化 100%/);
    assert.match(await card.textContent(), /原因：.*未设自动写入/);
    assert.deepEqual(await violations(page), []);
    await looks(page, "feeds");
    await press(card, "查看等待确认的变化");
    await until(() => new URL(page.url()).searchParams.get("tab"), (tab) => tab === "imports");
    const id = new URL(page.url()).searchParams.get("import");
    const made = (await as("editor", "GET", `/v1/imports/${id}`)).json;
    assert.equal(made.source, "天涯区环卫");
    await page.goBack();
    await card.waitFor();
    assert.equal((await as("editor", "POST", `/v1/imports/${id}/commit`, {})).status < 300, true);
    await page.locator("#panel-feeds .panel-head .button").click();
    await card.getByRole("button", { name: "查看等待确认的变化" }).waitFor({ state: "detached" });
    await assertClean(page, record, register.tokens.admin);
    await close();
  });

  it("says why a fetch failed, and lets editors fetch and look but neither add nor remove", async () => {
    assert.equal((await as("admin", "POST", "/v1/feeds", { name: "不在的表", url: sheet("nowhere"), every_min: 1440, max_changed_share: 0.05 })).status, 201);
    assert.equal((await as("admin", "POST", "/v1/feeds", { name: "内网的表", url: "http://127.0.0.1:9/a.csv", every_min: 30 })).status, 201);
    for (const [lang, scheme, words] of [["zh", "light", ["立即获取", /失败/, /404/, /每 1 天/]], ["en", "dark", ["Fetch now", /failed/, /404/, /every day/]]]) {
      const { page, record, close } = await open("editor", `tab=feeds&lang=${lang}`, { viewport: NARROW, colorScheme: scheme });
      const card = feed(page, "不在的表");
      await card.waitFor();
      await press(card, words[0]);
      await card.locator(".tag.failed").waitFor();
      const text = await until(() => card.textContent(), (now) => words[2].test(now));
      for (const word of words.slice(1)) assert.match(text, word);
      await press(feed(page, "内网的表"), words[0]);
      await feed(page, "内网的表").locator(".tag.failed").waitFor();
      assert.match(await feed(page, "内网的表").textContent(), /--allow-host 127\.0\.0\.1:9/);
      assert.equal(await page.locator(".add >> visible=true").count(), 0);
      assert.equal(await page.getByRole("button", { name: /移除|Remove/ }).count(), 0);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      assert.deepEqual(await violations(page), []);
      if (lang === "zh") await looks(page, "feeds-failed");
      await assertClean(page, record, register.tokens.editor, [409]);
      await close();
    }
  });

  it("refuses a name that is taken, and removes a feed after it was asked for twice", async () => {
    const { page, record, close } = await open("admin", "tab=feeds&lang=en");
    const card = feed(page, "内网的表");
    await card.waitFor();
    await unfold(page);
    await page.fill("#feed-name", "内网的表");
    await page.fill("#feed-url", sheet("tianya"));
    await page.click(".make .button.main");
    await page.locator("#feed-name-problem").getByText(/already/).waitFor();
    await press(card, "Remove");
    await card.locator(".sure").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Cancel");
    assert.deepEqual(await violations(page), []);
    await looks(page, "feed-remove");
    await page.keyboard.press("Escape");
    await press(card, "Remove");
    await press(card.locator(".sure"), "Remove");
    await card.waitFor({ state: "detached" });
    assert.equal(await told("内网的表"), undefined);
    const gone = feed(page, "不在的表");
    assert.equal((await as("admin", "DELETE", `/v1/feeds/${encodeURIComponent("不在的表")}`)).status, 204);
    await press(gone, "Fetch now");
    await gone.waitFor({ state: "detached" });
    assert.match(await page.textContent("#said"), /not here any longer/);
    await assertClean(page, record, register.tokens.admin, [404, 409]);
    await close();
  });

  it("makes a token and shows its secret once", async () => {
    const context = { permissions: ["clipboard-read", "clipboard-write"] };
    const { page, record, close } = await open("admin", "tab=tokens", { ...context });
    await page.locator(".token").first().waitFor();
    await unfold(page);
    await page.fill("#token-days", "4000");
    await page.click(".make .button.main");
    await page.locator("#token-name-problem").waitFor();
    assert.notEqual(await page.textContent("#token-days-problem"), "");
    assert.deepEqual(await violations(page), []);
    await looks(page, "token-problems");
    await page.fill("#token-name", HOSTILE);
    await page.fill("#token-days", "90");
    await page.selectOption("#token-role", "reader");
    await page.click(".make .button.main");
    await page.locator(".secret-box").waitFor();
    const secret = await page.inputValue("#new-secret");
    assert.match(secret, /^yz_/);
    assert.match(await page.textContent(".secret-box .note"), /只显示这一次/);
    assert.deepEqual(await violations(page), []);
    await looks(page, "token-secret");
    await press(page.locator(".secret-box"), "复制");
    await page.locator("#said").getByText("令牌已复制").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
    await page.click("#language");
    assert.equal(await page.inputValue("#new-secret"), secret, "it stays until it is put away");
    await page.click("#language");
    assert.equal((await ask(service.base, secret, "GET", "/v1/me")).json.role, "reader");
    await page.click("#sign-out");
    assert.equal(record.dialogs.length, 1, "it is asked before it is lost");
    await press(page.locator(".secret-box"), "我已存好，不再显示");
    assert.ok(!(await page.content()).includes(secret));
    await page.click("#tab-feeds");
    await page.click("#tab-tokens");
    const card = page.locator(".token", { hasText: HOSTILE });
    await card.waitFor();
    assert.equal(await page.locator("#panel-tokens b").count(), 0, "a name is text");
    assert.equal(await page.locator("#new-secret").count(), 0);
    await assertClean(page, record, secret, [400]);
    await assertClean(page, record, register.tokens.admin, [400]);
    assert.ok(!JSON.stringify(await page.evaluate(() => ({ ...sessionStorage }))).includes(secret));
    await close();
  });

  it("selects the secret where the browser does not let it be copied", async () => {
    const prepare = (page) => page.addInitScript(() => { Object.defineProperty(navigator, "clipboard", { value: undefined }); });
    const { page, close } = await open("admin", "tab=tokens&lang=en", { viewport: NARROW, colorScheme: "dark", prepare });
    await page.locator(".token").first().waitFor();
    await unfold(page);
    await page.fill("#token-name", "Li");
    await page.click(".make .button.main");
    await press(page.locator(".secret-box"), "Copy");
    await page.locator("#said").getByText(/select the text/).waitFor();
    const selected = await page.evaluate(() => { const { value, selectionStart, selectionEnd } = document.querySelector("#new-secret"); return value.slice(selectionStart, selectionEnd); });
    assert.equal(selected, await page.inputValue("#new-secret"));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.deepEqual(await violations(page), []);
    await close();
  });

  it("revokes a token after it was asked for twice, and explains why not one's own", async () => {
    const secret = command("token", "make", "孙走", "--role", "editor", "--database", register.database).trim();
    await until(async () => (await ask(service.base, secret, "GET", "/v1/me")).status, (status) => status === 200);
    const { page, record, close } = await open("admin", "tab=tokens", { viewport: NARROW });
    const own = page.locator(".token", { hasText: "赵管" });
    await own.waitFor();
    assert.match(await own.textContent(), /您正在用[\s\S]*不能吊销自己/);
    assert.equal(await own.getByRole("button").count(), 0);
    const card = page.locator(".token", { hasText: "孙走" });
    await press(card, "吊销");
    await looks(page, "token-revoke");
    assert.deepEqual(await violations(page), []);
    await press(card.locator(".sure"), "取消");
    assert.equal((await ask(service.base, secret, "GET", "/v1/me")).status, 200);
    await press(card, "吊销");
    await press(card.locator(".sure"), "吊销");
    await card.waitFor({ state: "detached" });
    assert.equal((await ask(service.base, secret, "GET", "/v1/me")).status, 401);
    await page.check("#with-old");
    await card.locator(".tag.revoked").waitFor();
    assert.match(await card.textContent(), /已吊销[\s\S]*\d+日 吊销/);
    assert.equal(await card.getByRole("button").count(), 0);
    assert.deepEqual(await violations(page), []);
    await looks(page, "tokens-old");
    await assertClean(page, record, register.tokens.admin);
    await close();
  });
});
