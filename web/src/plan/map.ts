// The planner's map: who is covered, the stations, the gaps, and the stations of the scenario, which can be moved.
import { LngLatBounds, type Map as GlMap, Marker } from "maplibre-gl";
import { districtLabels } from "../find/district-labels";
import { byId, make } from "../shared/dom";
import { openGl, writeGlWords } from "../shared/gl-map";
import { addLayers, EMPTY, emptyStyle, fill, recolour } from "./map-layers";
import type { Station } from "./page";
import type { Place, Step } from "./scenario";
import type { GapAnswer, ShapeAnswer } from "./types";
import { planWords } from "./words";

const EDGE_PX = 28;
const NEAR_ZOOM = 13;
const NAMES_ZOOM = 7;
const NUDGE_PX = 8;
const KEYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export interface MapHost {
  /** A place was clicked; the station there, and what is drawn there. */
  clicked: (place: Place, station: string | null, drawn: Record<string, unknown> | null, district: string | null) => void;
  /** A station of the scenario is being moved, or was. */
  moved: (id: string, place: Place) => void;
  /** The mark of a step was pressed. */
  chosen: (id: string) => void;
}

/** Opens the map; rejects when it cannot be drawn at all. */
export async function openMap(host: MapHost): Promise<PlanMap> {
  const gl = openGl(byId("map"), emptyStyle(), { canvasContextAttributes: { preserveDrawingBuffer: true } });
  await new Promise<void>((loaded) => void gl.once("load", () => loaded()));
  addLayers(gl);
  return new PlanMap(gl, host);
}

/** The opened map. */
export class PlanMap {
  private labels: Marker[] = [];
  private readonly steps = new Map<string, { marker: Marker; look: string }>();
  private gaps: Marker[] = [];
  private gapAnswer: GapAnswer | null = null;
  private bounds: LngLatBounds | null = null;
  private isFitted = false;

