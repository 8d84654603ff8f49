// The part of an import that shows in which datum its coordinates are: what was stated or what speaks for each, as a table
// and on a map.
import { canDrawMaps, make, say } from "../../shared/dom";
import { language, words } from "../../shared/language";
import type { Datum, ItemsAnswer, Settings } from "../../shared/types";
import type { Shell } from "../panel";
import type { DatumMap } from "./datum-map";
import { button, segment, table } from "./parts";
import { meanShift_m, numbersOf, readIn } from "./points";
import { count, datumName, metres } from "./shown";
import type { Import, Rows } from "./types";
import { importWords } from "./words";

const DATUMS: Datum[] = ["wgs84", "gcj02", "bd09"];
const MOST_POINTS = 1000;
const MOST_STATIONS = 1000;
// Degrees around the points in which known stations are looked for.
const AROUND_DEG = 0.05;

/** The part; `state` sends the datum that a person states, null for none. */
export class DatumPart {
  readonly element = make("section", { class: "import-part import-datum", "aria-labelledby": "import-datum-heading" });
  private readonly told = make("div", { class: "datum-told" });
  private readonly mapPart = make("div", { class: "datum-map" });
  private readonly frame = make("div", { class: "map-frame" });
  private readonly canvas = make("div", { class: "gl", id: "import-map" });
  private readonly message = make("p", { class: "map-message" });
  private readonly tools = make("div", { class: "map-tools" });
  private readonly legend = make("ul", { class: "legend" });
  private now: Import | null = null;
  private datum: Datum | null = null;
  private withBefore = true;
  private isClosed = false;
  private map: DatumMap | null = null;
  private stage: "unasked" | "loading" | "open" | "mapUnavailable" | "mapFailed" = "unasked";
  private points: { lon: number; lat: number }[] = [];
  private pointsOf: number | null = null;

  constructor(private readonly shell: Shell, private readonly state: (coord: Datum | null) => void) {
    this.frame.append(this.canvas, this.message);
    this.mapPart.append(make("h4", {}), this.tools, this.frame, this.legend);
    this.element.append(make("h3", { id: "import-datum-heading" }), this.told, this.mapPart);
  }

  /** Shows an import. */
  show(now: Import): void {
    this.now = now;
    if (this.datum === null || this.pointsOf !== now.version) this.datum = supposedDatum(now);
    this.write();
    if (this.pointsOf !== now.version) void this.load(now);
  }

  /** It came into view, or its frame changed its size. */
  resize(): void {
    this.map?.resize();
  }

  /** It is not looked at any more. */
  close(): void {
    this.isClosed = true;
    this.map?.close();
    this.map = null;
  }

  private async load(now: Import): Promise<void> {
    this.pointsOf = now.version;
    try {
      const { rows } = await this.shell.ask.json<Rows>({ path: `/v1/imports/${now.id}/rows`, query: { limit: String(MOST_POINTS) } });
      if (this.pointsOf !== now.version) return;
      this.points = rows.flatMap((row) => numbersOf(row) ?? []);
      if (this.points.length > 0 && this.stage === "unasked") await this.open();
      await this.showStations();
    } catch (error) {
      // The table has the same evidence; what is wrong is said where the rows are.
      console.info("the points did not come:", error);
      this.pointsOf = null;
    }
    this.write();
  }

  private async open(): Promise<void> {
    if (!canDrawMaps()) {
      this.stage = "mapUnavailable";
      return;
    }
    this.stage = "loading";
    this.write();
    try {
      const [{ openDatumMap }, settings, districts] = await Promise.all([
        import("./datum-map"), this.shell.ask.json<Settings>({ path: "/v1/settings" }),
        this.shell.ask.json<GeoJSON.FeatureCollection>({ path: "/v1/districts" }).catch(() => null),
      ]);
      this.map = await openDatumMap(this.canvas, { base: settings.base_map, districts });
      this.stage = "open";
      if (this.isClosed) this.close();
    } catch (error) {
      console.info("the map did not open:", error);
      this.stage = "mapFailed";
    }
  }

