// The sheet of a station: opened from the list, the map, the search and the address, and closed again.
import { keptCity } from "../offline/kept";
import { foundKept } from "../offline/nearest";
import { localTime } from "../offline/opening";
import { getJson, RequestError } from "../shared/api";
import { byId } from "../shared/dom";
import { language, words } from "../shared/language";
import type { FoundFeature, StationFeature, Timetable } from "../shared/types";
import { showInAddress, stationOfAddress } from "./address";
import { problemText } from "./list";
import type { Query } from "./query";
import { type Shown, writeNoSheet, writeSheet } from "./sheet";

const WEEK_DAYS = 7;

export interface DetailsHost {
  query: Query;
  /** The station as the list has it, or null. */
  inList: (id: string) => FoundFeature | null;
  /** The station that is shown now; null when the list is. */
  showing: (station: StationFeature | null) => void;
}

/** The sheet and the way to it and back. */
export class Details {
  private shown: Shown | null = null;
  private id: string | null = null;
  private scrolled_px = 0;

  constructor(private readonly host: DetailsHost) {
    addEventListener("popstate", () => this.follow());
  }

  /** Shows a station, as a step that the back button takes back. */
  open(id: string): void {
    if (this.id === null) this.scrolled_px = scrollY;
    showInAddress(id);
    void this.show(id);
  }

  /** Shows what the address of the page says: a station, or the list. */
  follow(): void {
    const id = stationOfAddress();
    if (id === null) this.hide();
    else if (id !== this.id) void this.show(id);
  }

  /** Goes back to the list. */
  back(): void {
    showInAddress(null);
    this.hide();
  }

  /** Writes the sheet again: in another language, or after a new answer. */
  rewrite(): void {
    if (this.shown === null || this.id === null) return;
    this.shown.found = this.host.inList(this.id) ?? this.shown.found;
    writeSheet(this.shown, this.host.query, () => this.back());
  }

  private async show(id: string): Promise<void> {
    this.id = id;
    byId("results").hidden = true;
    byId("ask").classList.add("aside");
    byId("sheet").hidden = false;
    const isStill = () => this.id === id;
    const found = this.host.inList(id);
    const station = found ?? await this.station(id).catch((error: unknown) => {
      if (isStill()) this.fail(error);
      return null;
    });
    if (station === null || !isStill()) return;
    this.shown = { station, found, timetable: null, isWaiting: true };
    this.write(true);
    this.host.showing(station);
    const timetable = await this.timetable(id);
    if (!isStill()) return;
    Object.assign(this.shown, { timetable, isWaiting: false, found: found ?? foundKept(this.host.query, station, timetable, words()) });
    this.write(false);
  }

  private hide(): void {
    if (this.id === null) return;
    const id = this.id;
    this.id = this.shown = null;
    byId("sheet").hidden = true;
    byId("sheet").replaceChildren();
    byId("ask").classList.remove("aside");
    byId("results").hidden = false;
    document.title = words().pageTitle;
    this.host.showing(null);
    scrollTo(0, this.scrolled_px);
    document.querySelector<HTMLElement>(`[data-station="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  }

  private write(isNew: boolean): void {
    if (this.shown === null) return;
    const active = isNew ? null : document.activeElement?.id;
    writeSheet(this.shown, this.host.query, () => this.back());
    document.title = `${this.shown.station.properties.name} · ${words().title}`;
    if (isNew) scrollTo(0, 0);
    if (isNew || active === "sheet-name") byId("sheet-name").focus({ preventScroll: true });
  }

  private fail(error: unknown): void {
    const isGone = error instanceof RequestError && error.status === 404;
    writeNoSheet(isGone ? words().noSuchStation : problemText(error, words()), () => this.back());
    byId("sheet-name").focus({ preventScroll: true });
  }

  private async station(id: string): Promise<StationFeature> {
    const kept = (await keptCity())?.stations.find((station) => station.id === id);
    return kept ?? getJson<StationFeature>(`/v1/collections/stations/items/${encodeURIComponent(id)}`, {});
  }

  private async timetable(id: string): Promise<Timetable | null> {
    try {
      return await getJson<Timetable>("/v1/timetable", { ids: id, days: String(WEEK_DAYS), lang: language() });
    } catch {
      const kept = (await keptCity())?.timetable ?? null;
      return kept?.stations[id] === undefined ? null : fromToday(kept);
    }
  }
}

/** The days from today on, by the clock of the stations. */
export function fromToday(timetable: Timetable, now_ms = Date.now()): Timetable {
  const today = localTime(now_ms, timetable.timetables[0]?.[0]?.from ?? "Z").slice(0, 10);
  return { ...timetable, days: timetable.days.filter(({ date }) => date >= today) };
}
