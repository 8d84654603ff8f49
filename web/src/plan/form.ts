// The question as a form: how far, when, with what, and for whom.
import { byId, make, say } from "../shared/dom";
import { FACILITIES } from "../shared/facilities";
import { words } from "../shared/language";
import { clock, metres, momentText, weightName } from "./format";
import type { Desk } from "./page";
import { type Day, firstQuestion, hasHour, HOSTS, isDate, MINUTES, MODES, MOST_BACKUP, WEEKDAYS } from "./question";
import { planWords } from "./words";

const HOUR_MS = 900;
const FACILITIES_AT_FIRST = 6;
const NARROW = "(max-width: 63.99rem)";

let playing: ReturnType<typeof setInterval> | undefined;
let allFacilities = false;
/** The districts that can be chosen. */
let districtNames: string[] = [];

/** Connects the form with the question. */
export function bindForm(desk: Desk): void {
  const { page } = desk;
  // On a small screen the figures come first; the question is one tap away.
  byId<HTMLDetailsElement>("ask-fold").open = !matchMedia(NARROW).matches;
  byId("ask").addEventListener("submit", (event) => event.preventDefault());
  const setMinutes = (input: HTMLInputElement) => {
    const value = input.valueAsNumber;
    const isGood = value >= MINUTES.least && value <= MINUTES.most;
    byId("minutes").setAttribute("aria-invalid", String(!isGood));
    if (!isGood) return;
    page.question.minutes = value;
    writeReach(desk, input.id === "minutes");
    desk.asked();
  };
  for (const id of ["minutes", "minutes-slider"]) {
    byId(id).addEventListener("input", ({ target }) => setMinutes(target as HTMLInputElement));
  }
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name="mode"]')) {
    input.addEventListener("change", () => {
      page.question.mode = MODES.find((mode) => mode === input.value) ?? "walk";
      desk.asked();
    });
  }
  byId("day").addEventListener("change", ({ target }) => {
    stopPlaying();
    page.question.day = (target as HTMLSelectElement).value as Day;
    if (page.question.day === "date" && !isDate(page.question.date)) page.question.date = new Date().toISOString().slice(0, 10);
    writeTime(desk);
    desk.asked();
  });
  byId("date").addEventListener("change", ({ target }) => {
    page.question.date = (target as HTMLInputElement).value;
    writeTime(desk);
    desk.asked();
  });
  byId("hour").addEventListener("input", ({ target }) => {
    stopPlaying();
    setHour(desk, (target as HTMLInputElement).valueAsNumber);
  });
  byId("hour-back").addEventListener("click", () => setHour(desk, page.question.hour + 23));
  byId("hour-on").addEventListener("click", () => setHour(desk, page.question.hour + 1));
  byId("play").addEventListener("click", () => (playing === undefined ? play(desk) : stopPlaying()));
  byId("backup").addEventListener("change", ({ target }) => {
    page.question.k = Number((target as HTMLSelectElement).value);
    desk.asked();
  });
  byId("weight").addEventListener("change", ({ target }) => {
    page.weight = (target as HTMLSelectElement).selectedIndex;
    desk.shown();
  });
  byId("reset").addEventListener("click", () => {
    stopPlaying();
    Object.assign(page.question, firstQuestion());
    writeForm(desk);
    desk.asked();
  });
  byId("facilities").addEventListener("click", ({ target }) => {
    const chip = (target as Element).closest<HTMLButtonElement>("button");
    if (chip?.classList.contains("more") === true) {
      allFacilities = !allFacilities;
      writeChips(desk);
      byId("facilities").querySelector<HTMLElement>(".more")?.focus();
    }
  });
  bindChips("facilities", FACILITIES, () => page.question.facilities, (chosen) => { page.question.facilities = chosen; }, desk);
  bindChips("hosts", HOSTS, () => page.question.hosts, (chosen) => { page.question.hosts = chosen; }, desk);
  byId("districts").addEventListener("click", ({ target }) => {
    const value = (target as Element).closest<HTMLElement>("[data-value]")?.dataset["value"];
    if (value !== undefined) toggleDistrict(desk, value);
  });
}

/** Asks about one district more, or no longer. */
export function toggleDistrict(desk: Desk, name: string): void {
  const { question } = desk.page;
  question.districts = question.districts.includes(name) ? question.districts.filter((other) => other !== name) : [...question.districts, name];
  writeChips(desk);
  writeSummary(desk);
  desk.asked();
}

function bindChips<T extends string>(id: string, all: readonly T[], now: () => T[], set: (chosen: T[]) => void, desk: Desk): void {
  byId(id).addEventListener("click", ({ target }) => {
    const chip = (target as Element).closest<HTMLButtonElement>("[data-value]");
    const value = all.find((name) => name === chip?.dataset["value"]);
    if (value === undefined || chip === null) return;
    const chosen = now().includes(value) ? now().filter((name) => name !== value) : all.filter((name) => name === value || now().includes(name));
    set(chosen);
    chip.setAttribute("aria-pressed", String(chosen.includes(value)));
    writeSummary(desk);
    desk.asked();
  });
}

function setHour(desk: Desk, hour: number): void {
  desk.page.question.hour = hour % 24;
  writeTime(desk);
  desk.asked();
}

/** Takes a weekday and an hour, such as from a cell of the heat map. */
export function setMoment(desk: Desk, day: Day, hour: number): void {
  stopPlaying();
  desk.page.question.day = day;
  setHour(desk, hour);
}

