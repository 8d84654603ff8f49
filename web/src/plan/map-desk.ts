// Between the page and its map: what is drawn when, also while the map is still loading or where there is none.
import { byId, canDrawMaps, make, say } from "../shared/dom";
import { askMatches, type Match } from "./answers";
import { pictureOf } from "./download";
import { markDistrict } from "./district-table";
import { assumption, metres } from "./format";
import { legendOf } from "./legend";
import type { PlanMap } from "./map";
import { type Desk, shapeOf, shownCoverage, type Station } from "./page";
import { type Place, type Step, withMove } from "./scenario";
import type { Cover, GapAnswer, ShapeAnswer, Verdict } from "./types";
import { addAt, editStation } from "./what-if";
import { planWords } from "./words";

interface Sources {
  outlines: () => GeoJSON.FeatureCollection;
  all: () => Station[];
  picked: (district: string | null) => void;
}

/** The map of the page, or what stands in its place. */
export class MapDesk {
  private map: PlanMap | null = null;
  private shapes: ShapeAnswer | null = null;
  private gaps: GapAnswer | null = null;
  private gapsShown = false;
  private matches = new Map<string, Match>();
  private verdicts = new Map<string, Verdict>();
  private left = 0;
  private isAdding = false;
  private failed: "planMapUnavailable" | "planMapFailed" | null = null;

  constructor(private readonly desk: Desk, private readonly sources: Sources) {}

  /** Opens the map; where that cannot be, the page says so and goes on without it. */
  async open(): Promise<void> {
    this.bind();
    if (!canDrawMaps()) {
      this.fail("planMapUnavailable");
      return;
    }
    try {
      const { openMap } = await import("./map");
      this.map = await openMap({
        clicked: (place, station, drawn, district) => this.clicked(place, station, drawn, district),
        moved: (id, place) => this.moved(id, place),
        chosen: (id) => this.chosen(id),
      });
    } catch (error) {
      console.info("the map did not open:", error);
      this.fail("planMapFailed");
      return;
    }
    byId("map-message").hidden = true;
    this.map.showDistricts(this.sources.outlines());
    this.setView(this.desk.page.view);
    this.writeSteps();
    this.setGapsShown(this.gapsShown);
    this.writeWords();
  }

  private fail(reason: "planMapUnavailable" | "planMapFailed"): void {
    this.failed = reason;
    byId("map-message").textContent = planWords()[reason];
    byId("map-part").classList.add("without-map");
  }

