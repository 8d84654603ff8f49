// The map: its base, all stations as dots and groups, the stations of the list as numbered pins, the route.
import { AttributionControl, type GeoJSONSource, LngLatBounds, type Map as GlMap, Marker } from "maplibre-gl";
import { inDatum, type Place } from "../shared/datum";
import { byId, make, say } from "../shared/dom";
import { openGl, writeGlWords } from "../shared/gl-map";
import { words } from "../shared/language";
import type { FoundFeature, SearchAnswer, StationFeature } from "../shared/types";
import { type BaseMap, baseStyle, recolour } from "./base";
import { Clusters } from "./clusters";
import { districtLabels } from "./district-labels";
import type { Query } from "./query";
import { openStateText } from "./sentences";

// Room for the pins, and on the right for the zoom buttons.
const EDGE_PX = { top: 56, bottom: 72, left: 48, right: 80 };
const NEAR_ZOOM = 15.5;
const NAMES_ZOOM = 7;

export interface MapHost {
  /** The user gave a place on the map. */
  give: (place: Place) => void;
  /** The user chose a station on the map; `rank` where it is in the list. */
  open: (id: string) => void;
}

export interface MapData { base: BaseMap | null; districts: GeoJSON.FeatureCollection | null; stations: StationFeature[] }

/** Opens the map in its frame; rejects when it cannot be drawn at all. */
export async function openMap(host: MapHost, data: MapData): Promise<StationMap> {
  const gl = openGl(byId("map"), await baseStyle(data.base, data.districts));
  const credit = data.base?.credit ?? null;
  if (credit !== null) gl.addControl(new AttributionControl({ compact: false, customAttribution: escaped(credit) }), "bottom-right");
  // A tile that does not come leaves a hole in the base, and the districts are seen through it.
  gl.on("error", ({ error }) => console.info("the map lacks something:", error.message));
  await new Promise<void>((styled) => void gl.once("style.load", () => styled()));
  recolour(gl);
  return new StationMap(gl, host, data);
}

/** The opened map. */
export class StationMap {
  private pins: { id: string; marker: Marker }[] = [];
  private ends: Marker[] = [];
  private readonly me: Marker;
  private readonly clusters: Clusters;
  private readonly outlineSource: string;
  private readonly baseBounds: LngLatBounds | null;
  private shown = false;