// An hour at a time; the pace leaves the answer time to come, and whoever wants no motion steps by hand.
function play(desk: Desk): void {
  playing = setInterval(() => setHour(desk, desk.page.question.hour + 1), HOUR_MS);
  writePlay();
}

/** Stops the animation of the hours. */
export function stopPlaying(): void {
  clearInterval(playing);
  playing = undefined;
  writePlay();
}

function writePlay(): void {
  const button = byId("play");
  button.setAttribute("aria-pressed", String(playing !== undefined));
  button.textContent = playing === undefined ? planWords().play : planWords().pause;
  button.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Says which districts there are, of the service or of the planner's own file; an address may name them by adcode. */
export function setDistricts({ features }: GeoJSON.FeatureCollection, desk: Desk): void {
  const known = features.map(({ properties }) => ({ name: String(properties?.["name"] ?? ""), adcode: String(properties?.["adcode"] ?? "") }));
  districtNames = known.map(({ name }) => name).filter((name) => name !== "");
  const asked = desk.page.question.districts;
  desk.page.question.districts = known.filter(({ name, adcode }) => asked.includes(name) || asked.includes(adcode)).map(({ name }) => name);
  writeChips(desk);
  writeSummary(desk);
}

/** Writes the form in the language in use, as the question is. */
export function writeForm(desk: Desk): void {
  const w = planWords();
  const { question } = desk.page;
  const days: Day[] = ["any", "now", ...WEEKDAYS, "date"];
  const names: Record<string, string> = { any: w.dayAny, now: w.dayNow, date: w.dayDate, ...w.weekdays };
  byId("day").replaceChildren(...days.map((day) => make("option", { value: day }, names[day] ?? day)));
  byId("backup").replaceChildren(...Array.from({ length: MOST_BACKUP }, (_, at) => make("option", { value: String(at + 1) }, w.stationsNeeded(at + 1))));
  byId<HTMLSelectElement>("backup").value = String(question.k);
  byId<HTMLSelectElement>("day").value = question.day;
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name="mode"]')) input.checked = input.value === question.mode;
  writeReach(desk, false);
  writeTime(desk);
  writeChips(desk);
  writePlay();
}

function writeReach(desk: Desk, typing: boolean): void {
  const { minutes } = desk.page.question;
  if (!typing) byId<HTMLInputElement>("minutes").value = String(minutes);
  byId<HTMLInputElement>("minutes-slider").value = String(minutes);
  writeSummary(desk);
}

function writeTime(desk: Desk): void {
  const { question } = desk.page;
  byId<HTMLSelectElement>("day").value = question.day;
  byId("date-field").hidden = question.day !== "date";
  byId<HTMLInputElement>("date").value = question.date;
  byId("hour-field").hidden = !hasHour(question);
  const hour = byId<HTMLInputElement>("hour");
  hour.value = String(question.hour);
  hour.setAttribute("aria-valuetext", clock(question.hour));
  byId("hour-now").textContent = clock(question.hour);
  writeSummary(desk);
}

function writeChips(desk: Desk): void {
  const { facilities, hosts, districts } = desk.page.question;
  const chip = (value: string, text: string, on: boolean) =>
    make("button", { type: "button", class: "chip", "data-value": value, "aria-pressed": String(on) }, text);
  const shown = FACILITIES.filter((name, at) => allFacilities || at < FACILITIES_AT_FIRST || facilities.includes(name));
  byId("facilities").replaceChildren(
    ...shown.map((name) => chip(name, words().facilities[name], facilities.includes(name))),
    make("button", { type: "button", class: "chip more", "aria-expanded": String(allFacilities) }, allFacilities ? planWords().fewerFacilities : planWords().moreFacilities),
  );
  byId("hosts").replaceChildren(...HOSTS.map((name) => chip(name, planWords().hosts[name], hosts.includes(name))));
  byId("districts").replaceChildren(...districtNames.map((name) => chip(name, name, districts.includes(name))));
}

// The question in one line, which stands where the form is folded.
function writeSummary(desk: Desk): void {
  const w = planWords();
  const { minutes, mode, facilities, hosts, districts, k } = desk.page.question;
  const parts = desk.page.view === "audit" ? [] : [
    `${words().minutes(minutes)} ${w.modes[mode]}`, momentText(desk.page.question), facilities.map((name) => words().facilities[name]).join(w.listMark),
    k > 1 ? w.byAtLeast(k) : "",
  ];
  parts.push(hosts.map((name) => w.hosts[name]).join(w.listMark), districts.join(w.listMark));
  byId("ask-now").textContent = parts.filter((part) => part !== "").join(" · ");
}

/** Writes what the answer says of the question: the reach in metres, the weights to choose from. */
export function writeAnswered(desk: Desk): void {
  writeSummary(desk);
  const { coverage, weight } = desk.page;
  const reach = coverage?.question.reach;
  say(byId("reach"), reach === undefined || reach.speed_m_s === null ? ""
    : planWords().reach(metres(reach.radius_m), String(reach.speed_m_s), String(reach.detour_factor)));
  const names = coverage?.demand.weights ?? [];
  byId("weight-field").hidden = names.length < 2;
  const select = byId<HTMLSelectElement>("weight");
  select.replaceChildren(...names.map((name) => make("option", {}, weightName(name))));
  select.selectedIndex = Math.min(weight, names.length - 1);
}