  private bind(): void {
    const { page } = this.desk;
    byId("whole").addEventListener("click", () => this.map?.fitAll());
    byId("add-on-map").addEventListener("click", () => this.setAdding(!this.isAdding));
    const radios = (name: string) => document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`);
    for (const input of radios("shape")) {
      input.checked = input.value === page.shape;
      input.addEventListener("change", () => {
        page.shape = input.value === "cells" ? "cells" : "area";
        this.desk.asked();
      });
    }
    for (const input of radios("moment")) {
      input.addEventListener("change", () => {
        page.moment = input.value === "before" ? "before" : "after";
        this.desk.asked();
      });
    }
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.setAdding(false); });
  }

  private setAdding(on: boolean): void {
    this.isAdding = on;
    byId("add-on-map").setAttribute("aria-pressed", String(on));
    byId("add-on-map").textContent = on ? planWords().addingOnMap : planWords().addOnMap;
    this.map?.setAdding(on);
  }

  /** Writes what stands under the map in the language in use. */
  writeWords(): void {
    const w = planWords();
    const source = this.sources.outlines().features[0]?.properties?.["source"];
    const lines = [typeof source === "string" ? w.mapBaseOutlines(source) : "", this.left > 0 ? w.stationsLeftOut(this.left) : ""];
    say(byId("map-base"), lines.filter((line) => line !== "").join(" "));
    if (this.failed !== null) byId("map-message").textContent = w[this.failed];
    byId("readout").textContent = w.readoutHint;
    this.setAdding(this.isAdding);
    this.map?.writeWords();
  }

  /** Before and after are there to choose when there are changes; cells alone are there for two stations or more. */
  writeMoments(): void {
    const { page } = this.desk;
    byId("moments").hidden = page.steps.length === 0;
    for (const input of document.querySelectorAll<HTMLInputElement>('input[name="moment"]')) input.checked = input.value === page.moment;
    for (const input of document.querySelectorAll<HTMLInputElement>('input[name="shape"]')) {
      input.disabled = page.question.k > 1 && input.value === "area";
      input.checked = input.value === shapeOf(page);
      input.title = input.disabled ? planWords().onlyCells : "";
    }
  }

  leftOut(count: number): void {
    this.left = count;
    this.writeWords();
  }

  showDistricts(outlines: GeoJSON.FeatureCollection): void {
    this.map?.showDistricts(outlines);
  }

  showShapes(shapes: ShapeAnswer): void {
    this.shapes = shapes;
    if (this.desk.page.view === "coverage") this.map?.showShapes(shapes);
  }

  /** Asks which stations match, and draws each as it does. */
  async showMatches(at: string | null, signal: AbortSignal): Promise<void> {
    this.matches = await askMatches(this.desk.page, at, signal);
    if (!signal.aborted && this.desk.page.view === "coverage") this.drawStations();
  }

  showVerdicts(verdicts: Map<string, Verdict>): void {
    this.verdicts = verdicts;
    if (this.desk.page.view === "audit") this.drawStations();
  }

  /** Draws what belongs to the view: coverage, or the verdicts of the audit. */
  setView(view: "coverage" | "audit"): void {
    this.map?.showShapes(view === "coverage" ? this.shapes : null);
    this.setAdding(false);
    this.setGapsShown(this.gapsShown);
    this.drawStations();
    this.writeSteps();
    byId("readout").textContent = planWords().readoutHint;
  }

  private drawStations(): void {
    const { view, steps } = this.desk.page;
    const changed = new Set(steps.map(({ id }) => id));
    const drawn = this.sources.all().flatMap((station) => {
      if (view === "audit") {
        const verdict = this.verdicts.get(station.id);
        return verdict === undefined ? [] : [{ station, state: verdict as string }];
      }
      return changed.has(station.id) ? [] : [{ station, state: this.matches.get(station.id) ?? "not" }];
    });
    this.map?.showStations(drawn);
  }

  /** Draws the stations of the scenario. */
  writeSteps(): void {
    const { view, steps } = this.desk.page;
    const placed = view === "audit" ? [] : steps.flatMap((step) => {
      const place = this.placeOf(step);
      return place === undefined ? [] : [{ step, place }];
    });
    this.map?.showSteps(placed);
    this.drawStations();
  }

  private placeOf(step: Step): Place | undefined {
    if (step.kind === "add") return step;
    return step.place ?? this.sources.all().find(({ id }) => id === step.id);
  }

  showGaps(gaps: GapAnswer): void {
    this.gaps = gaps;
    this.setGapsShown(this.gapsShown);
  }

  setGapsShown(shown: boolean): void {
    this.gapsShown = shown;
    this.map?.showGaps(shown && this.desk.page.view === "coverage" ? this.gaps : null);
  }

  chooseGap(rank: number): void {
    this.map?.chooseGap(rank);
    this.bringIntoView();
  }

  /** Marks a district in the table and on the map, and goes there when `move` says so. */
  chooseDistrict(name: string | null, move: boolean): void {
    markDistrict(name);
    this.map?.chooseDistrict(name, this.sources.outlines(), move);
    if (move) this.bringIntoView();
  }

  fly(to: Place | { zoomTo: [number, number, number, number] }): void {
    if ("lon" in to) this.map?.flyTo(to);
    this.bringIntoView();
  }

  flyToStation(id: string): void {
    const station = this.sources.all().find((one) => one.id === id);
    if (station !== undefined) this.fly(station);
    this.sayStation(id);
  }

  // On a small screen the map is above the figures.
  private bringIntoView(): void {
    if (this.map !== null && byId("map").getBoundingClientRect().bottom < 80) byId("map-part").scrollIntoView({ block: "start" });
  }

  middle(): Place | null {
    return this.map?.middle() ?? null;
  }

  /** The map with title, legend and assumptions; null without a map. */
  async picture(): Promise<Blob | null> {
    const { page } = this.desk;
    const answer = shownCoverage(page);
    if (this.map === null || answer === null) return null;
    const w = planWords();
    const told = assumption(answer, page.moment === "after" ? page.steps.length : 0);
    return pictureOf({ map: await this.map.picture(), title: w.pageTitle, legend: legendOf(page), told });
  }

  private clicked(place: Place, station: string | null, drawn: Record<string, unknown> | null, district: string | null): void {
    if (this.isAdding) {
      this.setAdding(false);
      addAt(this.desk, place);
      return;
    }
    if (station !== null) {
      this.sayStation(station);
      return;
    }
    if (this.desk.page.view === "audit") return;
    this.sources.picked(district);
    const w = planWords();
    const cover = drawn?.["cover"] as Cover | undefined;
    if (cover === undefined) return;
    const name = district ?? w.noDistrict;
    const distance = drawn?.["distance_m"];
    byId("readout").textContent = "distance_m" in (drawn ?? {})
      ? w.placeAt(name, w.covers[cover], typeof distance === "number" ? metres(distance) : w.noStationAnywhere)
      : w.districtAt(name, w.covers[cover]);
  }

  // Says what a station is, with a way into the scenario.
  private sayStation(id: string): void {
    const w = planWords();
    const station = this.sources.all().find((one) => one.id === id);
    if (station === undefined) return;
    if (this.desk.page.view === "audit") {
      byId("readout").textContent = w.stationAt(station.name, w.verdicts[this.verdicts.get(id) ?? "unknown"]);
      return;
    }
    const act = (text: string, change: Parameters<typeof editStation>[2]) => {
      const button = make("button", { type: "button", class: "button small", "aria-label": `${text}: ${station.name}` }, text);
      button.addEventListener("click", () => editStation(this.desk, station, change));
      return button;
    };
    byId("readout").replaceChildren(w.stationAt(station.name, w.legendStations[this.matches.get(id) ?? "not"]), " ",
      act(w.switchOff, { off: true }), act(w.move, { place: { lon: station.lon, lat: station.lat } }), act(w.stepHours, { hours: "24/7" }));
  }

  private moved(id: string, place: Place): void {
    const { page } = this.desk;
    page.steps = withMove(page.steps, id, page.steps.find((step) => step.id === id)?.name ?? id, place);
    this.desk.asked();
  }

  private chosen(id: string): void {
    this.desk.open("what-if");
    byId("steps").querySelector<HTMLElement>(`[data-step="${id}"] .link`)?.focus();
  }
}
