// The page for planners: takes the question, asks, and writes the answers; the map comes after the figures.
import { byId } from "../shared/dom";
import { bindFrame } from "../shared/frame";
import { askAudit, askCoverage, askDistricts, askGaps, askHours, askPlaces, askShapes, askStandards, askStations, MOST_STATIONS } from "./answers";
import { writeAudit, writeStandards } from "./audit";
import { writeDistances, redrawDistances } from "./distance-panel";
import { writeDistricts } from "./district-table";
import { bindFigures } from "./figures";
import { writeFiles } from "./files";
import { bindForm, setDistricts, stopPlaying, writeAnswered, writeForm } from "./form";
import { writeGaps } from "./gaps";
import { redrawHours, writeHours } from "./hours";
import { writeLegend } from "./legend";
import { MapDesk } from "./map-desk";
import { Newest } from "./newest";
import { type Desk, type Page, type Station, type Tab } from "./page";
import { coverageParameters, fromSearch, hoursParameters, toSearch } from "./question";
import { openScenario, saveScenario } from "./scenario-files";
import { writeSummaryCard } from "./summary";
import { bindTabs, showTab } from "./tabs";
import type { Standard } from "./types";
import { writeSteps, writeWhatIf } from "./what-if";
import { clearProblem, showProblem, showStopped, tell, working } from "./work";
import { planWords } from "./words";

// So long an answer may take before a newer question, such as the next place of a drag, gives it up.
const PATIENCE_MS = 400;

const search = new URLSearchParams(location.search);
const page: Page = {
  view: search.get("view") === "audit" ? "audit" : "coverage", tab: "districts", question: fromSearch(search), steps: [], demand: null, districts: null,
  shape: search.get("shape") === "cells" ? "cells" : "area", moment: "after", weight: 0, coveredFrom: "perhaps",
  standard: search.get("standard") ?? "", coverage: null, before: null, took_ms: null,
};
let stations: Station[] = [];
let stationsRevision = -1;
let outlines: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
let outlinesShown: GeoJSON.FeatureCollection | null = null;
let standards: Standard[] = [];
// What each panel was last asked, so that it is asked again only when that changed.
const panelKeys = new Map<Tab, unknown[]>();

const newest = { main: new Newest(), panel: new Newest(), audit: new Newest() };
// The question that is being answered, since when, and whether a newer one waits.
let current: AbortSignal | null = null;
let since_ms = 0;
let isWaiting = false;
let isReady = false;

const desk: Desk = {
  page, asked, shown: writeAnswers, open: openTab, stations: () => stations,
  fly: (to) => map.fly(to), middle: () => map.middle(),
};
const map = new MapDesk(desk, { outlines: () => page.districts?.data ?? outlines, all: () => stations, picked: (name) => openDistrict(name) });

/** Asks for the newest question; one that is being answered is given up, but for a moment's patience. */
function asked(): void {
  history.replaceState(null, "", addressOf());
  if (page.steps.length === 0) page.moment = "after";
  writeSteps(desk);
  map.writeSteps();
  if (page.view === "audit") {
    void audit();
    return;
  }
  if (current === null) {
    void ask();
    return;
  }
  if (!isWaiting) setTimeout(() => { if (isWaiting) void ask(); }, Math.max(0, since_ms + PATIENCE_MS - performance.now()));
  isWaiting = true;
}

async function ask(): Promise<void> {
  const signal = newest.main.begin();
  [current, isWaiting, since_ms] = [signal, false, performance.now()];
  const over = working();
  try {
    takeOutlines();
    const [{ before, after }, shapes] = await Promise.all([askCoverage(page, signal, tell), askShapes(page, signal)]);
    [page.before, page.coverage] = [before, after];
    clearProblem();
    map.showShapes(shapes);
    page.took_ms = performance.now() - since_ms;
    writeAnswers();
    if (after.revision !== stationsRevision) await loadStations(after.revision, signal);
    await map.showMatches(after.question.at, signal);
  } catch (error) {
    if (!signal.aborted) {
      newest.main.stop();
      showProblem(error, page.coverage !== null, asked);
    }
  } finally {
    over();
    if (current === signal) {
      current = null;
      if (isWaiting) void ask();
    }
  }
}

async function loadStations(revision: number, signal: AbortSignal): Promise<void> {
  const found = await askStations(signal);
  stations = found.stations;
  stationsRevision = revision;
  map.leftOut(found.all > stations.length ? MOST_STATIONS : 0);
}

// The outlines that the answers are given for: the planner's own, or those of the service.
function takeOutlines(): void {
  const now = page.districts?.data ?? outlines;
  if (now === outlinesShown) return;
  outlinesShown = now;
  setDistricts(now, desk);
  map.showDistricts(now);
}

