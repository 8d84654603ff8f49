// The part of the page that keeps stations: the table, and one station at a time, as the address says.
import "../../styles/keep-stations.css";
import { make } from "../../shared/dom";
import type { Settings } from "../../shared/types";
import type { OpenPanel, Shell } from "../panel";
import type { Collection, Loaded } from "./api";
import { StationList } from "./list";
import type { MapData } from "./pin-map";
import { StationView, type View, VIEWS } from "./station";
import { stationWords } from "./words";

const NEW = "new";
// What the table writes into the address.
const FILTERS = ["q", "status", "host", "district", "facilities", "include_unknown"];

export const openPanel: OpenPanel = (root, shell) => {
  const districts = once(() => shell.ask.json<GeoJSON.FeatureCollection>({ path: "/v1/districts" }));
  const mapData = once(async (): Promise<MapData> => {
    const get = <T>(path: string) => shell.ask.json<T>({ path });
    const [{ base_map }, outlines, { extent }] = await Promise.all([get<Settings>("/v1/settings"), districts().catch(() => null), get<Collection>("/v1/collections/stations")]);
    const [west = 0, south = 0, east = 0, north = 0] = extent.spatial?.bbox[0] ?? [];
    return { base: base_map, districts: outlines, extent: extent.spatial === undefined ? null : [west, south, east, north] };
  });
  const named = async () => (await districts()).features.map(({ id, properties }) => ({ name: String(properties?.["name"] ?? ""), adcode: String(id ?? "") }));

  let station: StationView | null = null;
  // What the table showed, so that "back" leads there.
  let listAddress: Record<string, string> = {};
  const remember = () => {
    const address = shell.address();
    listAddress = Object.fromEntries(FILTERS.flatMap((name) => {
      const value = address.get(name);
      return value === null ? [] : [[name, value]];
    }));
  };
  let lastOpened: string | null = null;
  const frame = make("div", { class: "stations-panel" });
  root.replaceChildren(frame);
  const list = new StationList(shell, {
    openStation: (id) => {
      remember();
      goTo(shell, id);
    },
    newStation: () => {
      remember();
      shell.go("stations", { view: NEW });
    },
    districts: async () => [...new Set((await named()).map(({ name }) => name).filter((name) => name !== ""))],
  });

  const viewOf = (id: string | null, loaded: Loaded | null = null) => new StationView({
    shell, mapData, districts: named,
    back: () => shell.go("stations", listAddress),
    go: (to, view) => goTo(shell, to, view),
    created: (made) => {
      station = viewOf(made.feature.id, made);
      goTo(shell, made.feature.id);
      shell.say(stationWords().created(made.feature.properties.name));
    },
    removed: (name) => {
      station = null;
      shell.go("stations", listAddress);
      shell.say(stationWords().removed(name));
    },
  }, id, loaded);

  const showStation = (id: string | null, view: View) => {
    const isOther = station === null || station.id !== id;
    if (isOther) station = viewOf(id);
    lastOpened = id ?? lastOpened;
    if (frame.firstChild !== station?.root && station !== null) frame.replaceChildren(station.root);
    station?.show(view);
    station?.focus();
  };

  // Whether what is open may be left; when not, the address goes back to it.
  const mayLeave = (id: string | null | undefined): boolean => {
    if (station === null || station.id === id || !station.isUnsaved()) return true;
    if (confirm(stationWords().leaveUnsaved)) {
      station = null;
      return true;
    }
    const back = station.id;
    shell.setAddress({ station: back, view: back === null ? NEW : null, ...Object.fromEntries(FILTERS.map((name) => [name, null])) });
    return false;
  };

  return {
    show: () => {
      const address = shell.address();
      const view = address.get("view");
      const id = address.get("station");
      const wanted = id ?? (view === NEW ? null : undefined);
      if (!mayLeave(wanted)) return;
      if (wanted !== undefined) return showStation(wanted, VIEWS.find((one) => one === view) ?? "record");
      station = null;
      remember();
      if (frame.firstChild !== list.root) frame.replaceChildren(list.root);
      list.show(lastOpened);
      lastOpened = null;
    },
    write: () => {
      list.write();
      station?.write();
    },
    isUnsaved: () => station?.isUnsaved() ?? false,
  };
};

function goTo(shell: Shell, id: string, view: View = "record"): void {
  shell.go("stations", { station: id, ...(view === "record" ? {} : { view }) });
}

// Asked for once, unless it fails.
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask();
    asked.catch(() => { asked = null; });
    return asked;
  };
}