  // The stations of the register around the points.
  private async showStations(): Promise<void> {
    if (this.map === null || this.points.length === 0) return;
    const middle = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
    const [lon, lat] = [middle(this.points.map((one) => one.lon)), middle(this.points.map((one) => one.lat))];
    const near = this.points.filter((one) => Math.abs(one.lon - lon) < 1 && Math.abs(one.lat - lat) < 1);
    const [lons, lats] = [near.map((one) => one.lon), near.map((one) => one.lat)];
    const bbox = [Math.min(...lons) - AROUND_DEG, Math.min(...lats) - AROUND_DEG, Math.max(...lons) + AROUND_DEG, Math.max(...lats) + AROUND_DEG];
    const answer = await this.shell.ask.json<ItemsAnswer>({
      path: "/v1/collections/stations/items", query: { bbox: bbox.map((value) => value.toFixed(6)).join(","), limit: String(MOST_STATIONS) },
    });
    this.map.showStations(answer.features.map(({ geometry }) => ({ lon: geometry.coordinates[0] ?? 0, lat: geometry.coordinates[1] ?? 0, datum: "wgs84" })));
  }

  /** Writes the part, in the language in use. The map stays. */
  write(): void {
    const w = importWords();
    const { now } = this;
    if (now === null) return;
    const [heading] = this.element.getElementsByTagName("h3");
    if (heading !== undefined) heading.textContent = w.datumHeading;
    this.writeTold(now);
    this.writeMap(now);
  }

  private writeTold(now: Import): void {
    const w = importWords();
    const { verdict, evidence, evidence_zh } = now.datum;
    const isLocked = now.committed_revision !== null;
    const shown = figures(now);
    // The sentences say what the table says; without figures they say that there is nothing to compare with.
    const lines = shown.length > 0 ? [] : language() === "zh" ? evidence_zh : evidence;
    const choose = isLocked || verdict === "no_difference" ? [] : [make("div", { class: "buttons datum-choose" },
      ...(verdict === "stated" ? [make("span", { class: "hint" }, w.datumNotAsked)] : []),
      ...DATUMS.filter((datum) => datum !== now.coord).map((datum) =>
        button(w.datumChoose(datumName(datum)), () => this.state(datum), { class: `button small${datum === now.datum.datum && verdict !== "stated" ? " main" : ""}`, "data-datum": datum })),
      ...(now.coord === null ? [] : [button(w.datumTakeBack, () => this.state(null), { class: "button small quiet", "data-datum": "none" })]))];
    this.told.replaceChildren(make("p", { class: "datum-verdict" }, verdictText(now)),
      ...(lines.length === 0 ? [] : [make("ul", { class: "evidence" }, ...lines.map((line) => make("li", {}, line)))]),
      ...shown, ...choose, make("p", { class: "hint" }, w.datumSilent));
  }

