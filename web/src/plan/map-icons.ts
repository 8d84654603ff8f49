// The signs of stations on the map, as pictures: a shape before a colour, as everywhere on the pages.
import type { Map as GlMap } from "maplibre-gl";
import { coverTile, token } from "./patterns";
import type { Cover } from "./types";

const SIZE_PX = 22;
const SCALE = 2;
const COVERS: Cover[] = ["sure", "perhaps", "not"];

type Shape = "round" | "diamond" | "square";
interface Sign { shape: Shape; ink: string; paper: string; mark: string; radius_px: number; dashed: boolean }

// What a station is drawn as: by how it matches the question, or by its verdict.
const SIGNS: Record<string, Sign> = {
  sure: { shape: "round", ink: "--paper", paper: "--brand", mark: "", radius_px: 6.5, dashed: false },
  perhaps: { shape: "diamond", ink: "--unknown", paper: "--unknown-soft", mark: "", radius_px: 7, dashed: true },
  not: { shape: "square", ink: "--ink-soft", paper: "--paper", mark: "", radius_px: 4, dashed: false },
  pass: { shape: "round", ink: "--paper", paper: "--open", mark: "✓", radius_px: 9, dashed: false },
  unknown: { shape: "diamond", ink: "--unknown", paper: "--unknown-soft", mark: "?", radius_px: 10, dashed: true },
  fail: { shape: "square", ink: "--closed", paper: "--paper", mark: "✕", radius_px: 8, dashed: false },
};
export const STATION_STATES = Object.keys(SIGNS);

/** Gives the map its patterns and signs, or gives them anew after the page went light or dark. */
export function putImages(gl: GlMap): void {
  for (const cover of COVERS) put(gl, `cover-${cover}`, coverTile(cover, SCALE));
  for (const [name, sign] of Object.entries(SIGNS)) put(gl, `station-${name}`, draw(sign));
}

function put(gl: GlMap, name: string, canvas: HTMLCanvasElement): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  if (gl.hasImage(name)) gl.updateImage(name, image);
  else gl.addImage(name, image, { pixelRatio: SCALE });
}

function draw({ shape, ink, paper, mark, radius_px, dashed }: Sign): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SIZE_PX * SCALE, SIZE_PX * SCALE];
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  context.scale(SCALE, SCALE);
  context.translate(SIZE_PX / 2, SIZE_PX / 2);
  context.fillStyle = token(paper);
  context.strokeStyle = token(ink);
  context.lineWidth = 2;
  if (dashed) context.setLineDash([3, 2]);
  outline(context, shape, radius_px);
  context.fill();
  context.stroke();
  context.fillStyle = token(ink);
  context.font = "bold 11px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(mark, 0, 0.5);
  return canvas;
}

function outline(context: CanvasRenderingContext2D, shape: Shape, radius: number): void {
  context.beginPath();
  if (shape === "round") context.arc(0, 0, radius, 0, 2 * Math.PI);
  else if (shape === "square") context.rect(-radius, -radius, 2 * radius, 2 * radius);
  else {
    context.moveTo(0, -radius);
    context.lineTo(radius, 0);
    context.lineTo(0, radius);
    context.lineTo(-radius, 0);
    context.closePath();
  }
}

/** The sign of a station for a legend. */
export function stationSample(state: string): HTMLCanvasElement {
  const sign = SIGNS[state];
  const canvas = sign === undefined ? document.createElement("canvas") : draw(sign);
  canvas.className = "sample station";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}
