// The page for the staff itself: coming in with a token and going on after it ended, tabs and addresses, what is kept of
// the token, and what nobody may do with the page.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { command, openPage, startService } from "./harness.mjs";
import { ask, assertClean, looks, makeRegister, makeToken, openKeep, picture, signIn, startBrowser, startKeep, until, violations } from "./keep-harness.mjs";

const NARROW = { width: 360, height: 740 };
// What Chromium writes into the console when there is nobody to answer.
const NO_SERVICE = /net::ERR_(CONNECTION_REFUSED|FAILED)/;

/** The id of a token, by the name of whose it is. */
function idOf(register, name) {
  const line = command("token", "list", "--database", register.database).split("\n").find((each) => each.includes(name));
  return line.trim().split(/\s+/)[0];
}

/** Makes a token end in the past, by the way of a backup: no clock can be turned. */
function expire(register, name) {
  const file = path.join(register.folder, "backup.gz");
  command("backup", file, "--database", register.database);
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split("\n");
  const rows = lines.slice(0, -1).map((line) => {
    const row = JSON.parse(line);
    return Array.isArray(row) && row[1] === name && row.length === 7 ? JSON.stringify([...row.slice(0, 5), "2026-01-02T00:00:00.000Z", null]) : line;
  });
  const body = `${rows.join("\n")}\n`;
  const { end } = JSON.parse(lines.at(-1));
  writeFileSync(file, gzipSync(`${body}${JSON.stringify({ end: { ...end, sha256: createHash("sha256").update(body).digest("hex") } })}\n`));
  command("restore", file, "--database", register.database, "--replace");
}