  private writeMap(now: Import): void {
    const w = importWords();
    const { stage } = this;
    this.mapPart.hidden = now.datum.verdict === "no_difference" && this.points.length === 0;
    const [heading] = this.mapPart.getElementsByTagName("h4");
    if (heading !== undefined) heading.textContent = w.mapHeading;
    const isOpen = stage === "open";
    this.tools.hidden = !isOpen;
    this.legend.hidden = !isOpen;
    this.frame.classList.toggle("without-map", !isOpen && stage !== "loading");
    say(this.message, isOpen ? "" : stage === "mapUnavailable" || stage === "mapFailed" ? w[stage] : stage === "loading" ? w.mapLoading : this.pointsOf === now.version ? w.mapNoPoints : w.mapLoading);
    if (!isOpen || this.map === null) return;
    const datum = this.datum ?? "wgs84";
    const used = usedDatum(now);
    const before = make("input", { type: "checkbox" });
    before.checked = this.withBefore;
    before.addEventListener("change", () => {
      this.withBefore = before.checked;
      this.writeMap(now);
      this.tools.querySelector<HTMLElement>("input[type=checkbox]")?.focus();
    });
    before.disabled = datum === "wgs84";
    const shift = meanShift_m(this.points, datum);
    this.tools.replaceChildren(
      make("div", { class: "read-as" }, make("span", { class: "hint", "aria-hidden": "true" }, w.mapReadAs),
        segment<Datum>("import-map-datum", w.mapReadAs, DATUMS.map((one) => [one, datumName(one)]), datum, (value) => {
          this.datum = value;
          this.writeMap(now);
          this.tools.querySelector<HTMLElement>("input:checked")?.focus();
        })),
      make("label", { class: "switch" }, before, make("span", {}, w.mapBefore)),
      button(w.mapAll, () => this.map?.fit(), { class: "button small" }),
      make("p", { class: "hint", role: "status" }, [datum === used ? `${datumName(datum)}: ${w.datumNow}${language() === "zh" ? "。" : "."}` : "",
        shift === null || shift < 1 ? "" : w.mapShift(datumName(datum), metres(shift)),
        w.mapPoints(count(this.points.length), count(now.counts.rows))].filter((part) => part !== "").join(w.sentences)));
    const isBeforeShown = this.withBefore && datum !== "wgs84";
    const sample = (kind: keyof ReturnType<typeof importWords>["mapLegend"]) => make("li", {}, make("span", { class: `point-sample ${kind}`, "aria-hidden": "true" }), w.mapLegend[kind]);
    this.legend.replaceChildren(sample("after"), ...(isBeforeShown ? [sample("before")] : []), sample("station"), sample("district"));
    this.map.writeWords();
    this.map.show(this.points.map((one) => readIn(one, datum)), isBeforeShown ? this.points.map((one) => ({ ...one, datum: "wgs84" })) : []);
  }
}

/** The datum that the coordinates are read in now. */
export function usedDatum(now: Import): Datum {
  const shown = now.rows.find(({ row, place }) => row !== undefined && place !== undefined);
  const datum = now.coord ?? shown?.original?.datum ?? "wgs84";
  return DATUMS.find((one) => one === datum) ?? "wgs84";
}

// The one that it probably is, so that the map shows at once what that would mean; else the one that it is read in now.
function supposedDatum(now: Import): Datum {
  return DATUMS.find((one) => one === now.datum.datum) ?? usedDatum(now);
}

function verdictText({ datum: { verdict, datum } }: Import): string {
  const w = importWords();
  switch (verdict) {
    case "stated": return datum === null ? w.datumByRows : w.datumStated(datumName(datum));
    case "sure": return w.datumSure(datumName(datum ?? ""));
    case "likely": return w.datumLikely(datumName(datum ?? ""));
    case "undecided": return w.datumUndecided;
    case "no_difference": return w.datumNoDifference;
  }
}

// What speaks for each datum, in numbers.
function figures(now: Import): HTMLElement[] {
  const w = importWords();
  const { figures: found } = now.datum;
  if (found === null) return [];
  const used = usedDatum(now);
  const isAnyInside = found.by_datum.some((one) => one.in_any_district > 0);
  const head = [w.datumOf.datum, ...(found.with_stated_district > 0 ? [w.datumOf.stated(count(found.with_stated_district))] : []),
    ...(isAnyInside ? [w.datumOf.any(count(found.points))] : []), ...(found.pairs > 0 ? [w.datumOf.distance(count(found.pairs)), w.datumOf.nearest] : [])];
  const rows = found.by_datum.map((one) => ({
    name: make("span", {}, `${one.datum === now.datum.datum ? "✓ " : ""}${datumName(one.datum)}`,
      make("span", { class: "hint" }, w.datumUsedBy[one.datum] ?? "", one.datum === used ? `${words().comma}${w.datumNow}` : "")),
    more: { "data-datum": one.datum, ...(one.datum === now.datum.datum ? { class: "likely" } : {}) },
    cells: [...(found.with_stated_district > 0 ? [count(one.in_stated_district)] : []),
      ...(isAnyInside ? [count(one.in_any_district)] : []),
      ...(found.pairs > 0 ? [one.median_distance_m === null ? w.nothing : metres(one.median_distance_m), count(one.nearest_pairs)] : [])],
  }));
  return head.length === 1 ? [] : [table(w.datumCaption, head, rows, "figures")];
}
