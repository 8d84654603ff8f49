// What the map draws and in which colours: no tiles, no glyphs, no sprites, nothing from another host.
import type { GeoJSONSource, Map as GlMap, StyleSpecification } from "maplibre-gl";
import type { ItemsAnswer } from "../shared/types";

const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

// layer, paint property, CSS variable: the colours live in one place, with those of the page.
const COLOURS = [
  ["ground", "background-color", "--map-ground"],
  ["district-fill", "fill-color", "--map-land"],
  ["district-line", "line-color", "--map-edge"],
  ["station-dots", "circle-color", "--map-dot"],
  ["station-dots", "circle-stroke-color", "--map-land"],
] as const;

/** An empty ground; the layers come when their data are there. */
export function mapStyle(): StyleSpecification {
  return { version: 8, sources: {}, layers: [{ id: "ground", type: "background" }] };
}

/** Adds the district outlines and the dots of all stations. */
export function mapLayers(gl: GlMap, districts: GeoJSON.FeatureCollection | null, stations: ItemsAnswer | null): void {
  gl.addSource("districts", { type: "geojson", data: EMPTY });
  gl.addSource("stations", { type: "geojson", data: EMPTY });
  gl.getSource<GeoJSONSource>("districts")?.setData(districts ?? EMPTY);
  gl.getSource<GeoJSONSource>("stations")?.setData(stations === null ? EMPTY : (stations as unknown as GeoJSON.FeatureCollection));
  gl.addLayer({ id: "district-fill", type: "fill", source: "districts" });
  gl.addLayer({ id: "district-line", type: "line", source: "districts", paint: { "line-width": 1.5 } });
  gl.addLayer({
    id: "station-dots",
    type: "circle",
    source: "stations",
    paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 3, 14, 6], "circle-stroke-width": 1.5 },
  });
  recolour(gl);
}

/** Takes the colours from the page again, after it went light or dark. */
export function recolour(gl: GlMap): void {
  const computed = getComputedStyle(document.documentElement);
  for (const [layer, property, variable] of COLOURS) {
    gl.setPaintProperty(layer, property, computed.getPropertyValue(variable).trim());
  }
}
