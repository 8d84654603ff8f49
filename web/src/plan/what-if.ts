// What if: the steps of the scenario, each to change or take back, and before and after beside each other.
import { readCoordinates } from "../shared/coordinates";
import { byId, make, say } from "../shared/dom";
import { words } from "../shared/language";
import { figure, oneStop } from "./figures";
import { assumption, percent, points, weightDifference, weightName } from "./format";
import type { Desk, Page, Station } from "./page";
import { atOf } from "./question";
import { ALWAYS_OPEN, type Edit, type Place, type Step, withAddition, withEdit, without } from "./scenario";
import type { CoverageRow } from "./types";
import { planWords } from "./words";

const MOST_FOUND = 8;
const OTHER = "other";

/** What may happen to the scenario besides its steps. */
export interface ScenarioFiles { save: () => void; open: (file: File) => void }

/** Writes the frame of the panel: what to add and to find. What changes with each answer is written by `writeSteps`. */
export function writeWhatIf(desk: Desk, files: ScenarioFiles): void {
  const w = planWords();
  const coordinates = make("input", { class: "input", id: "add-coordinates", type: "text", autocomplete: "off", spellcheck: "false", placeholder: "109.5112,18.2523", "aria-describedby": "add-problem" });
  const problem = make("p", { class: "note", id: "add-problem", role: "status" });
  problem.hidden = true;
  const add = make("button", { type: "button", class: "button" }, w.addByCoordinates);
  const addTyped = () => {
    const read = readCoordinates(coordinates.value);
    coordinates.setAttribute("aria-invalid", String(read.kind !== "place"));
    say(problem, read.kind === "place" ? "" : w.coordinatesBad);
    if (read.kind === "place") addAt(desk, read);
  };
  add.addEventListener("click", addTyped);
  coordinates.addEventListener("keydown", (event) => { if (event.key === "Enter") addTyped(); });
  const here = make("button", { type: "button", class: "button main", id: "add-here" }, w.addHere);
  here.addEventListener("click", () => {
    const middle = desk.middle();
    if (middle !== null) addAt(desk, middle);
  });
  byId("panel-what-if").replaceChildren(
    make("p", { class: "hint" }, w.whatIfHint),
    make("p", { class: "note", id: "hours-do-not-count" }, w.hoursDoNotCount),
    make("div", { id: "before-after" }),
    make("div", { id: "steps" }),
    make("div", { class: "buttons" }, here),
    make("details", { class: "fold" }, make("summary", {}, w.addByCoordinates),
      make("label", { class: "field" }, make("span", {}, w.coordinates), coordinates), problem, add),
    ...finder(desk),
    fileButtons(desk, files),
    make("p", { class: "hint", id: "scenario-said", role: "status" }),
  );
  writeSteps(desk);
}

/** Adds a station to the scenario. */
export function addAt(desk: Desk, place: Place): void {
  desk.page.steps = withAddition(desk.page.steps, place, planWords().newStation);
  desk.open("what-if");
  desk.asked();
}

// A station of the register, found by a part of its name.
function finder(desk: Desk): HTMLElement[] {
  const w = planWords();
  const input = make("input", { class: "input", id: "find-station", type: "search", autocomplete: "off", placeholder: w.findStationHint, "aria-controls": "found-stations" });
  const found = make("ul", { class: "found", id: "found-stations" });
  input.addEventListener("input", () => {
    const text = input.value.trim().toLowerCase();
    const hits = text === "" ? [] : desk.stations().filter(({ name, id }) => name.toLowerCase().includes(text) || id === text).slice(0, MOST_FOUND);
    found.replaceChildren(...hits.map((station) => foundItem(station, desk)));
    if (text !== "" && hits.length === 0) found.append(make("li", { class: "hint" }, w.noSuchStation));
  });
  return [make("label", { class: "field" }, make("span", {}, w.findStation), input), found];
}

function foundItem(station: Station, desk: Desk): HTMLElement {
  const w = planWords();
  const act = (text: string, change: Partial<Edit>) => {
    const button = make("button", { type: "button", class: "button small", "aria-label": `${text}: ${station.name}` }, text);
    button.addEventListener("click", () => {
      editStation(desk, station, change);
      desk.fly(station);
    });
    return button;
  };
  const place = { lon: station.lon, lat: station.lat };
  return make("li", {}, make("span", {}, station.name), make("div", { class: "buttons" },
    act(w.switchOff, { off: true }), act(w.move, { place }), act(w.stepHours, { hours: ALWAYS_OPEN })));
}

