// What is drawn besides colour: stripes for perhaps, dots for not covered; the same in map, charts and legend.
import type { Cover } from "./types";

const TILE_PX = 12;

/** The colour of a token of the page, as it is now: light or dark. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export const COVER_TOKENS: Record<Cover, string> = { sure: "--map-covered", perhaps: "--map-perhaps", not: "--map-uncovered" };

/** A tile that repeats without seams, `scale` times as fine as the screen. */
export function coverTile(cover: Cover, scale: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const size = TILE_PX * scale;
  [canvas.width, canvas.height] = [size, size];
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  const colour = token(COVER_TOKENS[cover]);
  context.scale(scale, scale);
  context.fillStyle = context.strokeStyle = colour;
  if (cover === "sure") {
    context.globalAlpha = 0.82;
    context.fillRect(0, 0, TILE_PX, TILE_PX);
  } else if (cover === "perhaps") stripes(context, 0.3, 3.5);
  else dots(context);
  return canvas;
}

function stripes(context: CanvasRenderingContext2D, ground: number, width: number): void {
  context.globalAlpha = ground;
  context.fillRect(0, 0, TILE_PX, TILE_PX);
  context.globalAlpha = 1;
  context.lineWidth = width;
  // Three strokes, so that the corners meet those of the next tiles.
  for (const shift of [-TILE_PX, 0, TILE_PX]) {
    context.beginPath();
    context.moveTo(shift - 2, TILE_PX + 2);
    context.lineTo(shift + TILE_PX + 2, -2);
    context.stroke();
  }
}

function dots(context: CanvasRenderingContext2D): void {
  context.globalAlpha = 0.1;
  context.fillRect(0, 0, TILE_PX, TILE_PX);
  context.globalAlpha = 0.75;
  for (const [x, y] of [[3, 3], [9, 9]] as const) {
    context.beginPath();
    context.arc(x, y, 1.1, 0, 2 * Math.PI);
    context.fill();
  }
}

/** A small piece of the pattern for a legend. */
export function coverSample(cover: Cover): HTMLCanvasElement {
  const scale = 2;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [TILE_PX * 2 * scale, 16 * scale];
  canvas.className = `sample ${cover}`;
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  const pattern = context?.createPattern(coverTile(cover, scale), "repeat") ?? null;
  if (context !== null && pattern !== null) {
    context.fillStyle = pattern;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  return canvas;
}
