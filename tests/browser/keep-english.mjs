// Stations on the page for the staff, worked in English from the start of each flow to its end, by roles and English names
// alone: every control has an English name, every answer is English, and the service has what was said.
// Wholly in English elsewhere: every reason why a token is not taken, and the service away (keep-desk.mjs); what a reader
// sees of a station (keep-station.mjs). Imports are in keep-english-import.mjs; reports, feeds and tokens in keep-english-desk.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { openPage } from "./harness.mjs";
import { assertEnglish, comeIn, openEnglish, pick, press, says, textsOfStations } from "./keep-english-harness.mjs";
import { stations } from "./keep-import-sheets.mjs";
import { ask, assertClean, change, create, ITEMS, makeRegister, makeToken, startBrowser, startKeep, station, until, violations } from "./keep-harness.mjs";

// What is far from every other station, so that none is similar.
const FAR = [109.05, 18.42];
const TODAY = new Date().toISOString().slice(0, 10);
const DAY = String.raw`\d{1,2} [A-Z][a-z]+ \d{4}`;

describe("stations on the page for the staff, in English", { timeout: 900_000 }, () => {
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
    // Hours are read in Chinese words, too, and the message about them has an example; `opening_hours` is a name of OSM.
    known = [...textsOfStations(await stations(base)), "装载", "周一至周五 09:00-17:00", "opening_hours"];
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    register?.remove();
  });

  const at = (id) => `${ITEMS}/${id}`;
  const stored = async (id) => (await station(base, editor, id)).properties;
  const history = async (id) => (await ask(base, editor, "GET", `${at(id)}/history`)).json.history;
  const field = (page, name) => page.getByRole("textbox", { name, exact: true });
  const view = (page, name) => page.getByRole("navigation", { name: "Parts of this station" }).getByRole("link", { name, exact: true }).click();
  /** A station of its own, far from the others and with an English record. */
  const newStation = (id, name, facilities = {}) => create(base, editor, { name, address: `${name} Road 1`, phone: "0898-1", facilities }, [FAR[0] + Number(id.slice(3)) * 0.01, FAR[1]], id);

  /** Opens a station as people do: searched for by its id, and clicked. Where a flow needs no map there is none. */
  async function openStation(id, name, webgl = false) {
    const opened = await openEnglish(browser, base, editor, "tab=stations", { webgl });
    await opened.page.getByRole("searchbox", { name: "Search" }).fill(id);
    await opened.page.getByRole("table").getByRole("link", { name, exact: true }).click();
    await opened.page.getByRole("heading", { name, exact: true, level: 2 }).waitFor();
    return opened;
  }

  it("lets somebody in after a wrong token, and out again", async () => {
    const { page, record, close } = await openPage(browser, `${base}/keep?lang=en`, { waitFor: null, locale: "en-GB" });
    await page.getByRole("heading", { name: "Come in with a token" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await comeIn(page, "yz_wrong");
    await says(page, "There is no such token. Check it and try again.", "alert");
    await assertEnglish(page, known);
    await comeIn(page, editor);
    await page.getByText(new RegExp(`^Mary Wu · editor · good until ${DAY}$`)).waitFor();
    assert.deepEqual(await page.getByRole("tab").allTextContents(), ["Stations", "Imports", "Reports", "Feeds"]);
    assert.equal(await page.title(), "Stations · Yizhan · keep the register");
    await press(page, "Leave");
    await says(page, "You have left; the token is forgotten.");
    await page.getByRole("heading", { name: "Come in with a token" }).waitFor();
    assert.equal(await page.getByRole("tab").count(), 0);
    await assertEnglish(page, known);
    await assertClean(page, record, editor, [401]);
    await close();
  });

  it("finds stations by search, filters, order and pages", async () => {
    const { page, record, close } = await openEnglish(browser, base, editor, "tab=stations");
    const rows = page.getByRole("table", { name: "Table of stations" }).getByRole("row");
    const matched = async (query) => (await ask(base, editor, "GET", `${ITEMS}?${query}`)).json.numberMatched;
    const counts = (number) => (number === 1 ? "1 station." : `${number} stations.`);
    const all = await matched("limit=1");
    await says(page, `${all} stations; these are 1–50. Heads sort this page only.`);
    assert.deepEqual((await rows.first().getByRole("columnheader").allTextContents()).map((text) => text.replace(/[↕▲▼]/, "")),
      ["Name", "Id", "District", "Status", "Hours", "Last verified", "Revision"]);
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await press(page, "Next");
    await says(page, `${all} stations; these are 51–${all}. Heads sort this page only.`);
    assert.equal(await page.getByRole("button", { name: "Next" }).isDisabled(), true);
    await press(page, "Previous");
    await says(page, /these are 1–50/);
    await press(rows.first(), "Id");
    await press(rows.first(), "Id");
    assert.equal(await rows.first().getByRole("columnheader", { name: "Id" }).getAttribute("aria-sort"), "descending");
    assert.match(await rows.nth(1).textContent(), /sy-050/);
    const search = page.getByRole("searchbox", { name: "Search" });
    await search.fill("sy-070");
    await says(page, "1 station.");
    await search.fill("no such thing");
    await says(page, "No station matches.");
    await search.fill("");
    await page.getByText("Filters", { exact: true }).click();
    await page.getByRole("combobox", { name: "Status" }).selectOption({ label: "suspended" });
    await says(page, counts(await matched("status=suspended")));
    assert.deepEqual([...new Set(await rows.getByText("suspended", { exact: true }).allTextContents())], ["suspended"]);
    await page.getByRole("combobox", { name: "Status" }).selectOption({ label: "Any status" });
    await page.getByRole("combobox", { name: "Host" }).selectOption({ label: "trade union" });
    await page.getByRole("group", { name: "Facility" }).getByRole("button", { name: "microwave" }).click();
    await page.getByText("Filters (2)").waitFor();
    await says(page, counts(await matched("hosts=union&facilities=microwave")));
    await page.getByRole("checkbox", { name: "Also those not known" }).check({ force: true });
    await says(page, counts(await matched("hosts=union&facilities=microwave&include_unknown=true")));
    await assertEnglish(page, known);
    await press(page, "Clear");
    await says(page, /these are 1–50/);
    await assertClean(page, record, editor);
    await close();
  });

  it("changes a station after a mistake was mended, and moves it by numbers with their datum", async () => {
    await newStation("en-01", "Lighthouse stop");
    const { page, record, close } = await openStation("en-01", "Lighthouse stop", true);
    await field(page, "Name (required)").fill("Lighthouse rest stop");
    await field(page, "Seats").fill("12");
    await page.getByRole("group", { name: "For whom" }).getByRole("button", { name: "couriers" }).click();
    await pick(page, "microwave", "out of order");
    await pick(page, "Amap", "found");
    await pick(page, "Status", "suspended");
    await field(page, "Opening hours").fill("Mo-Fr 25:00-26");
    await page.getByLabel("Last verified").fill(TODAY);
    await field(page, "Why").fill("seen on Monday");
    await page.getByText("Kept in the history; may be left out. 186 characters left.").waitFor();
    await says(page, "Changes are not saved");
    await press(page, "Save");
    const alert = page.getByRole("alert").filter({ hasText: "One thing must be put right:" });
    await alert.getByRole("listitem").filter({ hasText: /^Opening hours: .*not readable as opening hours/ }).getByRole("link", { name: "Opening hours" }).click();
    const hours = field(page, "Opening hours");
    assert.equal(await hours.evaluate((element) => element === document.activeElement), true);
    assert.equal(await hours.getAttribute("aria-invalid"), "true");
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    assert.equal((await stored("en-01")).seats ?? null, null, "nothing is saved");
    await hours.fill("Mo-Fr 08:00-20:00");
    await page.getByText("The saved record states no hours.").waitFor();
    await page.getByText("Your change is not saved yet; this follows when it is.").waitFor();
    await press(page, "Save");
    await says(page, /^Saved as revision \d+\.$/);
    const now = await stored("en-01");
    assert.deepEqual([now.name, now.seats, now.audience, now.facilities.microwave, now.map_listings.amap, now.status, now.hours, now.verified_at],
      ["Lighthouse rest stop", 12, ["courier"], "out_of_order", "yes", "suspended", "Mo-Fr 08:00-20:00", TODAY]);
    assert.deepEqual([(await history("en-01"))[0].who, (await history("en-01"))[0].why], ["Mary Wu", "seen on Monday"]);
    await page.getByText(new RegExp(`^Revision ${now.revision}, ${DAY}, \\d\\d:\\d\\d$`)).waitFor();
    await page.getByRole("table", { name: "Opening hours of seven days from today" }).waitFor();
    await press(page, "Save");
    await says(page, "Nothing was changed.");

    await pick(page, "Datum of these numbers (required)", /GCJ-02/);
    await page.getByText(/^The numbers above are in GCJ-02\./).waitFor();
    await field(page, "Longitude (required)").fill("109.0712");
    await field(page, "Latitude (required)").fill("18.4311");
    await says(page, /^In WGS-84: 109\.0\d+, 18\.4\d+$/);
    await press(page, "Save");
    await says(page, `Saved as revision ${now.revision + 1}.`);
    assert.deepEqual((await stored("en-01")).original, { lon: 109.0712, lat: 18.4311, datum: "gcj02" });
    await page.getByText("Coordinate as it was given: 109.0712, 18.4311 (GCJ-02)").waitFor();
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await assertClean(page, record, editor, [400]);
    await close();
  });

  it("writes a new station, though another is near", async () => {
    await newStation("en-02", "Harbour stop");
    const { page, record, close } = await openEnglish(browser, base, editor, "tab=stations", { webgl: false });
    await press(page, "New station");
    await page.getByText("The map did not open. Type the coordinates instead.").waitFor();
    await field(page, "Name (required)").fill("Harbour stop, east gate");
    await field(page, "Longitude (required)").fill(String(FAR[0] + 0.0202));
    await field(page, "Latitude (required)").fill(String(FAR[1]));
    await press(page, "Create");
    await page.getByRole("alert").getByRole("listitem").filter({ hasText: /^Datum of these numbers: Choose the datum\.$/ }).waitFor();
    await assertEnglish(page, known);
    await pick(page, "Datum of these numbers (required)", /WGS-84/);
    await field(page, "Why").fill("opened today");
    await press(page, "Create");
    const similar = page.getByRole("alert").filter({ has: page.getByRole("heading", { name: "Similar stations are near" }) });
    assert.match(await similar.textContent(), /Harbour stop · en-02 · \d+ m, beside it/);
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await press(similar, "It is another one: create it all the same");
    await says(page, "“Harbour stop, east gate” was created.");
    const made = (await ask(base, editor, "GET", `${ITEMS}?q=east%20gate`)).json.features;
    assert.deepEqual(made.map(({ properties }) => [properties.name, properties.original.datum]), [["Harbour stop, east gate", "wgs84"]]);
    assert.equal((await history(made[0].id))[0].why, "opened today");
    await press(page, "Back to the list");
    await page.getByRole("heading", { name: "Stations", exact: true }).waitFor();
    await assertClean(page, record, editor, [409]);
    await close();
  });

  it("settles what somebody else saved first", async () => {
    await newStation("en-03", "Market stop");
    const { page, record, close } = await openStation("en-03", "Market stop");
    await field(page, "Phone").fill("0898-2");
    await field(page, "Operator").fill("ours");
    await field(page, "Seats").fill("7");
    await change(base, admin, "en-03", { properties: { phone: "0898-3", operator: "theirs", facilities: { toilet: "yes" } } });
    await press(page, "Save");
    await page.getByRole("heading", { name: "Somebody else saved first" }).waitFor();
    await page.getByText(new RegExp(`^John Li saved revision \\d+ on ${DAY}, \\d\\d:\\d\\d\\.`)).waitFor();
    await says(page, "2 still to be chosen.");
    await page.getByRole("group", { name: "toilet Only they changed it" }).waitFor();
    await page.getByRole("group", { name: "Seats Only you changed it" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Save what is chosen" }).isDisabled(), true);
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await page.getByRole("group", { name: "Phone Both changed it: choose" }).getByRole("radio", { name: /^Yours\s*0898-2$/ }).check();
    await says(page, "1 still to be chosen.");
    await page.getByRole("group", { name: "Operator Both changed it: choose" }).getByRole("radio", { name: /^Theirs, as it is now\s*theirs$/ }).check();
    await press(page, "Save what is chosen");
    await says(page, /^Saved as revision \d+\.$/);
    const now = await stored("en-03");
    assert.deepEqual([now.phone, now.operator, now.seats, now.facilities.toilet], ["0898-2", "theirs", 7, "yes"]);
    await assertClean(page, record, editor, [412]);
    await close();
  });

  it("tells the history and undoes a change, removes a station and brings it back", async () => {
    await newStation("en-04", "Bridge stop");
    await change(base, editor, "en-04", { properties: { phone: "0898-4" } });
    await change(base, admin, "en-04", { properties: { phone: "0898-5", status: "closed", facilities: { toilet: "out_of_order" } } });
    const [last, first] = (await history("en-04")).map(({ revision }) => revision);
    const { page, record, close } = await openStation("en-04", "Bridge stop");
    await view(page, "History");
    const entry = (revision) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: `Revision ${revision}`, exact: true }) });
    await entry(last).getByText(new RegExp(`^John Li, ${DAY}, \\d\\d:\\d\\d$`)).waitFor();
    const lines = await entry(last).getByRole("table", { name: `What revision ${last} changed` }).getByRole("row").allInnerTexts();
    assert.deepEqual(lines.map((line) => line.split(/\t/)).sort(), [["Field", "Before", "After"], ["Phone", "0898-4", "0898-5"], ["Status", "open", "closed"], ["Toilet", "not known", "out of order"]]);
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    // The older one cannot be undone: what was built on it is told.
    await press(entry(first), "Undo this revision");
    await page.getByRole("group", { name: `Undo revision ${first}?` }).waitFor();
    await press(entry(first), "Undo it");
    await entry(first).getByRole("alert").getByText(new RegExp(`^Revision ${last} · en-04 · edit · John Li, ${DAY}, \\d\\d:\\d\\d$`)).waitFor();
    await press(entry(last), "Undo this revision");
    await press(entry(last), "Leave it");
    await press(entry(last), "Undo this revision");
    await press(entry(last), "Undo it");
    await says(page, `Revision ${last} was undone, as revision ${last + 1}.`);
    const now = await stored("en-04");
    assert.deepEqual([now.phone, now.status], ["0898-4", "open"]);

    await view(page, "Record");
    await press(page, "Remove the station…");
    const asked = page.getByRole("group", { name: "Remove this station?" });
    await press(asked, "Keep it");
    await press(page, "Remove the station…");
    await asked.getByRole("textbox", { name: "Why" }).fill("entered twice");
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await press(asked, "Remove it");
    await says(page, "“Bridge stop” was removed.");
    assert.equal((await ask(base, editor, "GET", at("en-04"))).status, 404);
    await page.goBack();
    await page.getByText("There is no station “en-04”; it may have been removed. Its history is still there.").waitFor();
    await press(page, "See its history");
    await entry(last + 2).getByText("removed", { exact: true }).waitFor();
    await entry(last + 2).getByText("Reason: entered twice").waitFor();
    await assertEnglish(page, known);
    await press(entry(last + 2), "Undo this revision");
    await press(entry(last + 2), "Undo it");
    await says(page, `Revision ${last + 2} was undone, as revision ${last + 3}.`);
    assert.equal((await stored("en-04")).name, "Bridge stop");
    await page.getByRole("heading", { name: "Bridge stop", exact: true }).waitFor();
    await assertClean(page, record, editor, [404, 409]);
    await close();
  });

  it("hands in an inspection, and takes over what it found", async () => {
    await newStation("en-05", "Park stop", { toilet: "yes" });
    assert.equal((await fetch(`${base}${at("en-05")}/visits`, { method: "POST" })).status, 204);
    const { page, record, close } = await openStation("en-05", "Park stop");
    await view(page, "Inspections and use");
    await page.getByText("1 visit in the last 30 days · 1 in all · Reports: 0 open, 0 under way").waitFor();
    await page.getByText("There are no inspections yet.").waitFor();
    await press(page, "Hand in an inspection");
    await page.getByRole("combobox", { name: "Standard" }).selectOption({ label: "Sanya, ten items" });
    await pick(page, "a toilet", "fail");
    await page.getByRole("combobox", { name: "The facility is" }).selectOption({ label: "out of order" });
    await field(page, "a toilet: remark").fill("the door is locked");
    await pick(page, "a microwave oven", "pass");
    await press(page, "Hand in");
    await says(page, /^One thing must be put right:\s*Who looked: State who looked; a role is enough\.$/, "alert");
    await assertEnglish(page, known);
    await field(page, "Who looked (a role; no name is needed)").fill("inspector of the district union");
    await page.getByLabel("Day of the inspection").fill("2999-01-01");
    await press(page, "Hand in");
    await says(page, /^One thing must be put right:\s*Day of the inspection: .*2999-01-01/, "alert");
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await page.getByLabel("Day of the inspection").fill(TODAY);
    await press(page, "Hand in");
    await says(page, "The inspection is kept.");
    await page.getByText("toilet: the record says “yes”, the inspection “out of order”").waitFor();
    await page.getByRole("heading", { name: `${TODAY} · inspector of the district union` }).waitFor();
    await page.getByText(new RegExp(`^Sanya, ten items · 1 pass, 1 fail, 8 not looked at · handed in by Mary Wu, ${DAY}, \\d\\d:\\d\\d$`)).waitFor();
    const kept = (await ask(base, editor, "GET", `${at("en-05")}/inspections`)).json.inspections[0];
    assert.deepEqual(kept.inspection.results.find(({ item }) => item === "toilet"), { item: "toilet", result: "fail", state: "out_of_order", remark: "the door is locked" });
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    await press(page, "Set toilet to “out of order”");
    await says(page, "Filled into the form; check it and save.");
    await press(page, "Save");
    await says(page, /^Saved as revision \d+\.$/);
    assert.equal((await stored("en-05")).facilities.toilet, "out_of_order");
    await assertClean(page, record, editor, [400]);
    await close();
  });

  it("gives a QR code as a file and a poster", async () => {
    await newStation("en-06", "Ferry stop", { toilet: "yes", microwave: "yes" });
    const { page, record, close } = await openStation("en-06", "Ferry stop");
    await view(page, "QR code");
    await page.getByRole("link", { name: `${base}/?station=en-06` }).waitFor();
    const poster = page.getByRole("article", { name: "QR code of “Ferry stop”" });
    assert.match(await poster.innerText(), /Station for outdoor workers\s+Ferry stop\s+Ferry stop Road 1\s+Scan for hours, facilities and the way\s+Opening hours\s+not stated\s+Facilities\s+microwave, toilet/);
    await page.getByText("Address in the code: ").waitFor();
    assert.deepEqual(await violations(page), []);
    await assertEnglish(page, known);
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Download SVG")]);
    assert.equal(download.suggestedFilename(), "qr-en-06.svg");
    assert.match(readFileSync(await download.path(), "utf8"), /^<\?xml[^>]*>\n<svg [\s\S]*QR code of “Ferry stop”/);
    await page.evaluate(() => { window.print = () => { document.title = "printed"; }; });
    await press(page, "Print the poster (A6)");
    assert.equal(await until(() => page.title(), (title) => title === "printed"), "printed");
    await assertClean(page, record, editor);
    await close();
  });
});
