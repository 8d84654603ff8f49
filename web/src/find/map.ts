// The map: district outlines as its base, all stations as dots, the stations of the list as numbered pins.
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import { LngLatBounds, Map as GlMap, Marker, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
// The worker is a file of this server, so that the page needs no `blob:` worker.
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { byId, make, say } from "../shared/dom";
import { words } from "../shared/language";
import type { ItemsAnswer, NearestAnswer } from "../shared/types";
import { districtLabels } from "./district-labels";
import { mapLayers, mapStyle, recolour } from "./map-style";
import { districtOutlines, type Place, type Query, stationsForMap } from "./query";
import { openStateText } from "./sentences";
import { cardId } from "./station-card";

// Room for the pins, and on the right for the zoom buttons.
const EDGE_PX = { top: 48, bottom: 48, left: 48, right: 80 };
const NEAR_ZOOM = 15;
const NAMES_ZOOM = 7;

export interface MapHost {
  /** The user gave a place on the map. */
  searchFrom: (place: Place) => void;
  /** The map has seen these stations. */
  noticeSynthetic: (features: ItemsAnswer["features"]) => void;
}

/** Opens the map in its frame; rejects when it cannot be drawn at all. */
export async function openMap(host: MapHost): Promise<StationMap> {
  setWorkerUrl(workerUrl);
  const [outlines, stations] = await Promise.allSettled([districtOutlines(), stationsForMap()]);
  const gl = new GlMap({
    container: "map",
    style: mapStyle(),
    center: [0, 0],
    zoom: 1,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
  });
  gl.touchZoomRotate.disableRotation();
  gl.keyboard.disableRotation();
  gl.addControl(new NavigationControl({ showCompass: false }), "top-right");
  gl.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  await new Promise<void>((loaded) => void gl.once("load", () => loaded()));
  // A base that did not come leaves an empty ground; the pins and the list do not depend on it.
  const base = outlines.status === "fulfilled" ? outlines.value : null;
  const dots = stations.status === "fulfilled" ? stations.value : null;
  mapLayers(gl, base, dots);
  if (dots !== null) host.noticeSynthetic(dots.features);
  return new StationMap(gl, host, base);
}

/** The opened map. */
export class StationMap {
  private pins: Marker[] = [];
  private readonly me: Marker;
  private readonly outlineSource: string;
  private readonly baseBounds: LngLatBounds | null;
  private shown = false;

  constructor(private readonly gl: GlMap, host: MapHost, base: GeoJSON.FeatureCollection | null) {
    this.me = new Marker({ element: make("span", { class: "sign me", "aria-hidden": "true" }) });
    for (const { name, lon, lat } of districtLabels(base)) {
      const label = make("span", { class: "district-label", "aria-hidden": "true", lang: "zh-CN" }, name);
      new Marker({ element: label }).setLngLat([lon, lat]).addTo(gl);
    }
    gl.on("click", ({ lngLat }) => {
      const { lng, lat } = lngLat.wrap();
      host.searchFrom({ lon: lng, lat, datum: "wgs84" });
    });
    this.outlineSource = [...new Set(base?.features.map(({ properties }) => properties?.["source"] as unknown))]
      .filter((source) => typeof source === "string").join("; ");
    // Far out the names would lie on each other.
    const hideNames = () => gl.getContainer().classList.toggle("far-out", gl.getZoom() < NAMES_ZOOM);
    gl.on("zoom", hideNames);
    hideNames();
    this.baseBounds = boundsOf(base);
    gl.on("moveend", () => this.writeBase());
    const centre = byId("search-centre");
    centre.hidden = false;
    centre.addEventListener("click", () => {
      const { lng, lat } = gl.getCenter().wrap();
      host.searchFrom({ lon: lng, lat, datum: "wgs84" });
    });
    // For whoever looks at the page from outside: the base is on the screen, not only asked for.
    gl.on("idle", () => byId("map").setAttribute("data-drawn", "true"));
    byId("legend").hidden = false;
    byId("map-message").hidden = true;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => recolour(gl));
    this.writeWords();
  }

  /** Shows the stations of an answer as pins and the place that was searched from; none after a failure. */
  showAnswer(answer: NearestAnswer | null, query: Query): void {
    const first = !this.shown;
    this.shown = true;
    for (const pin of this.pins) pin.remove();
    this.pins = (answer?.features ?? []).map((station, position) => this.pin(station, position + 1, query));
    // The map is WGS-84, and the page cannot convert: a place in another datum would be drawn in the wrong street.
    const place = query.place?.datum === "wgs84" ? query.place : null;
    if (place === null) this.me.remove();
    else this.me.setLngLat([place.lon, place.lat]).addTo(this.gl);
    byId("place-not-drawn").hidden = query.place === null || place !== null;
    if (answer !== null) this.look(answer, place, first || query.placeFrom !== "map");
  }

  /** Writes the words of the map again, after the language has changed. */
  writeWords(): void {
    const { gl } = this;
    this.writeBase();
    gl.getCanvas().setAttribute("aria-label", words().mapLabel);
    for (const [name, text] of [["zoom-in", words().zoomIn], ["zoom-out", words().zoomOut]] as const) {
      const button = gl.getContainer().querySelector(`.maplibregl-ctrl-${name}`);
      button?.setAttribute("aria-label", text);
      button?.setAttribute("title", text);
    }
  }

  // Says what the base shows here: outlines of districts, or nothing at all.
  private writeBase(): void {
    const isBaseInView = this.baseBounds !== null && overlap(this.baseBounds, this.gl.getBounds());
    const source = this.outlineSource === "" ? "" : words().outlineSource(this.outlineSource);
    const text = isBaseInView ? [words().mapBase, source].join(words().betweenSentences) : words().mapNoBase;
    // Only what is new is written, or a screen reader might begin again after each move.
    if (byId("map-base").textContent !== text) say(byId("map-base"), text);
  }

  private pin(station: NearestAnswer["features"][number], rank: number, query: Query): Marker {
    const { name, open_state } = station.properties;
    const label = words().markerLabel(rank, name, openStateText(open_state, query.openOnArrival, words()));
    const button = make("button", { type: "button", class: "pin", "aria-label": label, title: name },
      make("span", { class: `sign ${open_state.state}`, "aria-hidden": "true" }, make("b", {}, String(rank))));
    // The nearest lies on top where pins overlap.
    button.style.zIndex = String(100 - rank);
    button.addEventListener("click", (event) => {
      // Otherwise the map would take the tap for a new place.
      event.stopPropagation();
      const card = byId(cardId(rank));
      card.scrollIntoView({ block: "center" });
      card.focus({ preventScroll: true });
    });
    const [lon = 0, lat = 0] = station.geometry.coordinates;
    return new Marker({ element: button }).setLngLat([lon, lat]).addTo(this.gl);
  }

  // Moves the view to the answer, unless the user chose the place on the map and already sees the nearest station.
  // Without a place that can be drawn, the nearest station is the middle.
  private look(answer: NearestAnswer, place: Place | null, always: boolean): void {
    const points = answer.features.map(({ geometry }) => [geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0] as const);
    const nearest = points[0];
    if (!always && nearest !== undefined && this.gl.getBounds().contains([...nearest])) return;
    if (place === null) {
      if (nearest !== undefined) this.gl.jumpTo({ center: [...nearest], zoom: NEAR_ZOOM - 1 });
      return;
    }
    const bounds = new LngLatBounds([place.lon, place.lat], [place.lon, place.lat]);
    for (const point of points) bounds.extend([...point]);
    this.gl.fitBounds(bounds, { padding: EDGE_PX, maxZoom: NEAR_ZOOM, animate: false });
  }
}

// The box around everything the base has, or null when it has nothing.
function boundsOf(base: GeoJSON.FeatureCollection | null): LngLatBounds | null {
  const bounds = new LngLatBounds();
  for (const { geometry } of base?.features ?? []) {
    const polygons = geometry?.type === "Polygon" ? [geometry.coordinates]
      : geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
    for (const [lon = 0, lat = 0] of polygons.flat(2)) bounds.extend([lon, lat]);
  }
  return bounds.isEmpty() ? null : bounds;
}

function overlap(a: LngLatBounds, b: LngLatBounds): boolean {
  return a.getWest() <= b.getEast() && b.getWest() <= a.getEast() && a.getSouth() <= b.getNorth() && b.getSouth() <= a.getNorth();
}
