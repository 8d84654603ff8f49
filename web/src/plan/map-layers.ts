// What the planner's map draws and in which colours: no tiles, no glyphs, nothing from another host.
import type { GeoJSONSource, LayerSpecification, Map as GlMap, StyleSpecification } from "maplibre-gl";
import { putImages, STATION_STATES } from "./map-icons";
import { COVER_TOKENS, token } from "./patterns";
import type { Cover } from "./types";

export const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
export const SOURCES = ["districts", "cover", "gap", "stations"] as const;
export type Source = (typeof SOURCES)[number];
const COVERS: Cover[] = ["not", "perhaps", "sure"];

// layer, paint property, token of the page.
const COLOURS: [string, string, string][] = [
  ["ground", "background-color", "--map-ground"],
  ["district-fill", "fill-color", "--map-land"],
  ["district-line", "line-color", "--map-edge"],
  ["district-chosen", "line-color", "--brand"],
  ["cover-line-sure", "line-color", "--map-covered"],
  ["cover-line-perhaps", "line-color", "--unknown"],
  ["gap-halo", "line-color", "--paper"],
  ["gap-line", "line-color", "--closed"],
  ["places", "circle-stroke-color", "--ink"],
];

/** An empty ground; the layers come when the map is loaded. */
export function emptyStyle(): StyleSpecification {
  return { version: 8, sources: {}, layers: [{ id: "ground", type: "background" }] };
}

/** Adds sources, patterns and layers, all empty. */
export function addLayers(gl: GlMap): void {
  putImages(gl);
  for (const source of SOURCES) gl.addSource(source, { type: "geojson", data: EMPTY });
  const isCover = (cover: Cover) => ["==", ["get", "cover"], cover] as unknown as ["==", string, string];
  const layers: LayerSpecification[] = [
    { id: "district-fill", type: "fill", source: "districts" },
    ...COVERS.map((cover): LayerSpecification => ({
      id: `cover-${cover}`, type: "fill", source: "cover", filter: isCover(cover), paint: { "fill-pattern": `cover-${cover}`, "fill-antialias": false },
    })),
    { id: "district-line", type: "line", source: "districts", paint: { "line-width": 1.5 } },
    { id: "cover-line-perhaps", type: "line", source: "cover", filter: isCover("perhaps"), paint: { "line-width": 1.2, "line-dasharray": [3, 2] } },
    { id: "cover-line-sure", type: "line", source: "cover", filter: isCover("sure"), paint: { "line-width": 1.2 } },
    {
      id: "places", type: "circle", source: "cover", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 2.5, 14, 6], "circle-stroke-width": ["match", ["get", "cover"], "sure", 0.5, "perhaps", 1.5, 2] },
    },
    { id: "district-chosen", type: "line", source: "districts", filter: ["==", ["get", "name"], ""], paint: { "line-width": 4 } },
    { id: "gap-halo", type: "line", source: "gap", paint: { "line-width": 6, "line-opacity": 0.8 } },
    { id: "gap-line", type: "line", source: "gap", paint: { "line-width": 2.5, "line-dasharray": [4, 2] } },
    {
      id: "stations", type: "symbol", source: "stations",
      layout: {
        "icon-image": ["concat", "station-", ["get", "state"]], "icon-allow-overlap": true, "icon-ignore-placement": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 8.5, 0.38, 10.5, 0.6, 13, 1],
        "symbol-sort-key": ["match", ["get", "state"], ...STATION_STATES.flatMap((state, at) => [state, -at]), 0] as unknown as number,
      },
    },
  ];
  for (const layer of layers) gl.addLayer(layer);
  recolour(gl);
}

/** Takes the colours from the page again, after it went light or dark. */
export function recolour(gl: GlMap): void {
  for (const [layer, property, name] of COLOURS) gl.setPaintProperty(layer, property as "line-color", token(name));
  gl.setPaintProperty("places", "circle-color", ["match", ["get", "cover"], "sure", token(COVER_TOKENS.sure), "perhaps", token(COVER_TOKENS.perhaps), token("--paper")]);
  gl.setPaintProperty("places", "circle-stroke-color", ["match", ["get", "cover"], "sure", token("--ink"), "perhaps", token("--unknown"), token(COVER_TOKENS.not)]);
  putImages(gl);
}

/** Puts features into a source. */
export function fill(gl: GlMap, source: Source, data: GeoJSON.FeatureCollection): void {
  gl.getSource<GeoJSONSource>(source)?.setData(data);
}
