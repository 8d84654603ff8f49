// The sheets that the tests of imports drop, and the steps that they share.
import { ask, ITEMS } from "./keep-harness.mjs";

export const HOSTILE = "<img src=x onerror=alert(1)>";
/** Where no station of the demo city is, in GCJ-02. */
export const NEW_PLACE = { lon: 109.5512, lat: 18.3107 };
const HEADER = "序号,站点名称,地址,所在区,经度,纬度,联系电话,微波炉,值班手机";
const KNOWN = 14;

/** Stations as the service has them, in a datum. */
export async function stations(base, datum = "wgs84") {
  return (await (await fetch(`${base}${ITEMS}?limit=1000&out_coord=${datum}`)).json()).features;
}

/** How many stations have a name. */
export async function named(base, name) {
  return (await stations(base)).filter(({ properties }) => properties.name === name).length;
}

/**
 * A sheet as people keep it, its coordinates from Amap and nothing that says so: two rows of titles, stations that are
 * known (four with another telephone), a new one that is there twice, swapped axes, no coordinates, a hostile name.
 */
export async function messySheet(base) {
  const known = (await stations(base, "gcj02")).slice(0, KNOWN);
  const rows = known.map(({ geometry: { coordinates: [lon, lat] }, properties: { name, address, district, phone } }, at) =>
    [at + 1, name, address, district, lon, lat, at < 4 ? `0898-8800000${at}` : phone ?? "", "", at < 2 ? "13900000000" : ""]);
  const { lon, lat } = NEW_PLACE;
  rows.push(
    [15, "新港码头驿站", "新港路1号", "吉阳区", lon, lat, "", "有", ""],
    [16, "山边驿站", "山边路2号", "吉阳区", lat, lon, "", "无", ""],
    [17, "没有坐标的驿站", "某路3号", "吉阳区", "", "", "", "", ""],
    [18, "新港码头驿站", "新港路1号", "吉阳区", (lon + 0.0001).toFixed(6), lat, "", "有", ""],
    [19, HOSTILE, HOSTILE, "天涯区", lon, lat + 0.03, "", "有", ""]);
  return `\ufeff三亚市户外劳动者服务站点一览表,,,,,,,,\n填报单位：市总工会,,,,,,,,\n${HEADER}\n${rows.map((row) => row.join(",")).join("\n")}\n`;
}

/** A sheet of new stations in WGS-84, one every 200 m. */
export function longSheet(rows) {
  const lines = Array.from({ length: rows }, (_, at) =>
    `L${at},长表驿站${at},长表路${at}号,${(108 + (at % 1000) * 0.002).toFixed(6)},${(30 + Math.floor(at / 1000) * 0.002).toFixed(6)}`);
  return `编号,名称,地址,经度,纬度\n${lines.join("\n")}\n`;
}

/** Chooses a file and says whose it is. */
export async function choose(page, name, text, source, coord = "") {
  await page.setInputFiles("#import-file", { name, mimeType: "application/octet-stream", buffer: Buffer.isBuffer(text) ? text : Buffer.from(text) });
  await page.fill('input[name="source"]', source);
  await page.selectOption('select[name="coord"]', coord);
}

/** Sends the chosen file and waits until its rows are shown. */
export async function upload(page, ...sheet) {
  await choose(page, ...sheet);
  await page.click('.import-form [type="submit"]');
  await settled(page);
}

/** Waits until an import is shown and nothing is being worked on. */
export async function settled(page) {
  await page.waitForSelector('.import-view:not([aria-busy="true"]) .import-rows:not([aria-busy]) .rows-end p');
}

/** Runs `act` and waits until the answer to the PATCH that it leads to is shown. */
export async function workedOut(page, act) {
  await Promise.all([page.waitForResponse((response) => response.request().method() === "PATCH"), act()]);
  await page.waitForSelector('.import-view[aria-busy="false"]');
  await settled(page);
}

/** Shows only rows with an outcome, and gives how many there are. */
export async function only(page, outcome) {
  await Promise.all([page.waitForResponse((response) => response.url().includes("/rows")), page.click(`.chip[data-only="${outcome}"]`)]);
  await settled(page);
  return page.locator(".row-cards > li").count();
}

/** Writes the import that is shown, and waits until that is said. */
export async function commit(page) {
  await page.click("#commit");
  await page.waitForSelector(".import-commit .result");
}

/** The imports that the service keeps. */
export async function imports(base, token) {
  return (await ask(base, token, "GET", "/v1/imports")).json.imports;
}

/** Waits until the map of the datum is drawn. */
export function mapDrawn(page) {
  return page.waitForSelector("#import-map[data-drawn]");
}

/** The id of the import that is shown. */
export function shownId(page) {
  return new URL(page.url()).searchParams.get("import");
}
