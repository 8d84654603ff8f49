// What all maps of the pages have in common: how they are opened, and the names of their controls.
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import { Map as GlMap, type MapOptions, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
// The worker is a file of this server, so that the page needs no `blob:` worker.
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { words } from "./language";

/** Opens a flat map, north up, with zoom buttons and a scale; throws when it cannot be drawn at all. */
export function openGl(container: HTMLElement, style: NonNullable<MapOptions["style"]>, more: Partial<MapOptions> = {}): GlMap {
  setWorkerUrl(workerUrl);
  const gl = new GlMap({
    container, style, center: [0, 0], zoom: 1, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, ...more,
  });
  gl.touchZoomRotate.disableRotation();
  gl.keyboard.disableRotation();
  gl.addControl(new NavigationControl({ showCompass: false }), "top-right");
  gl.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  return gl;
}

/** Writes the names of the map and of its buttons in the language in use. */
export function writeGlWords(gl: GlMap, label: string): void {
  gl.getCanvas().setAttribute("aria-label", label);
  for (const [name, text] of [["zoom-in", words().zoomIn], ["zoom-out", words().zoomOut]] as const) {
    const button = gl.getContainer().querySelector(`.maplibregl-ctrl-${name}`);
    button?.setAttribute("aria-label", text);
    button?.setAttribute("title", text);
  }
}