/** Makes a station of the register a part of the scenario. */
export function editStation(desk: Desk, { id, name }: Pick<Station, "id" | "name">, change: Partial<Edit>): void {
  desk.page.steps = withEdit(desk.page.steps, id, name, change);
  desk.open("what-if");
  desk.asked();
}

function fileButtons(desk: Desk, files: ScenarioFiles): HTMLElement {
  const w = planWords();
  const save = make("button", { type: "button", class: "button", id: "save-scenario" }, w.saveScenario);
  save.addEventListener("click", files.save);
  const input = make("input", { type: "file", class: "hidden", id: "scenario-file", accept: ".json,application/json", tabindex: "-1", "aria-hidden": "true" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) files.open(file);
    input.value = "";
  });
  const open = make("button", { type: "button", class: "button", id: "open-scenario" }, w.openScenario);
  open.addEventListener("click", () => input.click());
  const clear = make("button", { type: "button", class: "button quiet", id: "clear-scenario" }, w.clearScenario);
  clear.addEventListener("click", () => {
    desk.page.steps = [];
    desk.asked();
  });
  return make("div", { class: "buttons" }, save, open, clear, input);
}

/** Writes the steps and the comparison, as they are now. */
export function writeSteps(desk: Desk): void {
  const w = planWords();
  const { steps } = desk.page;
  byId("hours-do-not-count").hidden = atOf(desk.page.question) !== null || !steps.some((step) => step.kind === "edit" && step.hours !== undefined);
  const items = steps.map((step) => stepItem(step, desk));
  const focused = document.activeElement?.id ?? "";
  byId("steps").replaceChildren(make("h3", {}, steps.length === 0 ? w.noSteps : w.steps(steps.length)), make("ul", { class: "steps" }, ...items));
  if (focused.startsWith("step-")) document.getElementById(focused)?.focus();
  byId<HTMLButtonElement>("clear-scenario").disabled = steps.length === 0;
  byId<HTMLButtonElement>("save-scenario").disabled = steps.length === 0;
  byId("before-after").replaceChildren(...beforeAfter(desk.page));
}

function stepItem(step: Step, desk: Desk): HTMLElement {
  const w = planWords();
  const replace = (next: Step[]) => {
    desk.page.steps = next;
    desk.asked();
  };
  const fly = make("button", { type: "button", class: "link" }, step.name);
  fly.addEventListener("click", () => desk.fly(placeOf(step, desk)));
  const take = make("button", { type: "button", class: "button small quiet", "aria-label": w.takeOf(step.name) }, w.take);
  take.addEventListener("click", () => replace(without(desk.page.steps, step.id)));
  const item = make("li", { class: "step", "data-step": step.id }, make("div", { class: "step-head" }, fly, ...tags(step).map((tag) => make("span", { class: "tag" }, tag)), take));
  if (step.kind === "edit" && step.off === true) {
    const on = make("button", { type: "button", class: "button small" }, w.switchOn);
    on.addEventListener("click", () => replace(without(desk.page.steps, step.id)));
    item.append(on);
    return item;
  }
  item.append(hoursField(step, desk));
  if (step.kind === "add") item.append(fitsSwitch(step.id, step.fits, desk));
  if (step.kind === "add" || step.place !== undefined) item.append(make("p", { class: "hint" }, w.moveHint));
  return item;
}

function fitsSwitch(id: string, fits: boolean, desk: Desk): HTMLElement {
  const box = make("input", { type: "checkbox", id: `step-fits-${id}` });
  box.checked = fits;
  box.addEventListener("change", () => {
    desk.page.steps = desk.page.steps.map((other) => (other.kind === "add" && other.id === id ? { ...other, fits: box.checked } : other));
    desk.asked();
  });
  return make("label", { class: "switch" }, box, make("span", {}, planWords().fits));
}

function placeOf(step: Step, desk: Desk): Place {
  if (step.kind === "add") return step;
  return step.place ?? desk.stations().find(({ id }) => id === step.id) ?? desk.middle() ?? { lon: 0, lat: 0 };
}

