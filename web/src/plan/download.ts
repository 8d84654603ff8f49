// The map as a picture with its legend and assumptions.
import { token } from "./patterns";

const MARGIN = 16;
const LINE = 20;

export interface Picture {
  map: { canvas: HTMLCanvasElement; marks: { x: number; y: number; text: string }[]; scale: number };
  title: string;
  legend: { sample: HTMLCanvasElement; text: string }[];
  /** What the picture assumes; broken into lines as is needed. */
  told: string;
}

/** The map with its title, legend and assumptions, so that the picture stands alone. */
export async function pictureOf({ map, title, legend, told }: Picture): Promise<Blob> {
  const { canvas: source, marks, scale } = map;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  const width = source.width / scale;
  const font = getComputedStyle(document.body).fontFamily;
  context.font = `13px ${font}`;
  const lines = broken(told, width - 2 * MARGIN, (text) => context.measureText(text).width);
  const rows = legendRows(legend.map(({ text }) => context.measureText(text).width + 52), width - 2 * MARGIN);
  const top = 44;
  const height = top + source.height / scale + MARGIN + (rows.length + lines.length) * LINE + MARGIN;
  [canvas.width, canvas.height] = [width * scale, height * scale];
  context.scale(scale, scale);
  context.fillStyle = token("--paper");
  context.fillRect(0, 0, width, height);
  context.fillStyle = token("--ink");
  context.font = `bold 18px ${font}`;
  context.fillText(title, MARGIN, 29);
  context.drawImage(source, 0, top, width, source.height / scale);
  for (const { x, y, text } of marks) mark(context, x / scale, top + y / scale, text);
  context.font = `13px ${font}`;
  let y = top + source.height / scale + MARGIN + 10;
  for (const row of rows) {
    let x = MARGIN;
    for (const at of row.items) {
      const entry = legend[at];
      if (entry === undefined) continue;
      const shown = Math.min(24, entry.sample.width / 2);
      context.drawImage(entry.sample, x, y - 11, shown, shown * (entry.sample.height / entry.sample.width));
      context.fillText(entry.text, x + shown + 6, y);
      x += (row.widths[row.items.indexOf(at)] ?? 0);
    }
    y += LINE;
  }
  context.fillStyle = token("--ink-soft");
  for (const line of lines) {
    context.fillText(line, MARGIN, y);
    y += LINE;
  }
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob === null ? fail(new Error("no picture")) : done(blob)), "image/png"));
}

function mark(context: CanvasRenderingContext2D, x: number, y: number, text: string): void {
  context.beginPath();
  context.arc(x, y, 10, 0, 2 * Math.PI);
  context.fillStyle = token("--lamp");
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = token("--ink");
  context.stroke();
  context.fillStyle = "#1a2228";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = "bold 14px sans-serif";
  context.fillText(text, x, y + 1);
  context.textAlign = "start";
  context.textBaseline = "alphabetic";
  context.fillStyle = token("--ink");
}

function legendRows(widths: number[], most: number): { items: number[]; widths: number[] }[] {
  const rows: { items: number[]; widths: number[] }[] = [];
  let left = 0;
  widths.forEach((width, at) => {
    const row = rows[rows.length - 1];
    if (row === undefined || left < width) {
      rows.push({ items: [at], widths: [width] });
      left = most - width;
    } else {
      row.items.push(at);
      row.widths.push(width);
      left -= width;
    }
  });
  return rows;
}

/** A text in lines no wider than `most`; Chinese may break anywhere, other words only between them. */
export function broken(text: string, most: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? []) {
    if (line !== "" && widthOf(line + piece.trimEnd()) > most) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  return line.trim() === "" ? lines : [...lines, line.trimEnd()];
}
