// The place of a station in its form: two numbers and the datum they are in, beside a map whose pin moves with them.
import { inDatum, type Place } from "../../shared/datum";
import { canDrawMaps, make, say } from "../../shared/dom";
import type { Datum, StationFeature } from "../../shared/types";
import { degrees, type Draft, isCoordinate } from "./draft";
import { choiceField, controlId, type FormState, group, textField } from "./fields";
import type { MapData, PinMap } from "./pin-map";
import { stationWords } from "./words";

const DATUMS: Datum[] = ["wgs84", "gcj02", "bd09"];

/** The place that a draft states, or null while it states none. */
export function placeOf({ lon, lat, datum }: Draft): Place | null {
  if (!isCoordinate(lon, 180) || !isCoordinate(lat, 90) || datum === "") return null;
  return { lon: Number(lon), lat: Number(lat), datum: datum as Datum };
}

/** A place in the numbers of a datum, for people. */
export function placeNumbers(place: Place, datum: Datum): [string, string] {
  const { lon, lat } = inDatum(place, datum);
  return [degrees(lon), degrees(lat)];
}

/** The frame of a map, which stays the same element while everything around it is written anew. */
export class PlaceMap {
  readonly root: HTMLElement;
  private readonly frame = make("div", { class: "place-map" });
  private readonly message = make("p", { class: "hint map-message" });
  private map: PinMap | null = null;
  private hasFailed = false;

  constructor(private readonly data: () => Promise<MapData>, private readonly moved: ((place: Place) => void) | null, private readonly place: () => Place | null) {
    this.root = make("div", { class: "place-map-box" }, this.frame, this.message);
    this.hasFailed = !canDrawMaps();
    this.write();
    if (!this.hasFailed) void this.open();
  }

  /** The numbers changed: the pin follows. */
  follow(): void {
    this.map?.show(this.place());
  }

  write(): void {
    this.frame.hidden = this.hasFailed;
    say(this.message, this.hasFailed ? stationWords().mapFailed : this.map === null ? stationWords().mapLoading : "");
    this.map?.writeWords();
  }

  /** It came into view. */
  resize(): void {
    this.map?.resize();
  }

  private async open(): Promise<void> {
    try {
      const [{ openPinMap }, data] = await Promise.all([import("./pin-map"), this.data()]);
      this.map = await openPinMap(this.frame, data, this.moved);
      this.follow();
    } catch (error) {
      console.info("the map did not open:", error);
      this.hasFailed = true;
    }
    this.write();
  }
}

/** The group of the form; `original` is the station as it was loaded, or null of a new one. */
export function placeGroup(state: FormState, map: PlaceMap, original: StationFeature | null): HTMLElement {
  const w = stationWords();
  const number = { attributes: { inputmode: "decimal", spellcheck: "false" }, isRequired: true };
  return group(w.groupPlace,
    make("div", { class: "place" },
      make("div", { class: "place-numbers" },
        choiceField(state, "datum", DATUMS.map((datum) => [datum, `${w.datums[datum]} ${w.datumHelp[datum]}`]), { label: w.datumLabel, isRequired: true }),
        make("div", { class: "fields" },
          textField(state, "lon", { ...number, label: w.lonLabel }),
          textField(state, "lat", { ...number, label: w.latLabel })),
        make("p", { class: "hint", id: "place-told" }, toldOf(state.draft)),
        make("p", { class: "hint number", id: "place-wgs", role: "status" }, wgsText(state.draft)),
        original === null ? null : make("p", { class: "hint number", id: "place-original" }, originalText(original))),
      map.root));
}

/** Writes into the group what the draft says now, where that was not typed into it. */
export function writePlace(root: HTMLElement, draft: Draft): void {
  for (const key of ["lon", "lat"] as const) {
    const input = root.querySelector<HTMLInputElement>(`#${controlId(key)}`);
    if (input !== null && input.value !== draft[key]) input.value = draft[key];
  }
  for (const radio of root.querySelectorAll<HTMLInputElement>(`input[name="${controlId("datum")}"]`)) radio.checked = radio.value === draft.datum;
  const [told, wgs] = [root.querySelector("#place-told"), root.querySelector("#place-wgs")];
  if (told !== null) told.textContent = toldOf(draft);
  if (wgs !== null) wgs.textContent = wgsText(draft);
}

function toldOf({ datum }: Draft): string {
  const w = stationWords();
  return datum === "" ? `${w.datumChoose} ${w.mapHint}` : `${w.datumNow(w.datums[datum as Datum])} ${w.datumSwitched}`;
}

function wgsText(draft: Draft): string {
  const place = placeOf(draft);
  return place === null || place.datum === "wgs84" ? "" : stationWords().wgsIs(...placeNumbers(place, "wgs84"));
}

/** The coordinate as it was given, with its datum, and who found it where nobody stated it. */
export function originalText({ geometry, properties }: StationFeature): string {
  const w = stationWords();
  const [lon = 0, lat = 0] = geometry.coordinates;
  const original = properties.original ?? { lon, lat, datum: "wgs84" as const };
  const text = w.originalIs(degrees(original.lon), degrees(original.lat), w.datums[original.datum]);
  return original.geocoded === undefined ? text : `${text} · ${w.geocodedBy(original.geocoded.provider)}`;
}
