// What lies below the stations: the operator's base map where there is one, and always the outlines of the districts.
import type { Map as GlMap, StyleSpecification } from "maplibre-gl";
import { inDatum } from "../shared/datum";
import type { Datum, Settings } from "../shared/types";

export type BaseMap = NonNullable<Settings["base_map"]>;
type Districts = GeoJSON.FeatureCollection;

const EMPTY: Districts = { type: "FeatureCollection", features: [] };
const TILE_PX = 256;
const STYLE_TIMEOUT_MS = 8_000;

// layer, paint property, CSS variable: the colours live in one place, with those of the page.
const COLOURS = [
  ["ground", "background-color", "--map-ground"],
  ["district-fill", "fill-color", "--map-land"],
  ["district-line", "line-color", "--map-edge"],
  ["route-edge", "line-color", "--paper"],
  ["route-line", "line-color", "--brand"],
] as const;

/** The base of the map, which never needs a network of another server to be drawn. */
export async function baseStyle(base: BaseMap | null, districts: Districts | null): Promise<StyleSpecification> {
  const plain = plainStyle(base?.datum ?? "wgs84", districts, base === null);
  if (base === null) return plain;
  if (base.kind === "raster") return rasterStyle(plain, base);
  const style = await fetchStyle(base.addresses[0] ?? "").catch((error: unknown) => {
    console.info("the base map did not come:", error);
    return null;
  });
  if (style === null) return plainStyle(base.datum, districts, true);
  // The districts' ground stays below whatever the style draws, and their lines above it.
  const [ground, ...above] = plain.layers;
  return { ...style, sources: { ...style.sources, ...plain.sources }, layers: [...(ground === undefined ? [] : [ground]), ...style.layers, ...above] };
}

/** Takes the colours from the page again, after it went light or dark. */
export function recolour(gl: GlMap): void {
  const computed = getComputedStyle(document.documentElement);
  for (const [layer, property, variable] of COLOURS) {
    if (gl.getLayer(layer) !== undefined) gl.setPaintProperty(layer, property, computed.getPropertyValue(variable).trim());
  }
}

function plainStyle(datum: Datum, districts: Districts | null, isFilled: boolean): StyleSpecification {
  const layers: StyleSpecification["layers"] = [
    { id: "ground", type: "background" },
    ...(isFilled ? [{ id: "district-fill", type: "fill", source: "districts" } as const] : []),
    { id: "district-line", type: "line", source: "districts", paint: { "line-width": 1.5 } },
    { id: "route-edge", type: "line", source: "route", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-width": 8 } },
    { id: "route-line", type: "line", source: "route", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-width": 4.5 } },
  ];
  return {
    version: 8,
    sources: { districts: { type: "geojson", data: moved(districts ?? EMPTY, datum) }, route: { type: "geojson", data: EMPTY } },
    layers,
  };
}

function rasterStyle(plain: StyleSpecification, base: BaseMap): StyleSpecification {
  const sources = Object.fromEntries(base.addresses.map((address, position) => [`base-${position}`, {
    type: "raster" as const, tiles: [absolute(address)], tileSize: TILE_PX, maxzoom: 18,
  }]));
  const tiles = base.addresses.map((_, position) => ({ id: `base-${position}`, type: "raster" as const, source: `base-${position}` }));
  const [ground, ...above] = plain.layers;
  return { ...plain, sources: { ...plain.sources, ...sources }, layers: [...(ground === undefined ? [] : [ground]), ...tiles, ...above] };
}

async function fetchStyle(address: string): Promise<StyleSpecification> {
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), STYLE_TIMEOUT_MS);
  try {
    const response = await fetch(address, { signal: timer.signal, referrerPolicy: "no-referrer" });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as StyleSpecification;
  } finally {
    clearTimeout(timeout);
  }
}

// The worker that fetches tiles has no page whose address could complete theirs.
function absolute(address: string): string {
  return address.startsWith("/") ? location.origin + address : address;
}

/** The outlines in the datum of the base map. */
function moved(districts: Districts, datum: Datum): Districts {
  if (datum === "wgs84") return districts;
  const ring = (positions: GeoJSON.Position[]) => positions.map(([lon = 0, lat = 0]) => {
    const there = inDatum({ lon, lat, datum: "wgs84" }, datum);
    return [there.lon, there.lat];
  });
  return {
    ...districts,
    features: districts.features.map((feature) => {
      const { geometry } = feature;
      if (geometry?.type === "Polygon") return { ...feature, geometry: { ...geometry, coordinates: geometry.coordinates.map(ring) } };
      if (geometry?.type !== "MultiPolygon") return feature;
      return { ...feature, geometry: { ...geometry, coordinates: geometry.coordinates.map((polygon) => polygon.map(ring)) } };
    }),
  };
}