function tags(step: Step): string[] {
  const w = planWords();
  if (step.kind === "add") return [w.stepAdded];
  const { off, place, hours, inService, facilities } = step;
  return [
    off === true ? w.stepOff : "", place === undefined ? "" : w.stepMoved, hours === undefined ? "" : w.stepHours,
    inService === true ? w.stepInService : "",
    facilities === undefined ? "" : w.stepFacilities(facilities.map((name) => words().facilities[name]).join(w.listMark)),
  ].filter((tag) => tag !== "");
}

// A few usual hours to choose from, and a field for all others.
function hoursField(step: Step, desk: Desk): HTMLElement {
  const w = planWords();
  const none = step.kind === "add" ? w.hoursUnknown : w.hoursAsNow;
  const now = step.hours ?? "";
  const isOther = now !== "" && !(now in w.hoursChoices);
  const select = make("select", { class: "input", id: `step-hours-${step.id}` }, make("option", { value: "" }, none),
    ...Object.entries(w.hoursChoices).map(([value, text]) => make("option", { value }, text)), make("option", { value: OTHER }, w.hoursOther));
  select.value = isOther ? OTHER : now;
  const text = make("input", { class: "input", type: "text", id: `step-text-${step.id}`, "aria-label": w.hoursText, placeholder: w.hoursText, spellcheck: "false", autocomplete: "off" });
  text.value = now;
  text.hidden = !isOther;
  const set = (hours: string) => {
    desk.page.steps = step.kind === "add"
      ? desk.page.steps.map((other) => (other.kind === "add" && other.id === step.id ? { ...other, hours } : other))
      : withEdit(desk.page.steps, step.id, step.name, { hours: hours === "" ? undefined : hours } as Partial<Edit>);
    desk.asked();
  };
  select.addEventListener("change", () => {
    text.hidden = select.value !== OTHER;
    if (select.value === OTHER) text.focus();
    else set(select.value);
  });
  text.addEventListener("change", () => set(text.value.trim()));
  return make("div", { class: "field" }, make("label", { for: select.id }, w.hoursOf), select, text);
}

// Overall first, then by district: sure, before, after and the difference.
function beforeAfter(page: Page): HTMLElement[] {
  const w = planWords();
  const { before, coverage: after } = page;
  if (before === null || after === null || page.steps.length === 0) return [];
  const told = assumption(after, page.steps.length);
  const row = (name: string, was: CoverageRow | undefined, is: CoverageRow) => {
    const [old, now] = [was?.weights[page.weight] ?? was?.weights[0], is.weights[page.weight] ?? is.weights[0]];
    if (now === undefined) return null;
    const difference = old?.sure_share === null || old?.sure_share === undefined || now.sure_share === null ? null : now.sure_share - old.sure_share;
    const absolute = old === undefined ? "" : weightDifference(now.name, now.sure - old.sure);
    const what = `${name}: ${w.whatShare(w.covers.sure, weightName(now.name))}${w.sentenceEnd}${w.betweenSentences}${told}`;
    const perhaps = (one: typeof now | undefined) => (one === undefined || one.perhaps === 0 ? null : make("span", { class: "hint perhaps-part" }, `+ ${percent(one.perhaps_share)}`));
    return make("tr", {}, make("th", { scope: "row" }, name),
      make("td", { class: "number" }, figure(percent(old?.sure_share), what), perhaps(old)), make("td", { class: "number" }, figure(percent(now.sure_share), what), perhaps(now)),
      make("td", { class: `number difference ${difference === null || difference === 0 ? "" : difference > 0 ? "more" : "less"}` },
        figure(points(difference), `${w.columnDifference} ${absolute}. ${what}`), make("span", { class: "hint" }, absolute)));
  };
  const rows = [row(w.total, before.overall, after.overall),
    ...after.districts.map((district) => row(district.name ?? w.outside, before.districts.find(({ name }) => name === district.name), district))];
  const frame = make("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": w.beforeAfter }, make("table", { class: "table" },
    make("thead", {}, make("tr", {}, ...[w.columnDistrict, w.columnBefore, w.columnAfter, w.columnDifference].map((head, at) => make("th", { scope: "col", class: at === 0 ? "" : "number" }, head)))),
    make("tbody", {}, ...rows.filter((one): one is HTMLTableRowElement => one !== null))));
  oneStop(frame);
  const took = page.took_ms === null ? null : make("span", { class: "hint", id: "took" }, w.took(Math.round(page.took_ms)));
  return [make("h3", {}, w.beforeAfter, " ", took), frame];
}