  constructor(private readonly gl: GlMap, private readonly host: MapHost, private readonly data: MapData) {
    this.me = new Marker({ element: make("span", { class: "sign me", "aria-hidden": "true" }) });
    for (const { name, lon, lat } of districtLabels(data.districts)) {
      const label = make("span", { class: "district-label", "aria-hidden": "true", lang: "zh-CN" }, name);
      new Marker({ element: label }).setLngLat(this.drawn(lon, lat)).addTo(gl);
    }
    this.clusters = new Clusters(gl, (id) => host.open(id));
    this.setStations(data.stations);
    gl.on("click", ({ lngLat }) => this.give(lngLat.wrap()));
    this.outlineSource = [...new Set(data.districts?.features.map(({ properties }) => properties?.["source"] as unknown))]
      .filter((source) => typeof source === "string").join("; ");
    // Far out the names would lie on each other.
    const hideNames = () => gl.getContainer().classList.toggle("far-out", gl.getZoom() < NAMES_ZOOM);
    gl.on("zoom", hideNames);
    hideNames();
    this.baseBounds = boundsOf(data.districts);
    gl.on("moveend", () => this.writeBase());
    const centre = byId("search-centre");
    centre.hidden = false;
    centre.addEventListener("click", () => this.give(gl.getCenter().wrap()));
    // For whoever looks at the page from outside: the base is on the screen, not only asked for.
    gl.on("idle", () => byId("map").setAttribute("data-drawn", "true"));
    byId("legend").hidden = false;
    byId("map-message").hidden = true;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => recolour(gl));
    this.writeWords();
  }

  /** All stations, after they have changed. */
  setStations(stations: StationFeature[]): void {
    this.clusters.setDots(stations.map(({ id, properties, geometry }) => {
      const [lon, lat] = this.drawn(geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0);
      return { id, name: properties.name, lon, lat };
    }));
  }

  /** Shows the stations of an answer as pins and where it was searched from; none after a failure. */
  showAnswer(answer: SearchAnswer | null, query: Query): void {
    const isFirst = !this.shown;
    this.shown = true;
    for (const { marker } of this.pins) marker.remove();
    this.pins = (answer?.features ?? []).map((station, position) => ({ id: station.id, marker: this.pin(station, position + 1, query) }));
    this.clusters.hide(new Set(this.pins.map(({ id }) => id)));
    this.drawRoute(query);
    const place = query.task === "near" ? query.place : null;
    if (place === null) this.me.remove();
    else this.me.setLngLat(this.drawnPlace(place)).addTo(this.gl);
    const from = place === null ? [] : [place];
    this.look(answer, query.task === "route" ? query.route : from, isFirst || (query.placeFrom !== "map" && query.task === "near"));
  }

  /** Brings one station into the middle, and marks its pin. */
  focusStation(station: StationFeature | null): void {
    for (const { id, marker } of this.pins) marker.getElement().classList.toggle("chosen", id === station?.id);
    if (station === null) return;
    const [lon, lat] = this.drawn(station.geometry.coordinates[0] ?? 0, station.geometry.coordinates[1] ?? 0);
    if (!this.gl.getBounds().contains([lon, lat]) || this.gl.getZoom() < 12) this.gl.jumpTo({ center: [lon, lat], zoom: Math.max(this.gl.getZoom(), 14.5) });
  }

  /** The frame of the map has another size or was hidden. */
  resize(): void {
    this.gl.resize();
  }

  /** Writes the words of the map again, after the language has changed. */
  writeWords(): void {
    const { gl } = this;
    this.writeBase();
    this.clusters.rewrite();
    writeGlWords(gl, words().mapLabel);
  }

  private give({ lng, lat }: { lng: number; lat: number }): void {
    this.host.give(inDatum({ lon: lng, lat, datum: this.data.base?.datum ?? "wgs84" }, "wgs84"));
  }

  private drawn(lon: number, lat: number): [number, number] {
    return this.drawnPlace({ lon, lat, datum: "wgs84" });
  }

  // Everything is drawn in the datum of the base map, or it would stand in the wrong street.
  private drawnPlace(place: Place): [number, number] {
    const there = inDatum(place, this.data.base?.datum ?? "wgs84");
    return [there.lon, there.lat];
  }

  // Says what the base shows here: outlines of districts, or nothing at all.
  private writeBase(): void {
    const isBaseInView = this.baseBounds !== null && overlap(this.baseBounds, this.gl.getBounds());
    const source = this.outlineSource === "" ? "" : words().outlineSource(this.outlineSource);
    const plain = isBaseInView ? [words().mapBase, source].join(words().betweenSentences) : words().mapNoBase;
    const text = this.data.base === null ? plain : "";
    // Only what is new is written, or a screen reader might begin again after each move.
    if (byId("map-base").textContent !== text) say(byId("map-base"), text);
  }

  private drawRoute(query: Query): void {
    for (const end of this.ends) end.remove();
    const corners = query.task === "route" ? query.route.map((place) => this.drawnPlace(place)) : [];
    this.gl.getSource<GeoJSONSource>("route")?.setData({
      type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: corners.length > 1 ? corners : [] },
    });
    this.ends = corners.map((corner, position) => {
      const name = position === 0 ? "A" : position === corners.length - 1 ? "B" : "";
      return new Marker({ element: make("span", { class: name === "" ? "corner" : "end", "aria-hidden": "true" }, name) }).setLngLat(corner).addTo(this.gl);
    });
  }

  private pin(station: FoundFeature, rank: number, query: Query): Marker {
    const { name, open_state } = station.properties;
    const label = words().markerLabel(rank, name, openStateText(open_state, query.openOnArrival, words()));
    const button = make("button", { type: "button", class: "pin", "aria-label": label, title: name },
      make("span", { class: `sign ${open_state.state}`, "aria-hidden": "true" }, make("b", {}, String(rank))));
    // The nearest lies on top where pins overlap.
    button.style.zIndex = String(200 - rank);
    button.addEventListener("click", (event) => {
      // Otherwise the map would take the tap for a new place.
      event.stopPropagation();
      this.host.open(station.id);
    });
    const [lon = 0, lat = 0] = station.geometry.coordinates;
    return new Marker({ element: button }).setLngLat(this.drawn(lon, lat)).addTo(this.gl);
  }

  // Moves the view to the answer, unless the user chose the place on the map and already sees the nearest station.
  private look(answer: SearchAnswer | null, from: Place[], always: boolean): void {
    const points = (answer?.features ?? []).map(({ geometry }) => this.drawn(geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0));
    const nearest = points[0];
    if (!always && (nearest === undefined || this.gl.getBounds().contains(nearest))) return;
    const bounds = new LngLatBounds();
    for (const point of [...from.map((place) => this.drawnPlace(place)), ...points]) bounds.extend(point);
    if (bounds.isEmpty()) {
      if (this.baseBounds !== null) this.gl.fitBounds(this.baseBounds, { padding: EDGE_PX, animate: false });
      return;
    }
    this.gl.fitBounds(bounds, { padding: EDGE_PX, maxZoom: NEAR_ZOOM, animate: false });
  }
}

// The control takes markup; the operator's words are words.
function escaped(text: string): string {
  return make("span", {}, text).innerHTML;
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
