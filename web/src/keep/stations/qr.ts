// A text as a QR code in an SVG of its own, that prints sharply at any size.
import { encode } from "uqr";

// The border that readers need, in modules.
const QUIET = 4;
const SVG = "http://www.w3.org/2000/svg";

/** The dark modules of the code, row by row, without its border. Fifteen per cent of it may be damaged. */
export function qrModules(text: string): boolean[][] {
  return encode(text, { ecc: "M", border: 0 }).data;
}

/** The code as a drawing; `label` names it for who cannot see it. */
export function qrDrawing(text: string, label: string): SVGSVGElement {
  const modules = qrModules(text);
  const size = modules.length + 2 * QUIET;
  const svg = element("svg", { xmlns: SVG, viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" }) as SVGSVGElement;
  svg.append(element("rect", { width: String(size), height: String(size), fill: "#fff" }), element("path", { fill: "#000", d: darkPath(modules) }));
  return svg;
}

/** The drawing as a file. */
export function qrFile(text: string, label: string): Blob {
  const svg = new XMLSerializer().serializeToString(qrDrawing(text, label));
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`], { type: "image/svg+xml" });
}

// One box for each run of dark modules in a row.
export function darkPath(modules: boolean[][]): string {
  let path = "";
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x + 1] === true) x += 1;
      path += `M${from + QUIET} ${y + QUIET}h${x + 1 - from}v1h-${x + 1 - from}z`;
    }
  });
  return path;
}

function element(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (key !== "xmlns") made.setAttribute(key, value);
  return made;
}
