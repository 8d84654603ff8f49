// The QR code of a station's page: shown, as an SVG file, and as a poster of A6 for its door.
import { addressOf } from "../../find/address";
import { make } from "../../shared/dom";
import { FACILITIES } from "../../shared/facilities";
import { language, words } from "../../shared/language";
import { keep } from "../../shared/save";
import type { StationFeature } from "../../shared/types";
import { DATA } from "../data";
import { keepWords } from "../words";
import { qrDrawing, qrFile } from "./qr";
import { stationWords } from "./words";

const LOCAL = /^(localhost|127\.|\[::1\])/;

/** The view; a press on "print" prints nothing but the poster. */
export function posterView(station: StationFeature): HTMLElement {
  const w = stationWords();
  const { name } = station.properties;
  const address = addressOf(station.id);
  const download = make("button", { type: "button", class: "button", id: "qr-download" }, w.downloadSvg);
  download.addEventListener("click", () => keep(`${fileName(station.id)}.svg`, qrFile(address, w.qrLabel(name))));
  const print = make("button", { type: "button", class: "button main", id: "qr-print" }, w.print);
  print.addEventListener("click", () => window.print());
  return make("section", { class: "poster-view" }, make("div", { class: "poster-side" },
    make("h2", { tabindex: "-1" }, w.posterHeading), make("p", {}, w.posterHint),
    make("p", { class: "hint" }, `${w.posterAddress}${keepWords().colon}`, make("a", { href: address, id: "qr-address", class: "qr-address", target: "_blank", rel: "noopener" }, address)),
    LOCAL.test(location.host) ? make("p", { class: "note" }, w.localWarning) : null,
    make("div", { class: "buttons" }, print, download)), poster(station, address));
}

function poster({ properties }: StationFeature, address: string): HTMLElement {
  const w = stationWords();
  const has = FACILITIES.filter((facility) => properties.facilities?.[facility] === "yes").map((facility) => words().facilities[facility]);
  const hours = (language() === "zh" ? properties.hours_text ?? properties.hours : properties.hours ?? properties.hours_text) ?? null;
  return make("article", { class: "poster", id: "poster", "aria-label": w.qrLabel(properties.name) },
    make("p", { class: "poster-top" }, w.posterTop),
    properties.synthetic === true ? make("p", { class: "tag demo" }, words().syntheticBanner) : null,
    make("h3", DATA, properties.name),
    make("p", { class: "poster-address", ...(properties.address == null ? {} : DATA) }, properties.address ?? w.posterNoAddress),
    make("div", { class: "poster-qr" }, qrDrawing(address, w.qrLabel(properties.name))),
    make("p", { class: "poster-scan" }, w.scanMe),
    make("dl", {}, make("dt", {}, w.posterHours), make("dd", hours === null ? {} : DATA, hours ?? w.notStated),
      ...(has.length === 0 ? [] : [make("dt", {}, w.posterFacilities), make("dd", {}, has.join(words().list))])));
}

// What every file system takes.
function fileName(id: string): string {
  return `qr-${id.replace(/[^\p{L}\p{N}._-]+/gu, "-")}`;
}