  constructor(private readonly gl: GlMap, private readonly host: MapHost) {
    gl.on("click", ({ point, lngLat }) => {
      const near: [[number, number], [number, number]] = [[point.x - 8, point.y - 8], [point.x + 8, point.y + 8]];
      const [station] = gl.queryRenderedFeatures(near, { layers: ["stations"] });
      const [drawn] = gl.queryRenderedFeatures(point, { layers: ["cover-sure", "cover-perhaps", "cover-not", "places"] });
      const [district] = gl.queryRenderedFeatures(point, { layers: ["district-fill"] });
      host.clicked({ lon: lngLat.lng, lat: lngLat.lat }, textOf(station?.properties["id"]), drawn?.properties ?? null, textOf(district?.properties["name"]));
    });
    gl.on("zoom", () => gl.getContainer().classList.toggle("far-out", gl.getZoom() < NAMES_ZOOM));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => recolour(gl));
    this.writeWords();
  }

  /** Writes the names of the controls in the language in use. */
  writeWords(): void {
    writeGlWords(this.gl, planWords().planMapLabel);
  }

  /** Draws the outlines that figures are given for, and shows all of them. */
  showDistricts(districts: GeoJSON.FeatureCollection): void {
    fill(this.gl, "districts", districts);
    for (const label of this.labels) label.remove();
    this.labels = districtLabels(districts).map(({ name, lon, lat }) =>
      new Marker({ element: make("span", { class: "district-label", "aria-hidden": "true" }, name) }).setLngLat([lon, lat]).addTo(this.gl));
    const bounds = boundsOf(districts);
    if (bounds === null) return;
    this.bounds = bounds;
    this.fitAll(false);
  }

  /** Draws what is covered, as areas or places. */
  showShapes(answer: ShapeAnswer | null): void {
    const data = answer as unknown as GeoJSON.FeatureCollection | null;
    fill(this.gl, "cover", data ?? EMPTY);
    if (this.bounds === null && data !== null) this.take(boundsOf(data));
  }

  /** Draws the stations, each with its state: a name of `STATION_STATES`. */
  showStations(stations: { station: Station; state: string }[]): void {
    const features = stations.map(({ station: { id, lon, lat }, state }): GeoJSON.Feature =>
      ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { id, state } }));
    fill(this.gl, "stations", { type: "FeatureCollection", features });
    if (this.bounds === null) this.take(boundsOf({ type: "FeatureCollection", features }));
  }

  private take(bounds: LngLatBounds | null): void {
    this.bounds = bounds;
    if (!this.isFitted && bounds !== null) this.fitAll(false);
  }

  /** Draws the steps of the scenario as marks that can be dragged, or moved by the arrow keys. */
  showSteps(steps: { step: Step; place: Place }[]): void {
    for (const [id, { marker, look }] of this.steps) {
      if (steps.some(({ step }) => step.id === id && lookOf(step) === look)) continue;
      marker.remove();
      this.steps.delete(id);
    }
    for (const { step, place: { lon, lat } } of steps) {
      const known = this.steps.get(step.id);
      if (known !== undefined) known.marker.setLngLat([lon, lat]);
      else this.steps.set(step.id, { marker: this.stepMarker(step, { lon, lat }), look: lookOf(step) });
    }
  }

  private stepMarker(step: Step, { lon, lat }: Place): Marker {
    const look = lookOf(step);
    const isOff = look === "off";
    const element = make("button", { type: "button", class: `step-mark ${look}`, title: step.name, "aria-label": isOff ? step.name : planWords().markerAdded(step.name), "data-step": step.id },
      make("span", { class: "step-sign", "aria-hidden": "true" }, { add: "+", off: "✕", edit: "●" }[look]));
    const marker = new Marker({ element, draggable: !isOff }).setLngLat([lon, lat]).addTo(this.gl);
    const told = () => {
      const { lng, lat: now } = marker.getLngLat();
      this.host.moved(step.id, { lon: lng, lat: now });
    };
    marker.on("drag", told);
    marker.on("dragend", told);
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      this.host.chosen(step.id);
    });
    element.addEventListener("keydown", (event) => {
      const move = KEYS[event.key];
      if (move === undefined || isOff) return;
      event.preventDefault();
      event.stopPropagation();
      const at = this.gl.project(marker.getLngLat());
      marker.setLngLat(this.gl.unproject([at.x + move[0] * NUDGE_PX, at.y + move[1] * NUDGE_PX]));
      told();
    });
    return marker;
  }

  /** Draws the ranks of the gaps where they are; null takes them away. */
  showGaps(answer: GapAnswer | null): void {
    this.gapAnswer = answer;
    for (const marker of this.gaps) marker.remove();
    this.gaps = (answer?.features ?? []).flatMap(({ properties: { rank, farthest } }) => (farthest === null ? [] : [
      new Marker({ element: make("span", { class: "gap-mark", "aria-hidden": "true" }, String(rank)) }).setLngLat([farthest.lon, farthest.lat]).addTo(this.gl)]));
    fill(this.gl, "gap", EMPTY);
  }

  /** Draws the outline of one gap and brings it into view. */
  chooseGap(rank: number): void {
    const feature = this.gapAnswer?.features.find(({ id }) => id === rank);
    if (feature === undefined) return;
    const data = { type: "FeatureCollection", features: [feature] } as unknown as GeoJSON.FeatureCollection;
    fill(this.gl, "gap", data);
    const bounds = boundsOf(data);
    if (bounds !== null) this.fit(bounds, true);
  }

  /** Marks a district and brings it into view. */
  chooseDistrict(name: string | null, districts: GeoJSON.FeatureCollection | null, move: boolean): void {
    this.gl.setFilter("district-chosen", ["==", ["get", "name"], name ?? ""]);
    const features = (districts?.features ?? []).filter(({ properties }) => properties?.["name"] === name);
    const bounds = boundsOf({ type: "FeatureCollection", features });
    if (move && bounds !== null) this.fit(bounds, true);
  }

  /** Whether a click adds a station. */
  setAdding(on: boolean): void {
    this.gl.getCanvas().classList.toggle("adding", on);
  }

  fitAll(move = true): void {
    if (this.bounds !== null) this.fit(this.bounds, move);
    this.isFitted = true;
  }

  private fit(bounds: LngLatBounds, move: boolean): void {
    this.gl.fitBounds(bounds, { padding: EDGE_PX, animate: move, duration: move ? 700 : 0, maxZoom: 15 });
  }

  flyTo({ lon, lat }: Place): void {
    this.gl.flyTo({ center: [lon, lat], zoom: Math.max(this.gl.getZoom(), NEAR_ZOOM), duration: 700 });
  }

  middle(): Place {
    const { lng, lat } = this.gl.getCenter();
    return { lon: lng, lat };
  }

  /** The picture of the map as it is, with the marks of the scenario; the legend is drawn by who asks. */
  async picture(): Promise<{ canvas: HTMLCanvasElement; marks: { x: number; y: number; text: string }[]; scale: number }> {
    await new Promise<void>((drawn) => {
      void this.gl.once("idle", () => drawn());
      this.gl.triggerRepaint();
    });
    const canvas = this.gl.getCanvas();
    const scale = canvas.width / canvas.clientWidth;
    const marks = [...this.steps.values()].map(({ marker, look }) => {
      const { x, y } = this.gl.project(marker.getLngLat());
      return { x: x * scale, y: y * scale, text: look === "off" ? "✕" : "+" };
    });
    return { canvas, marks, scale };
  }

  /** The frame changed its size. */
  resize(): void {
    this.gl.resize();
  }
}

function lookOf(step: Step): "add" | "off" | "edit" {
  return step.kind === "add" ? "add" : step.off === true ? "off" : "edit";
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

// Around all corners of all features.
export function boundsOf({ features }: GeoJSON.FeatureCollection): LngLatBounds | null {
  const bounds = new LngLatBounds();
  const extend = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number" && typeof value[1] === "number") bounds.extend([value[0], value[1]]);
    else value.forEach(extend);
  };
  for (const { geometry } of features) if (geometry !== null && "coordinates" in geometry) extend(geometry.coordinates);
  return bounds.isEmpty() ? null : bounds;
}

