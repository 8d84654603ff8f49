// A small map with one pin, on the operator's base map in its datum, or on the outlines of the districts.
import { AttributionControl, LngLatBounds, type Map as GlMap, Marker } from "maplibre-gl";
import { type BaseMap, baseStyle, recolour } from "../../find/base";
import { districtLabels } from "../../find/district-labels";
import { inDatum, type Place } from "../../shared/datum";
import { make } from "../../shared/dom";
import { openGl, writeGlWords } from "../../shared/gl-map";
import type { Datum } from "../../shared/types";
import { stationWords } from "./words";

// Streets tell where a place is; outlines alone do only from farther away.
const NEAR_ZOOM = { streets: 15, outlines: 11.5 };
const NAMES_ZOOM = 7;
const NUDGE_PX = 8;
const EDGE_PX = 24;
const KEYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export interface MapData {
  base: BaseMap | null;
  districts: GeoJSON.FeatureCollection | null;
  /** West, south, east, north of all stations in WGS-84, where there are no outlines. */
  extent: [number, number, number, number] | null;
}

/** Opens the map; `moved` is called with the place to which the pin was brought, or null when it may not be moved. */
export async function openPinMap(container: HTMLElement, data: MapData, moved: ((place: Place) => void) | null): Promise<PinMap> {
  const gl = openGl(container, await baseStyle(data.base, data.districts));
  const credit = data.base?.credit ?? null;
  // The control takes markup; the operator's words are words.
  if (credit !== null) gl.addControl(new AttributionControl({ compact: false, customAttribution: make("span", {}, credit).innerHTML }), "bottom-right");
  gl.on("error", ({ error }) => console.info("the map lacks something:", error.message));
  await new Promise<void>((styled) => void gl.once("style.load", () => styled()));
  recolour(gl);
  return new PinMap(gl, data, moved);
}

/** The opened map. */
export class PinMap {
  private readonly datum: Datum;
  private readonly pin: HTMLButtonElement;
  private readonly marker: Marker;
  private place: Place | null = null;

  constructor(private readonly gl: GlMap, private readonly data: MapData, private readonly moved: ((place: Place) => void) | null) {
    const { base, districts, extent } = data;
    this.datum = base?.datum ?? "wgs84";
    this.pin = make("button", { type: "button", class: "place-pin" },
      make("span", { class: "place-pin-head", "aria-hidden": "true" }));
    this.marker = new Marker({ element: this.pin, anchor: "bottom", draggable: moved !== null });
    this.pin.disabled = moved === null;
    this.marker.on("drag", () => this.tell());
    this.marker.on("dragend", () => this.tell());
    this.pin.addEventListener("click", (event) => event.stopPropagation());
    this.pin.addEventListener("keydown", (event) => this.nudge(event));
    if (moved !== null) gl.on("click", ({ lngLat }) => {
      this.marker.setLngLat(lngLat.wrap()).addTo(gl);
      this.tell();
    });
    for (const { name, lon, lat } of districtLabels(districts)) {
      const at = inDatum({ lon, lat, datum: "wgs84" }, this.datum);
      new Marker({ element: make("span", { class: "district-label", "aria-hidden": "true", lang: "zh-CN" }, name) }).setLngLat([at.lon, at.lat]).addTo(gl);
    }
    const hideNames = () => gl.getContainer().classList.toggle("far-out", gl.getZoom() < NAMES_ZOOM);
    gl.on("zoom", hideNames);
    const all = boundsOf(districts) ?? (extent === null ? null : new LngLatBounds(extent));
    if (all !== null) gl.fitBounds(all, { padding: EDGE_PX, maxZoom: NEAR_ZOOM.streets, animate: false });
    hideNames();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => recolour(gl));
    gl.on("idle", () => gl.getContainer().setAttribute("data-drawn", "true"));
    this.writeWords();
  }

  /** Puts the pin where the numbers say, and brings it into view when it is not; null takes it away. */
  show(place: Place | null): void {
    const isFirst = this.place === null;
    this.place = place;
    if (place === null) {
      this.marker.remove();
      return;
    }
    const { lon, lat } = inDatum(place, this.datum);
    this.marker.setLngLat([lon, lat]).addTo(this.gl);
    if (isFirst) this.gl.jumpTo({ center: [lon, lat], zoom: this.data.base === null ? NEAR_ZOOM.outlines : NEAR_ZOOM.streets });
    else if (!this.gl.getBounds().contains([lon, lat])) this.gl.jumpTo({ center: [lon, lat] });
  }

  writeWords(): void {
    const w = stationWords();
    writeGlWords(this.gl, w.mapLabel);
    this.pin.setAttribute("aria-label", this.moved === null ? w.pinFixed : w.pinLabel);
  }

  /** The frame has another size, or came into view. */
  resize(): void {
    this.gl.resize();
  }

  private nudge(event: KeyboardEvent): void {
    const step = KEYS[event.key];
    if (step === undefined || this.moved === null) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.gl.project(this.marker.getLngLat());
    this.marker.setLngLat(this.gl.unproject([at.x + step[0] * NUDGE_PX, at.y + step[1] * NUDGE_PX]));
    this.tell();
    if (!this.gl.getBounds().contains(this.marker.getLngLat())) this.gl.jumpTo({ center: this.marker.getLngLat() });
  }

  private tell(): void {
    const { lng, lat } = this.marker.getLngLat();
    this.place = { lon: lng, lat, datum: this.datum };
    this.moved?.(this.place);
  }
}

function boundsOf(districts: GeoJSON.FeatureCollection | null): LngLatBounds | null {
  const bounds = new LngLatBounds();
  for (const { geometry } of districts?.features ?? []) {
    const polygons = geometry?.type === "Polygon" ? [geometry.coordinates] : geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
    for (const [lon = 0, lat = 0] of polygons.flat(2)) bounds.extend([lon, lat]);
  }
  return bounds.isEmpty() ? null : bounds;
}
