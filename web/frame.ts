// What all pages share: the header, put in the place of `<!-- top -->` when a page is built, and the script of the head.
import type { Plugin } from "vite";

const PAGES = [
  { path: "/", file: "/index.html", text: "navFind", zh: "找站点" },
  { path: "/plan", file: "/plan.html", text: "navPlan", zh: "规划" },
  { path: "/keep", file: "/keep.html", text: "navKeep", zh: "管理" },
];

function links(current: string): string {
  return PAGES.map(({ path, file, text, zh }) =>
    `<a href="${path}" data-text="${text}"${file === current ? ' aria-current="page"' : ""}>${zh}</a>`).join("\n          ");
}

function top(current: string): string {
  return `<header class="top">
      <div class="top-inner">
        <a class="home" href="/">
          <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="8" fill="#1c4f74" />
            <g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">
              <path d="M5 15.5 16 6.5l11 9" /><path d="M8.5 14.5v11h15v-11" />
            </g>
            <path d="M16 13.5c2.3 2.8 3.4 4.5 3.4 6.1a3.4 3.4 0 0 1-6.8 0c0-1.6 1.1-3.3 3.4-6.1z" fill="#f0ab3d" />
          </svg>
          <span><span class="home-name" data-text="title">驿站</span>
            <span class="home-more" data-text="subtitle">户外劳动者服务站点</span></span>
        </a>
        <nav class="top-nav" data-label="navLabel" aria-label="页面">
          ${links(current)}
        </nav>
        <button type="button" class="top-tool" id="large-type" aria-pressed="false" data-text="largeType">大字</button>
        <button type="button" class="top-tool" id="language" lang="en">English</button>
      </div>
    </header>`;
}

/** Puts the header, with the link of the page itself marked, where a page has `<!-- top -->`. */
export function frame(): Plugin {
  return {
    name: "frame",
    transformIndexHtml: { order: "pre", handler: (html, { path }) => html.replace("<!-- top -->", () => top(path)) },
  };
}

const EARLY = "src/shared/early.ts";

/** Puts the early script (an entry of the build called `early`) into the head of the pages, so that it runs before the first paint. */
export function early(): Plugin {
  return {
    name: "early",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { path, bundle }) => {
        if (!PAGES.some(({ file }) => file === path)) return [];
        const built = Object.values(bundle ?? {}).find((file) => file.type === "chunk" && file.isEntry && file.name === "early");
        return [{ tag: "script", attrs: { src: `/${built?.fileName ?? EARLY}` }, injectTo: "head" }];
      },
    },
  };
}
