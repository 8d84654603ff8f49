// How the pages are built: HTML pages, a service worker, hashed assets, for WebViews from the year 2020 on.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { early, frame } from "./frame.ts";
import { precache } from "./precache.ts";

// Syntax is lowered to Chrome 87, six years old, which phone apps still carry. The list needs nothing newer; MapLibre
// itself calls functions of Chrome 93 (2021), and where they are missing the page says that there is no map.
export const OLDEST_BROWSERS = ["chrome87", "safari14.1", "firefox78", "edge88"];

// Smaller files gain nothing that a packet would notice.
const WORTH_COMPRESSING_BYTES = 1024;

/** Writes `x.br` beside each file `x` of the build, so that nobody waits while the service compresses. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir = "dist" }, bundle) {
      await Promise.all(Object.keys(bundle).map(async (name) => {
        const file = path.join(dir, name);
        const bytes = await readFile(file);
        if (bytes.length > WORTH_COMPRESSING_BYTES) await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes));
      }));
    },
  };
}

export default defineConfig({
  plugins: [frame(), early(), precache(), compressed()],
  appType: "mpa",
  build: {
    target: OLDEST_BROWSERS,
    cssTarget: OLDEST_BROWSERS,
    // Nothing is inlined, so that a page is text and every asset can be cached for ever by its name.
    assetsInlineLimit: 0,
    // The licences of what is bundled travel with it; the footer of the pages links to them.
    license: { fileName: "assets/licences.md" },
    // MapLibre and Swagger UI are large by nature; the test that matters is the size of the entry.
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: {
        index: "index.html", docs: "docs.html", plan: "plan.html", keep: "keep.html", sw: "src/sw/main.ts", early: "src/shared/early.ts",
      },
      // The service worker keeps its name, by which browsers find it again.
      output: { entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  worker: { format: "es" },
  // `npm run dev` (vite) talks to a service that runs on this machine.
  server: { proxy: { "/v1": process.env["YIZHAN_URL"] ?? "http://127.0.0.1:8080" } },
  test: { include: ["test/**/*.test.ts"] },
});
