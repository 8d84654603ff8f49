// Keeps the page for workers, so that it opens without a network: its files, not its data (see offline/kept.ts).
/// <reference lib="webworker" />

// Written by the build: the page and the scripts, styles and pictures that it names, now or later.
const FILES = "__FILES__";
const OWN = "yizhan-page-";

const worker = self as unknown as ServiceWorkerGlobalScope;
const files = JSON.parse(FILES) as { version: string; first: string[]; later: string[] };
const cacheName = OWN + files.version;

worker.addEventListener("install", (event) => event.waitUntil(keep(files.first)));
worker.addEventListener("activate", (event) => event.waitUntil(replaceOlder()));
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (isPage(event.request, url)) event.respondWith(page(event.request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
});

// A frame of another site gets the page from the service, with the headers that allow it.
function isPage(request: Request, url: URL): boolean {
  return request.mode === "navigate" && url.pathname === "/" && url.searchParams.get("embed") !== "1";
}

/** The kept page at once; a newer one comes with a newer version of this script. */
async function page(request: Request): Promise<Response> {
  return (await caches.match("/", { cacheName })) ?? fetch(request);
}

/** Names carry a hash of the content, so what was kept is good for ever. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  const path = new URL(request.url).pathname;
  if (response.ok && files.later.includes(path)) await (await caches.open(cacheName)).put(request, response.clone());
  return response;
}

async function keep(paths: string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  // The page must be of this version, and the browser may still hold the last one.
  await cache.addAll(paths.map((path) => new Request(path, { cache: path === "/" ? "reload" : "default" })));
}

// Only now, when no page of the older version is open, are its files in nobody's way.
async function replaceOlder(): Promise<void> {
  const older = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== cacheName);
  await Promise.all(older.map((name) => caches.delete(name)));
  await worker.clients.claim();
  // The map and the pinyin are large, and not needed to begin with. Who saves data gets them with the first use.
  const { connection } = navigator as unknown as { connection?: { saveData?: boolean } };
  if (connection?.saveData === true) return;
  const missing = await Promise.all(files.later.map(async (path) => ((await caches.match(path, { cacheName })) === undefined ? path : null)));
  await keep(missing.filter((path): path is string => path !== null)).catch(() => undefined);
}