/** Asks for what the open panel shows, unless it shows just that. */
async function askPanel(): Promise<void> {
  const { tab, question } = page;
  const lang = document.documentElement.lang;
  const body = [page.steps, page.demand, page.districts, page.coverage?.revision, page.weight, lang];
  const query = JSON.stringify(tab === "hours" ? hoursParameters(question, "zh") : coverageParameters(question, "zh"));
  const key = [query, ...body, ...(tab === "gaps" ? [page.coveredFrom] : [])];
  const old = panelKeys.get(tab);
  if (old !== undefined && old.length === key.length && old.every((part, at) => part === key[at])) return;
  if (page.view !== "coverage" || !["hours", "distances", "gaps"].includes(tab)) return;
  const signal = newest.panel.begin();
  const over = working();
  try {
    if (tab === "hours") writeHours(await askHours(page, signal, tell), desk);
    if (tab === "distances") writeDistances(await askPlaces(page, signal), page);
    if (tab === "gaps") {
      const answer = await askGaps(page, signal, tell);
      map.showGaps(answer);
      writeGaps(answer, desk, (rank) => map.chooseGap(rank));
    }
    panelKeys.set(tab, key);
    clearProblem();
  } catch (error) {
    if (!signal.aborted) showProblem(error, page.coverage !== null, () => void askPanel());
  } finally {
    over();
  }
}

async function audit(): Promise<void> {
  const signal = newest.audit.begin();
  const over = working();
  try {
    takeOutlines();
    if (standards.length === 0) standards = await askStandards(signal);
    writeStandards(standards, desk);
    const answer = await askAudit(page, signal);
    if (stations.length === 0) await loadStations(answer.revision, signal);
    writeAudit(answer, desk, (id) => map.flyToStation(id), (error) => showProblem(error, true, asked));
    map.showVerdicts(new Map(answer.stations.map(({ id, result }) => [id, result])));
    clearProblem();
  } catch (error) {
    if (!signal.aborted) showProblem(error, false, () => void audit());
  } finally {
    over();
  }
}

function writeAnswers(): void {
  if (page.view === "audit") return;
  writeAnswered(desk);
  writeSummaryCard(page);
  writeDistricts(desk, (name) => map.chooseDistrict(name, true));
  writeSteps(desk);
  writeFiles(desk, { picture: () => map.picture(), problem: (error) => showProblem(error, true, asked) });
  writeLegend(page);
  map.writeMoments();
  if (page.coverage !== null) void askPanel();
}

function openTab(tab: Tab): void {
  page.tab = tab;
  showTab(tab);
  writeLegend(page);
  map.setGapsShown(tab === "gaps");
  if (page.coverage !== null) void askPanel();
}

function openDistrict(name: string | null): void {
  map.chooseDistrict(name, false);
}

function showView(): void {
  document.body.classList.toggle("audit", page.view === "audit");
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name="view"]')) input.checked = input.value === page.view;
  writeForm(desk);
  writeLegend(page);
  map.setView(page.view);
}

function addressOf(): string {
  const now = toSearch(page.question);
  const lang = new URLSearchParams(location.search).get("lang");
  if (page.view === "audit") now.set("view", "audit");
  if (page.view === "audit" && page.standard !== "") now.set("standard", page.standard);
  if (page.shape === "cells") now.set("shape", "cells");
  if (lang !== null) now.set("lang", lang);
  const text = now.toString();
  return text === "" ? location.pathname : `${location.pathname}?${text}`;
}

function stopAll(): void {
  stopPlaying();
  [current, isWaiting] = [null, false];
  for (const one of Object.values(newest)) one.stop();
  showStopped(page.coverage !== null, asked);
}

function bind(): void {
  bindFigures();
  bindForm(desk);
  bindTabs(openTab);
  byId("cancel").addEventListener("click", stopAll);
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name="view"]')) {
    input.addEventListener("change", () => {
      page.view = input.value === "audit" ? "audit" : "coverage";
      stopPlaying();
      showView();
      asked();
    });
  }
  byId("standard").addEventListener("change", ({ target }) => {
    page.standard = (target as HTMLSelectElement).value;
    asked();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    writeLegend(page);
    redrawHours();
    redrawDistances();
  });
}

// Everything that is written by script, in the language in use.
function write(): void {
  writeForm(desk);
  writeWhatIf(desk, {
    save: () => saveScenario(page),
    open: (file) => void openScenario(file, desk, () => { writeForm(desk); takeOutlines(); asked(); }),
  });
  writeLegend(page);
  map.writeWords();
  panelKeys.clear();
  if (isReady) asked();
}

async function begin(): Promise<void> {
  bind();
  showTab(page.tab);
  showView();
  bindFrame(write, () => planWords());
  try {
    outlines = await askDistricts(new AbortController().signal);
  } catch {
    // Without a base map the figures are the same; a service that does not answer is told of below.
  }
  isReady = true;
  asked();
  void map.open();
}

void begin();
