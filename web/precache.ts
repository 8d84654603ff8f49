// Tells the service worker which files the page for workers has: those it needs at once, and those it loads later.
import { createHash } from "node:crypto";
import type { Plugin, Rolldown } from "vite";

const PAGE = "index.html";
const WORKER = "sw.js";
const PLACEHOLDER = "__FILES__";

/** Writes the list into `sw.js` when everything is built. */
export function precache(): Plugin {
  return {
    name: "precache",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== "chunk") return;
        const chunks = new Map(Object.values(bundle).flatMap((file) => (file.type === "chunk" ? [[file.fileName, file] as const] : [])));
        const html = bundle[PAGE];
        const source = html?.type === "asset" ? String(html.source) : "";
        // What the page itself names, and what its scripts load later.
        const first = [...source.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path ?? "").filter((path) => !path.endsWith(".md"));
        const later = new Set<string>();
        for (const path of first) follow(chunks.get(path), chunks, later);
        for (const path of Object.keys(bundle)) if (/maplibre-gl-worker-[^/]*\.js$/.test(path)) later.add(path);
        for (const path of first) later.delete(path);
        const lists = { first: ["/", ...new Set(first.map((path) => `/${path}`))], later: [...later].map((path) => `/${path}`).sort() };
        const version = createHash("sha256").update(source).update(JSON.stringify(lists)).digest("hex").slice(0, 12);
        worker.code = worker.code.replace(PLACEHOLDER, () => JSON.stringify(JSON.stringify({ version, ...lists })).slice(1, -1));
      },
    },
  };
}

/** Collects what a script imports, now or later, with its styles. */
function follow(chunk: Rolldown.OutputChunk | undefined, chunks: Map<string, Rolldown.OutputChunk>, found: Set<string>): void {
  if (chunk === undefined) return;
  for (const path of [...chunk.imports, ...chunk.dynamicImports]) {
    if (found.has(path)) continue;
    found.add(path);
    follow(chunks.get(path), chunks, found);
  }
  const { viteMetadata } = chunk as { viteMetadata?: { importedCss: Set<string> } };
  for (const path of viteMetadata?.importedCss ?? []) found.add(path);
}
