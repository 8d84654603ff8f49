// The map of an import: where its points are in each datum, before conversion and after, over districts and the stations
// that the register has.
import { AttributionControl, type GeoJSONSource, LngLatBounds, type LayerSpecification, type Map as GlMap } from "maplibre-gl";
import { type BaseMap, baseStyle, recolour } from "../../find/base";
import { inDatum, type Place } from "../../shared/datum";
import { make } from "../../shared/dom";
import { openGl, writeGlWords } from "../../shared/gl-map";
import type { Datum } from "../../shared/types";
import { importWords } from "./words";

const EDGE_PX = 40;
const MOST_ZOOM = 15;
const SOURCES = ["import-shift", "import-stations", "import-before", "import-after"] as const;
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

// layer, paint property, token of the page.
const COLOURS: [string, string, string][] = [
  ["import-shift", "line-color", "--ink-soft"],
  ["import-stations", "circle-color", "--paper"], ["import-stations", "circle-stroke-color", "--open"],
  ["import-before", "circle-color", "--map-land"], ["import-before", "circle-stroke-color", "--closed"],
  ["import-after", "circle-color", "--brand"], ["import-after", "circle-stroke-color", "--paper"],
];

export interface DatumMapData { base: BaseMap | null; districts: GeoJSON.FeatureCollection | null }

/** Opens the map in an element; rejects when it cannot be drawn at all. */
export async function openDatumMap(container: HTMLElement, { base, districts }: DatumMapData): Promise<DatumMap> {
  const gl = openGl(container, await baseStyle(base, districts));
  const credit = base?.credit ?? null;
  // The text is the operator's; it stays text.
  if (credit !== null) gl.addControl(new AttributionControl({ compact: false, customAttribution: make("span", {}, credit).innerHTML }), "bottom-right");
  gl.on("error", ({ error }) => console.info("the map lacks something:", error.message));
  await new Promise<void>((styled) => void gl.once("style.load", () => styled()));
  return new DatumMap(gl, base?.datum ?? "wgs84");
}

/** The opened map. */
export class DatumMap {
  private bounds: LngLatBounds | null = null;
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");
  private readonly darkened = () => this.recolour();

  constructor(private readonly gl: GlMap, private readonly drawnIn: Datum) {
    for (const source of SOURCES) gl.addSource(source, { type: "geojson", data: EMPTY });
    const circle = (id: string, radius: number, stroke: number): LayerSpecification => ({
      id, type: "circle", source: id,
      paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, radius * 0.6, 14, radius], "circle-stroke-width": stroke },
    });
    gl.addLayer({ id: "import-shift", type: "line", source: "import-shift", paint: { "line-width": 1, "line-opacity": 0.7 } });
    gl.addLayer(circle("import-stations", 7, 2.5));
    gl.addLayer(circle("import-before", 4, 1.5));
    gl.addLayer(circle("import-after", 4.5, 1.5));
    this.recolour();
    this.dark.addEventListener("change", this.darkened);
    gl.on("idle", () => gl.getContainer().setAttribute("data-drawn", "true"));
    this.writeWords();
  }

  private recolour(): void {
    recolour(this.gl);
    const computed = getComputedStyle(document.documentElement);
    for (const [layer, property, token] of COLOURS) this.gl.setPaintProperty(layer, property as "circle-color", computed.getPropertyValue(token).trim());
  }

  /** Writes the names of the controls in the language in use. */
  writeWords(): void {
    writeGlWords(this.gl, importWords().mapLabel);
  }

  /** Draws points read in a datum, and those before conversion when they are wanted. */
  show(after: Place[], before: Place[]): void {
    const pairs = after.flatMap((place, at): GeoJSON.Feature[] => {
      const from = before[at];
      return from === undefined ? [] : [feature({ type: "LineString", coordinates: [this.drawn(from), this.drawn(place)] })];
    });
    this.fill("import-shift", pairs);
    this.fill("import-before", before.map((place) => feature({ type: "Point", coordinates: this.drawn(place) })));
    this.fill("import-after", after.map((place) => feature({ type: "Point", coordinates: this.drawn(place) })));
    if (this.bounds === null && after.length > 0) {
      this.bounds = around([...after, ...before].map((place) => this.drawn(place)));
      this.fit(false);
    }
  }

  /** Draws the stations that there are. */
  showStations(stations: Place[]): void {
    this.fill("import-stations", stations.map((place) => feature({ type: "Point", coordinates: this.drawn(place) })));
  }

  /** Brings all points into view. */
  fit(isMoving = true): void {
    if (this.bounds !== null) this.gl.fitBounds(this.bounds, { padding: EDGE_PX, maxZoom: MOST_ZOOM, animate: isMoving, duration: isMoving ? 500 : 0 });
  }

  /** Takes the map away; a device draws only so many. */
  close(): void {
    this.dark.removeEventListener("change", this.darkened);
    this.gl.remove();
  }

  /** Its frame changed its size. */
  resize(): void {
    this.gl.resize();
  }

  private fill(source: (typeof SOURCES)[number], features: GeoJSON.Feature[]): void {
    this.gl.getContainer().removeAttribute("data-drawn");
    this.gl.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features });
  }

  // In the datum of the base map, or it would be drawn in the wrong street.
  private drawn(place: Place): [number, number] {
    const { lon, lat } = inDatum(place, this.drawnIn);
    return [lon, lat];
  }
}

function feature(geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: "Feature", geometry, properties: {} };
}

// Around most of the points: one whose axes are swapped would make the others a dot.
function around(positions: [number, number][]): LngLatBounds {
  const middle = (at: 0 | 1) => [...positions].map((position) => position[at]).sort((a, b) => a - b)[Math.floor(positions.length / 2)] ?? 0;
  const [lon, lat] = [middle(0), middle(1)];
  const near = positions.filter(([x, y]) => Math.abs(x - lon) < 1.5 && Math.abs(y - lat) < 1.5);
  return near.reduce((bounds, position) => bounds.extend(position), new LngLatBounds([lon, lat], [lon, lat]));
}
