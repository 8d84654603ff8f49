// The stations that are not in the list: grouped where they lie close, each group and each station a button.
import type { Map as GlMap } from "maplibre-gl";
import { Marker } from "maplibre-gl";
import Supercluster from "supercluster";
import { make } from "../shared/dom";
import { words } from "../shared/language";

/** A station on the map. */
export interface Dot { id: string; name: string; lon: number; lat: number }

const RADIUS_PX = 56;
// From here on every station stands by itself.
const SINGLE_ZOOM = 14;
const MOST_BUTTONS = 200;

/** Draws dots and groups, and draws them anew after each move. */
export class Clusters {
  private index = new Supercluster<Dot>({ radius: RADIUS_PX, maxZoom: SINGLE_ZOOM });
  private markers = new Map<string, Marker>();
  private dots: Dot[] = [];
  private hidden = new Set<string>();

  constructor(private readonly gl: GlMap, private readonly open: (id: string) => void) {
    gl.on("moveend", () => this.draw());
  }

  /** All stations that there are. */
  setDots(dots: Dot[]): void {
    this.dots = dots;
    this.load();
  }

  /** Leaves out the stations that have a pin of the list. */
  hide(ids: Set<string>): void {
    this.hidden = ids;
    this.load();
  }

  /** Writes the names of all buttons again, after the language has changed. */
  rewrite(): void {
    for (const marker of this.markers.values()) marker.remove();
    this.markers.clear();
    this.draw();
  }

  private load(): void {
    const points = this.dots.filter(({ id }) => !this.hidden.has(id));
    this.index = new Supercluster<Dot>({ radius: RADIUS_PX, maxZoom: SINGLE_ZOOM }).load(points.map((dot) => ({
      type: "Feature", geometry: { type: "Point", coordinates: [dot.lon, dot.lat] }, properties: dot,
    })));
    this.rewrite();
  }

  private draw(): void {
    const bounds = this.gl.getBounds();
    const found = this.index.getClusters([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], Math.floor(this.gl.getZoom()));
    const drawn = new Map<string, Marker>();
    for (const { geometry, properties } of found.slice(0, MOST_BUTTONS)) {
      const [lon = 0, lat = 0] = geometry.coordinates;
      const key = "cluster_id" in properties ? `group ${properties.cluster_id} ${properties.point_count}` : `station ${properties.id}`;
      const known = this.markers.get(key);
      drawn.set(key, known ?? new Marker({ element: "cluster_id" in properties
        ? this.group(properties.cluster_id, properties.point_count, lon, lat) : this.dot(properties) }).setLngLat([lon, lat]).addTo(this.gl));
      this.markers.delete(key);
    }
    for (const gone of this.markers.values()) gone.remove();
    this.markers = drawn;
  }

  private group(id: number, count: number, lon: number, lat: number): HTMLElement {
    const size = count < 10 ? "few" : count < 100 ? "some" : "many";
    const button = make("button", { type: "button", class: `group ${size}`, "aria-label": words().groupLabel(count) },
      make("span", { "aria-hidden": "true" }, String(count)));
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.gl.easeTo({ center: [lon, lat], zoom: Math.min(this.index.getClusterExpansionZoom(id) + 0.2, 17) });
    });
    return button;
  }

  private dot(dot: Dot): HTMLElement {
    const button = make("button", { type: "button", class: "dot", "aria-label": dot.name, title: dot.name }, make("span", { class: "sign other", "aria-hidden": "true" }));
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.open(dot.id);
    });
    return button;
  }
}
