// Imports on the page for the staff, worked in English from the start of each flow to its end, by roles and English names
// alone, as keep-english.mjs does with stations.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { assertEnglish, openEnglish, pick, press, says, textsOfStations } from "./keep-english-harness.mjs";
import { imports, longSheet, messySheet, named, settled, stations, workedOut } from "./keep-import-sheets.mjs";
import { ask, assertClean, change, ITEMS, makeRegister, makeToken, startBrowser, startKeep, station, until, violations } from "./keep-harness.mjs";

const DAY = String.raw`\d{1,2} [A-Z][a-z]+ \d{4}`;

describe("imports on the page for the staff, in English", { timeout: 900_000 }, () => {
  let browser;
  let register;
  let service;
  let base;
  let editor;
  let admin;
  let known;
  before(async () => {
    browser = await startBrowser();
    register = makeRegister();
    editor = makeToken(register.database, "editor", "Mary Wu");
    admin = makeToken(register.database, "admin", "John Li");
    service = await startKeep(register, "--districts", "data/districts.geojson");
    base = service.base;
    known = [...textsOfStations(await stations(base)), "装载"];
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
  });

  const group = (page, name) => page.getByRole("group", { name, exact: true });
  const row = (page, number) => page.getByRole("listitem").filter({ has: page.getByText(`Row ${number}`, { exact: true }) });
  const changes = (page, number) => row(page, number).getByRole("row").evaluateAll((rows) => rows.map(({ cells }) => [...cells].map((cell) => cell.textContent)));

  /** Chooses a sheet by the button, and says whose it is and in which datum. */
  async function chooseSheet(page, name, text, source, datum = "Not stated (look at the evidence first)") {
    // A browser opens the chooser only soon after the press, which a busy machine may miss.
    const chooser = await until(async () => {
      const [opened] = await Promise.all([page.waitForEvent("filechooser", { timeout: 8_000 }).catch(() => null), press(page, "Choose a file")]);
      return opened;
    }, (opened) => opened !== null);
    await chooser.setFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.getByText(new RegExp(`^${name} \\([\\d.]+ (B|kB|MB)\\)$`)).waitFor();
    await page.getByRole("combobox", { name: "Whose sheet it is" }).fill(source);
    await page.getByRole("combobox", { name: "Datum of the coordinates" }).selectOption({ label: datum });
  }
  async function seeSheet(page, ...sheet) {
    await chooseSheet(page, ...sheet);
    await press(page, "See what it would change");
    await settled(page);
  }
  /** Shows only the rows of a chip. */
  async function only(page, name) {
    await Promise.all([page.waitForResponse((response) => response.url().includes("/rows")), press(group(page, "Show only"), name)]);
    await settled(page);
  }

  it("imports a messy sheet: its columns corrected, its datum stated, a row left out, written and taken back", async () => {
    const sheet = await messySheet(base);
    const there = [...known, ...sheet.split(/[,\n\ufeff]/)];
    const { page, record, close } = await openEnglish(browser, base, editor, "tab=imports");
    await page.getByText("There are no imports yet.").waitFor();
    await press(page, "See what it would change");
    await says(page, "Choose a file first.", "alert");
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await seeSheet(page, "staff.csv", sheet, "union of the city");
    await page.getByText(/^19 rows, /).waitFor();
    await page.getByText(new RegExp(`^Source: union of the city · Mary Wu · ${DAY}, \\d\\d:\\d\\d · compared with revision 1 of the register · kept until ${DAY}`)).waitFor();

    // The columns.
    const reads = (letter) => page.getByRole("combobox", { name: new RegExp(`^Column ${letter} “.*” is read as$`) });
    if (!(await reads("I").isVisible())) await page.getByRole("heading", { name: "How the columns are read" }).click();
    assert.equal(await reads("E").locator("option:checked").textContent(), "longitude");
    await reads("G").selectOption({ label: "leave this column out" });
    await says(page, "1 correction not sent yet");
    await reads("I").selectOption({ label: "telephone" });
    await says(page, "2 corrections not sent yet");
    await workedOut(page, () => press(page, "Read it again like this"));
    assert.deepEqual((await changes(page, 4)).at(-1), ["telephone", "(empty)", "13900000000"]);

    // The datum.
    await page.getByText("Not stated; the evidence says GCJ-02", { exact: true }).waitFor();
    await page.getByText("State the datum above first; then it can be written.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Write it" }).isDisabled(), true);
    const evidence = page.getByRole("table", { name: "Where the points are when the numbers of the sheet are read in each datum" });
    assert.match(await evidence.textContent(), /Amap, Tencent.*Nearest of the three|Nearest of the three.*Amap, Tencent/s);
    await page.getByRole("radiogroup", { name: "Read the numbers as" }).waitFor();
    await says(page, /Read as GCJ-02, the points move by 4\d\d m on average\. \d+ points of 19 rows drawn\.$/);
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, there);
    await workedOut(page, () => press(page, "It is GCJ-02"));
    await page.getByText("Stated: GCJ-02", { exact: true }).waitFor();

    // The rows.
    await only(page, "not readable 1");
    await says(page, "All 1 row shown");
    await row(page, 19).getByText(/^To put it right: /).first().waitFor();
    await assertEnglish(page, there);
    await only(page, "all 19");
    await only(page, "perhaps twice 1 pair");
    await says(page, "All 2 rows shown");
    await row(page, 21).getByText(/^Perhaps the same place as row 18: similar names not far from each other, \d+ m apart, names 100% alike$/).waitFor();
    await page.getByRole("combobox", { name: "What to do with row 21" }).selectOption({ label: "skip this row" });
    await says(page, "1 choice not sent yet");
    await page.getByText("Send or discard your choices first; then it can be written.").waitFor();
    await assertEnglish(page, there);
    // What was done is said for some seconds only.
    await Promise.all([says(page, /^Worked out anew: 2 new, /), workedOut(page, () => press(page, "Work it out with these choices"))]);

    // The sheet goes back to whom it came from, with what is wrong in English.
    const [download] = await Promise.all([page.waitForEvent("download"), says(page, "staff-remarks.csv is saved"), press(page, "Sheet with remarks CSV")]);
    assert.equal(download.suggestedFilename(), "staff-remarks.csv");
    const back = readFileSync(await download.path(), "utf8");
    for (const remark of [/,Remark$/m, /,changed: telephone – → 13900000000$/m, /,skipped$/m, /has latitude first; expected longitude,latitude/]) assert.match(back, remark);

    // Written, and taken back.
    const was = (await stations(base)).length;
    await page.getByText("2 stations added", { exact: true }).waitFor();
    await page.getByText("1 row skipped", { exact: true }).waitFor();
    await page.getByRole("textbox", { name: "Why (may be left out; goes into the log)" }).fill("sheet of March");
    await press(page, "Write it");
    await says(page, new RegExp(`^Written as revision 2, ${DAY}, \\d\\d:\\d\\d$`));
    assert.equal((await stations(base)).length, was + 2);
    const [written] = (await stations(base)).filter(({ properties }) => properties.name === "新港码头驿站");
    assert.equal((await ask(base, editor, "GET", `${ITEMS}/${written.id}/history`)).json.history[0].why, "sheet of March");
    await assertEnglish(page, there);
    await press(page, "← Back to the list");
    const entry = page.getByRole("row").filter({ hasText: "staff.csv" });
    await entry.filter({ hasText: /written\s*revision 2\s*2 new, \d+ changed/ }).waitFor();
    await press(entry, "Take it back");
    await press(group(page, "Take revision 2 back: every station becomes what it was before, as a new revision."), "Take it back");
    await says(page, "Revision 2 was taken back by revision 3");
    await entry.getByText("taken back by revision 3").waitFor();
    assert.equal(await named(base, "新港码头驿站"), 0);
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, there);
    await assertClean(page, record, editor);
    await close();
  });

  it("settles a conflict between a sheet and the register, on a device without maps", async () => {
    const sheet = (phone) => `id,name,lon,lat,phone,address\nE1,Canal stop,109.40,18.32,${phone},Canal Road 1\n`;
    const { page, record, close } = await openEnglish(browser, base, editor, "tab=imports", { webgl: false });
    const stated = "WGS-84 (GPS, Tianditu)";
    await seeSheet(page, "january.csv", sheet("0898-1"), "sanitation office", stated);
    await page.getByText("This device cannot draw maps (no WebGL). The evidence is in the table above.").waitFor();
    await page.getByText("1 station added", { exact: true }).waitFor();
    await press(page, "Write it");
    await says(page, /^Written as revision \d+, /);
    const [{ id }] = (await stations(base)).filter(({ properties }) => properties.name === "Canal stop");
    await change(base, admin, id, { properties: { phone: "0898-2" } });
    await press(page, "← Back to the list");
    await seeSheet(page, "february.csv", sheet("0898-3"), "sanitation office", stated);
    const conflict = group(row(page, 2), "Conflict: telephone");
    assert.match(await conflict.innerText(), /Last sheet\s+0898-1\s+Register\s+0898-2\s+Sheet\s+0898-3/);
    await page.getByText("1 row with open conflicts: those fields stay as the register has them").waitFor();
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await pick(conflict, "Conflict: telephone", "Take the sheet's");
    await says(page, "1 choice not sent yet");
    await workedOut(page, () => press(page, "Work it out with these choices"));
    assert.deepEqual((await changes(page, 2)).at(-1), ["telephone", "0898-2", "0898-3"]);
    await page.getByText("1 station changed", { exact: true }).waitFor();
    await press(page, "Write it");
    await says(page, /^Written as revision \d+, /);
    assert.equal((await station(base, editor, id)).properties.phone, "0898-3");
    // What was edited since is not lost by taking it back.
    await change(base, admin, id, { properties: { phone: "0898-4" } });
    await press(page, "Take it back");
    await press(page.getByRole("group", { name: /^Take revision \d+ back: / }), "Take it back");
    await page.getByRole("alert").getByText(new RegExp(`^${id}: revision \\d+, John Li, ${DAY}, \\d\\d:\\d\\d$`)).waitFor();
    await assertEnglish(page, known);
    assert.equal((await station(base, editor, id)).properties.phone, "0898-4");
    await assertClean(page, record, editor, [409]);
    await close();
  });

  it("says what is wrong with a file, and gives up an import that takes long", async () => {
    const { page, record, close } = await openEnglish(browser, base, editor, "tab=imports", { webgl: false });
    await page.getByRole("heading", { name: "Recent imports" }).waitFor();
    const before = (await imports(base, editor)).length;
    await chooseSheet(page, "broken.xlsx", "PK\u0003\u0004 and no more", "somebody");
    await press(page, "See what it would change");
    await says(page, /^The service could not answer: /, "alert");
    await assertEnglish(page, known);
    assert.deepEqual(await violations(page), []);
    await chooseSheet(page, "long.csv", longSheet(100_000), "somebody", "WGS-84 (GPS, Tianditu)");
    const cancel = page.getByRole("button", { name: "Cancel" });
    await press(page, "See what it would change");
    // At once: nothing slow may come in between.
    await page.getByText(/^Reading and comparing: \d+%$/).waitFor();
    await cancel.click();
    await says(page, "Cancelled; nothing was kept.");
    assert.equal((await imports(base, editor)).length, before);
    await page.getByText(/^long\.csv \([\d.]+ MB\)$/).waitFor();
    await seeSheet(page, "short.csv", longSheet(60), "somebody", "WGS-84 (GPS, Tianditu)");
    await says(page, "50 rows shown");
    await press(page, "Show more");
    await says(page, "All 60 rows shown");
    await press(page, "Forget this import");
    await press(group(page, "The file and its dry run go for good. The register does not change."), "Forget it");
    await says(page, "Forgotten");
    assert.equal((await imports(base, editor)).length, before);
    await assertClean(page, record, editor, [400, 415, 422]);
    await close();
  });
});