describe("the page for the staff", { timeout: 900_000 }, () => {
  let browser;
  let register;
  let service;
  before(async () => {
    browser = await startBrowser();
    register = makeRegister();
    register.tokens.late = makeToken(register.database, "editor", "陈迟");
    expire(register, "陈迟");
    service = await startKeep(register);
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
  });
  const open = (role, search = "", options = {}) => openKeep(browser, service.base, register.tokens[role], search, options);
  const openAsking = (search = "", options = {}) => openPage(browser, `${service.base}/keep${search}`, { waitFor: "#sign-in:not([hidden])", ...options });
  const problem = (page) => page.locator("#sign-in-problem:not([hidden])").textContent();
  const selected = (page) => page.locator("[role=tab][aria-selected=true]").getAttribute("id");

  async function tryToken(page, token) {
    await page.fill("#token", token);
    await page.click("#sign-in-button");
    await page.waitForSelector("#sign-in-problem:not([hidden])");
    await page.waitForSelector("#sign-in-button:not([disabled])");
    return problem(page);
  }

  for (const [lang, scheme] of [["zh", "light"], ["en", "dark"]]) {
    it(`says why a token is not taken, ${lang}`, async () => {
      const { page, record, close } = await openAsking(`?lang=${lang}`, { colorScheme: scheme, viewport: NARROW });
      const says = lang === "zh" ? [/没有这个令牌/, /已过期/, /已吊销/] : [/no such token/, /expired/, /revoked/];
      assert.equal(await page.evaluate(() => document.activeElement.id), "token", "one can type at once");
      if (lang === "zh") await looks(page, "sign-in");
      assert.deepEqual(await violations(page), []);
      assert.match(await tryToken(page, "yz_wrong"), says[0]);
      if (lang === "zh") await looks(page, "sign-in-wrong");
      assert.deepEqual(await violations(page), []);
      assert.match(await tryToken(page, "令牌"), says[0], "what no header can carry is not sent");
      assert.match(await tryToken(page, register.tokens.late), says[1]);
      const revoked = makeToken(register.database, "editor", `周撤-${lang}`);
      command("token", "revoke", idOf(register, `周撤-${lang}`), "--database", register.database);
      await until(async () => (await ask(service.base, revoked, "GET", "/v1/me")).status, (status) => status === 401);
      assert.match(await tryToken(page, revoked), says[2]);
      await page.click("#language");
      assert.match(await problem(page), lang === "zh" ? /revoked/ : /已吊销/, "in the other language, too");
      await page.click("#language");
      await signIn(page, register.tokens.editor);
      assert.match(await page.textContent("#who-text"), /王芳/);
      assert.equal(await page.isVisible("#sign-in"), false);
      assert.equal(await page.inputValue("#token"), "");
      await assertClean(page, record, register.tokens.editor, [401]);
      await close();
    });
  }

  it("brings the sign-in back above the page when the token ends in the middle, and goes on where one was", async () => {
    const secret = makeToken(register.database, "editor", "吴中途");
    await fetch(`${service.base}/v1/collections/stations/items/sy-003/reports`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ kind: "door_locked" }),
    });
    const { page, record, close } = await openKeep(browser, service.base, secret, "tab=tickets", { viewport: NARROW });
    await page.click(".ticket summary");
    await page.fill(".ticket .handling input", "打过电话，没人接");
    const id = idOf(register, "吴中途");
    assert.equal((await ask(service.base, register.tokens.admin, "DELETE", `/v1/tokens/${id}`)).status, 204);
    await page.click(".ticket .handling .button.main");
    await page.waitForSelector("#sign-in:not([hidden])");
    assert.match(await problem(page), /已吊销.*还在页面上/);
    assert.equal(await page.isVisible("#who"), false);
    assert.equal(await page.inputValue(".ticket .handling input"), "打过电话，没人接");
    const [form, ticket] = await Promise.all(["#sign-in", ".ticket"].map((each) => page.locator(each).boundingBox()));
    assert.ok(form.y < ticket.y, "it is above");
    assert.ok(form.y > -1 && form.y < 200, `and in view, at ${form.y}`);
    await looks(page, "token-ended");
    assert.deepEqual(await violations(page), []);
    await page.fill("#token", register.tokens.editor);
    await page.click("#sign-in-button");
    await page.waitForSelector("#who:not([hidden])");
    assert.equal(await selected(page), "tab-tickets");
    await page.waitForSelector(".ticket .handling[open]");
    assert.equal(await page.inputValue(".ticket .handling input"), "打过电话，没人接", "typed text is kept");
    assert.ok(await page.evaluate(() => document.querySelector("#work").contains(document.activeElement)), "the focus is where one was");
    await page.click(".ticket .handling .button.main");
    await page.waitForSelector(".ticket .tag.acknowledged");
    assert.match(await page.textContent(".ticket .became"), /打过电话，没人接[\s\S]*王芳/);
    await assertClean(page, record, secret, [401]);
    await close();
  });

  it("remembers the token in this tab when asked, and forgets it when one leaves", async () => {
    const { page, record, close } = await openAsking("?tab=imports");
    const { editor } = register.tokens;
    await page.check("#keep-token");
    await signIn(page, editor);
    await page.reload();
    await page.waitForSelector("#who:not([hidden])");
    assert.equal(await selected(page), "tab-imports");
    assert.equal(await page.evaluate(() => Object.values({ ...sessionStorage }).length), 1);
    await page.click("#sign-out");
    await page.waitForSelector("#sign-in:not([hidden])");
    assert.equal(await page.isVisible("#desk"), false);
    assert.equal(await page.locator(".panel > *").count(), 0, "nothing of it stays on the page");
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await page.goBack().catch(() => null);
    await page.goto(`${service.base}/keep`);
    await page.waitForSelector("#sign-in:not([hidden])");
    await signIn(page, editor);
    await page.reload();
    await page.waitForSelector("#sign-in:not([hidden])");
    assert.equal(await page.evaluate(() => sessionStorage.length), 0, "not asked, not kept");
    await assertClean(page, record, editor);
    await close();
  });

  it("tries the remembered token again when the service is back", async () => {
    const { page, record, close } = await openAsking("?lang=en");
    await page.check("#keep-token");
    await signIn(page, register.tokens.reader);
    await page.route("**/v1/me", (route) => route.abort());
    await page.reload();
    await page.locator("#sign-in-again").waitFor();
    assert.match(await problem(page), /cannot be reached|network|answer/i);
    await looks(page, "service-away");
    await page.unroute("**/v1/me");
    await page.click("#sign-in-again");
    await page.waitForSelector("#who:not([hidden])");
    assert.deepEqual(record.errors.filter((text) => !NO_SERVICE.test(text)), []);
    await close();
  });

  it("goes by addresses and by the browser's own buttons from tab to tab", async () => {
    const { page, record, close } = await open("admin", "tab=tokens");
    assert.equal(await selected(page), "tab-tokens");
    assert.match(await page.title(), /^令牌 · /);
    await page.click("#tab-feeds");
    await page.click("#tab-tickets");
    assert.equal(new URL(page.url()).searchParams.get("tab"), "tickets");
    await page.click("#tab-tickets");
    await page.goBack();
    assert.equal(await selected(page), "tab-feeds", "the same tab twice is one step");
    await page.goBack();
    assert.equal(await selected(page), "tab-tokens");
    await page.goForward();
    assert.equal(await selected(page), "tab-feeds");
    await page.focus("#tab-feeds");
    await page.keyboard.press("End");
    assert.equal(await selected(page), "tab-tokens");
    await page.keyboard.press("ArrowRight");
    assert.equal(await selected(page), "tab-stations");
    await assertClean(page, record, register.tokens.admin);
    await close();
  });

  it("shows each role its parts, and says what another one needs", async () => {
    const parts = { reader: ["stations"], editor: ["stations", "imports", "tickets", "feeds"], admin: ["stations", "imports", "tickets", "feeds", "tokens"] };
    for (const [role, tabs] of Object.entries(parts)) {
      const { page, record, close } = await open(role, "tab=tokens");
      const shown = await page.locator("[role=tab]:visible").evaluateAll((all) => all.map(({ id }) => id.slice(4)));
      assert.deepEqual(shown, tabs);
      if (role === "admin") assert.equal(await selected(page), "tab-tokens");
      else {
        assert.equal(await selected(page), "tab-stations");
        assert.match(await page.textContent("#said"), /“令牌”要用“管理员”令牌/);
      }
      await assertClean(page, record, register.tokens[role]);
      await close();
    }
  });

  it("takes away what is not for the one who goes on with another role", async () => {
    const secret = makeToken(register.database, "admin", "郑降");
    const { page, record, close } = await openKeep(browser, service.base, secret, "tab=tokens");
    await page.waitForSelector(".token");
    await ask(service.base, register.tokens.admin, "DELETE", `/v1/tokens/${idOf(register, "郑降")}`);
    await page.click(".panel-head .button >> visible=true");
    await page.waitForSelector("#sign-in:not([hidden])");
    await page.fill("#token", register.tokens.editor);
    await page.click("#sign-in-button");
    await page.waitForSelector("#who:not([hidden])");
    assert.equal(await selected(page), "tab-stations");
    assert.equal(await page.locator("#panel-tokens > *").count(), 0);
    await assertClean(page, record, secret, [401]);
    await close();
  });

  it("says that there is no register where there is none", async () => {
    const files = await startService();
    try {
      for (const [lang, says] of [["zh", /没有登记册.*请这样启动/s], ["en", /no register.*Start it like this/s]]) {
        const { page, record, close } = await openPage(browser, `${files.base}/keep?lang=${lang}`, { waitFor: "#no-register:not([hidden])", viewport: NARROW });
        assert.match(await page.textContent("#no-register"), says);
        assert.equal(await page.isVisible("#sign-in"), false);
        assert.deepEqual(await violations(page), []);
        if (lang === "zh") await looks(page, "no-register");
        assert.deepEqual(record.errors, []);
        await close();
      }
    } finally {
      await files.stop();
    }
  });

  it("says so when somebody tries too often", async () => {
    const own = await startKeep(register);
    try {
      const { page, close } = await openPage(browser, `${own.base}/keep`, { waitFor: "#sign-in:not([hidden])" });
      await until(async () => (await ask(own.base, "yz_guess", "GET", "/v1/me")).status, (status) => status === 429);
      assert.match(await tryToken(page, "yz_guess"), /试得太多/);
      await looks(page, "too-many");
      await signIn(page, register.tokens.reader);
      await close();
    } finally {
      await own.stop();
    }
  });

  it("keeps what is typed when the service stops in the middle", async () => {
    const own = await startKeep(register);
    const { page, record, close } = await openKeep(browser, own.base, register.tokens.editor, "tab=tickets&state=all", { viewport: NARROW });
    await page.click(".ticket summary");
    await page.fill(".ticket .handling input", "周三换锁");
    await own.stop();
    await page.click(".ticket .handling .buttons .button >> nth=1");
    await page.locator(".ticket .problem").waitFor();
    assert.match(await page.textContent(".ticket .problem"), /连不上服务/);
    assert.equal(await page.inputValue(".ticket .handling input"), "周三换锁");
    await looks(page, "service-stopped");
    await page.click(".panel-head .button >> visible=true");
    await page.locator(".after .problem").waitFor();
    assert.equal(await page.locator(".ticket").count() > 0, true, "what was read stays");
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(record.errors.filter((text) => !NO_SERVICE.test(text)), []);
    await close();
  });

  it("holds in large type, in both languages, on 360 pixels", async () => {
    const { page, record, close } = await open("admin", "lang=en&tab=tokens", { viewport: NARROW, colorScheme: "dark" });
    await page.click("#large-type");
    for (const tab of ["tickets", "feeds", "tokens"]) {
      await page.click(`#tab-${tab}`);
      await page.locator(`#panel-${tab} .panel-head`).waitFor();
      await page.waitForSelector(`#panel-${tab} .entries:not([aria-busy])`, { state: "attached" });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, `${tab}: nothing sticks out`);
      await picture(page, `keep-large-${tab}-en-dark`);
      await page.click("#language");
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, `${tab}: nothing sticks out`);
      await page.click("#language");
      const small = await page.locator("button, summary, select, label.switch, input:not([type=checkbox])").evaluateAll((all) => all
        .map((element) => [element.getBoundingClientRect(), element.outerHTML.slice(0, 80)])
        .filter(([{ width, height }]) => width > 0 && (height < 43.5 || width < 43.5)).map(([, html]) => html));
      assert.deepEqual(small, []);
    }
    await assertClean(page, record, register.tokens.admin);
    await close();
  });

  it("stands in no frame of another site, and is sent with a policy that lets nothing in", async () => {
    for (const address of ["/keep", "/keep?embed=1", "/keep?tab=tokens"]) {
      const policy = (await fetch(service.base + address)).headers.get("content-security-policy");
      assert.match(policy, /frame-ancestors 'none'/, address);
      assert.match(policy, /connect-src 'self'(;|$)/);
      assert.match(policy, /script-src 'self'(;|$)/);
      assert.doesNotMatch(policy, /unsafe/);
    }
    const site = createServer((_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><title>site</title><iframe title="keep" width="380" height="700" src="${service.base}/keep?embed=1"></iframe>`);
    });
    await new Promise((listening) => { site.listen(0, "127.0.0.1", listening); });
    try {
      const { page, close } = await openPage(browser, `http://127.0.0.1:${site.address().port}/`, { waitFor: null });
      await until(() => page.frames().length, (count) => count > 1);
      await page.waitForLoadState("load");
      assert.equal(await page.frameLocator("iframe").locator("#sign-in").count(), 0);
      await close();
    } finally {
      await new Promise((done) => { site.close(done); site.closeAllConnections(); });
    }
  });
});
