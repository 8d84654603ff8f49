// Links that lead to a station: in Amap at once as a way there, in the others as a marker with a button for the way.
import { inDatum } from "../shared/datum";
import { make } from "../shared/dom";
import type { StationFeature } from "../shared/types";
import type { Words } from "../shared/words.zh";
import type { Query } from "./query";

const APPS = ["amap", "baidu", "tencent", "geo"] as const;
type App = (typeof APPS)[number];

/** The address that opens a station in a map app. */
export function navigationLink(app: App, station: StationFeature, mode: Query["mode"]): string {
  const { name, links } = station.properties;
  const [lon = 0, lat = 0] = station.geometry.coordinates;
  const text = encodeURIComponent(name);
  if (app === "geo") return links?.geo ?? `geo:${lat},${lon}?q=${lat},${lon}(${text})`;
  if (app === "baidu") {
    const there = inDatum({ lon, lat, datum: "wgs84" }, "bd09");
    const fallback = `https://api.map.baidu.com/marker?location=${there.lat.toFixed(6)},${there.lon.toFixed(6)}&title=${text}&content=${text}&coord_type=bd09ll&output=html&src=yizhan`;
    return links?.baidu ?? fallback;
  }
  const there = inDatum({ lon, lat, datum: "wgs84" }, "gcj02");
  const [x, y] = [there.lon.toFixed(6), there.lat.toFixed(6)];
  if (app === "tencent") return links?.tencent ?? `https://apis.map.qq.com/uri/v1/marker?marker=coord:${y},${x};title:${text}&referer=yizhan`;
  // The service's own numbers where it gave them: they may be the surveyed ones.
  const given = /position=([\d.]+,[\d.]+)/.exec(links?.amap ?? "")?.[1] ?? `${x},${y}`;
  return `https://uri.amap.com/navigation?to=${given},${text}&mode=${mode === "ebike" ? "ride" : "walk"}&coordinate=gaode&src=yizhan&callnative=1`;
}

/** The links as a row of buttons. */
export function navigationLinks(station: StationFeature, mode: Query["mode"], words: Words): HTMLElement {
  const list = make("ul", { class: "apps", "aria-label": words.openIn });
  for (const app of APPS) {
    const href = navigationLink(app, station, mode);
    // A link is followed as it is, so only the two schemes that there is use for are let through.
    if (!/^(https:\/\/|geo:)/.test(href)) continue;
    const label = words.openInApp(words.apps[app], station.properties.name);
    const link = make("a", { href, rel: "noopener noreferrer", class: app === "amap" ? "button main" : "button", "aria-label": label }, words.apps[app]);
    if (app !== "geo") link.target = "_blank";
    list.append(make("li", {}, link));
  }
  return list;
}
