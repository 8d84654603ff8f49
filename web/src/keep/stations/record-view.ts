// The record of a station for who may only read it.
import { make } from "../../shared/dom";
import type { StationFeature } from "../../shared/types";
import type { Shell } from "../panel";
import { type Draft, draftOf, PARTS } from "./draft";
import { hoursTold } from "./hours-told";
import type { MapData } from "./pin-map";
import { originalText, PlaceMap, placeNumbers, placeOf } from "./place";
import { partAttributes, partName, partText, stationWords } from "./words";

export class RecordView {
  readonly root = make("section", { class: "record-view" });
  private readonly draft: Draft;
  private readonly map: PlaceMap;

  constructor(private readonly shell: Shell, private readonly station: StationFeature, mapData: () => Promise<MapData>) {
    this.draft = draftOf(station);
    this.map = new PlaceMap(mapData, null, () => placeOf(this.draft));
    this.write();
  }

  write(): void {
    const w = stationWords();
    const list = (parts: typeof PARTS) => make("dl", { class: "facts" }, ...parts.flatMap((part) => [make("dt", {}, partName(part)), make("dd", { "data-part": part, ...(part === "location" ? {} : partAttributes(part, this.draft[part])) }, partText(part, this.draft))]));
    const place = placeOf(this.draft);
    const isGroup = (part: string) => part.includes(".");
    this.map.write();
    this.root.replaceChildren(
      make("p", { class: "note" }, w.readOnly),
      make("div", { class: "place" }, list(PARTS.filter((part) => !isGroup(part))), make("div", {}, this.map.root,
        make("p", { class: "hint number" }, originalText(this.station)),
        place === null || place.datum === "wgs84" ? null : make("p", { class: "hint number" }, w.wgsIs(...placeNumbers(place, "wgs84"))))),
      make("h3", {}, w.groupHours), hoursTold(this.shell, this.station),
      make("h3", {}, w.groupFacilities), list(PARTS.filter((part) => part.startsWith("facilities."))),
      make("h3", {}, w.groupMaps), list(PARTS.filter((part) => part.startsWith("map_listings."))));
  }

  /** It came into view. */
  shown(): void {
    this.map.resize();
  }
}
