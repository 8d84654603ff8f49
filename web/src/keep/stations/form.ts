// The form of a station, new or known: every part of its record, why it is changed, and saving with all that may go wrong.
import { RequestError } from "../../shared/api";
import { make } from "../../shared/dom";
import { FACILITIES } from "../../shared/facilities";
import { language, words } from "../../shared/language";
import type { Audience, Datum, FacilityState, Host, StationFeature, Status } from "../../shared/types";
import type { Shell } from "../panel";
import { type FieldProblem, fieldProblems, problemBox } from "../problem";
import { message } from "../data";
import { type Candidate, itemPath, ITEMS, type Loaded, loadedFrom, loadStation, notedFacilities } from "./api";
import { ConflictView } from "./conflict-view";
import { changedParts, documentOf, type Draft, draftOf, emptyDraft, MAPS, patchOf } from "./draft";
import { choiceField, controlId, type FormState, group, selectField, severalField, textField } from "./fields";
import { missing, problemSummary, similarBox } from "./form-problems";
import { hoursTold } from "./hours-told";
import type { MapData } from "./pin-map";
import { PlaceMap, placeGroup, placeNumbers, placeOf, writePlace } from "./place";
import { Removal } from "./removal";
import { stationWords } from "./words";
import { MOST_WHY, whyHeaders, whyLength } from "./why";

const STATES: FacilityState[] = ["yes", "no", "out_of_order", "unknown"];
const STATUSES: Status[] = ["open", "planned", "suspended", "closed"];

export interface FormHost {
  shell: Shell;
  mapData: () => Promise<MapData>;
  districts: () => Promise<{ name: string; adcode: string }[]>;
  /** The register has the station as it is here now; `isNew` of one that was created. */
  saved: (loaded: Loaded, isNew: boolean) => void;
  /** The station is no more. */
  removed: (name: string) => void;
}

/** The form; `loaded` is null for a new station. */
export class StationForm {
  readonly root = make("div", { class: "station-form" });
  private readonly state: FormState;
  private base: Draft;
  private why = "";
  private newId = "";
  private failure: (() => HTMLElement) | null = null;
  // What is wrong, in the language in use.
  private wrong: (() => FieldProblem[]) | null = null;
  private candidates: Candidate[] = [];
  private removal: Removal | null;
  private conflict: ConflictView | null = null;
  private districts: { name: string; adcode: string }[] = [];
  private told: { key: string; element: HTMLElement } | null = null;
  private readonly map: PlaceMap;

  constructor(private readonly host: FormHost, private loaded: Loaded | null) {
    this.base = loaded === null ? emptyDraft() : draftOf(loaded.feature);
    this.state = { draft: { ...this.base }, problems: [], changed: (key) => this.changed(key) };
    this.removal = this.newRemoval(loaded);
    this.map = new PlaceMap(host.mapData, (place) => this.pinMoved(place), () => placeOf(this.state.draft));
    void host.districts().then((districts) => {
      this.districts = districts;
      this.root.querySelector("#st-districts")?.replaceChildren(...districts.map(({ name }) => make("option", { value: name })));
    }, () => undefined);
    this.write();
  }

  isUnsaved(): boolean {
    return changedParts(this.base, this.state.draft).length > 0 || (this.loaded === null && this.newId.trim() !== "");
  }

  /** Fills a part in, as if it had been typed. */
  fill(key: keyof Draft, value: string): void {
    this.state.draft[key] = value;
    this.write();
  }

  /** It came into view. */
  shown(): void {
    this.map.resize();
  }

  /** Writes everything again, in the language in use; what was typed stays. */
  write(): void {
    if (this.conflict !== null) {
      this.conflict.write();
      this.root.replaceChildren(this.conflict.root);
      return;
    }
    this.state.problems = this.wrong?.() ?? [];
    this.map.write();
    const form = make("form", { class: "record-form", novalidate: "" }, ...this.groups());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
    this.root.replaceChildren(this.problems(), form);
    this.removal?.write();
    if (this.removal !== null) this.root.append(this.removal.root);
    this.writeUnsaved();
  }

  private groups(): HTMLElement[] {
    const [w, { state }] = [stationWords(), this];
    const feature = this.loaded?.feature ?? null;
    const pairs = <K extends string>(record: Record<K, string>) => Object.entries(record) as [string, string][];
    const districtList = make("datalist", { id: "st-districts" }, ...this.districts.map(({ name }) => make("option", { value: name })));
    return [
      group(w.groupBasic, this.idField(), make("div", { class: "fields" },
        textField(state, "name", { isRequired: true, isWide: true }),
        textField(state, "aliases", { rows: 2, hint: w.aliasesHint }), textField(state, "address"),
        textField(state, "district", { attributes: { list: "st-districts" } }), textField(state, "adcode", { hint: w.adcodeHint, attributes: { inputmode: "numeric" } }),
        selectField(state, "host", [["", w.chooseHost], ...pairs<Host>(words().hosts)]),
        choiceField(state, "status", STATUSES.map((status) => [status, w.statuses[status]]), { isWide: true }),
        severalField(state, "audience", pairs<Audience>(words().audiences))), districtList),
      placeGroup(state, this.map, feature),
      group(w.groupHours, make("div", { class: "fields" },
        textField(state, "hours", { hint: w.hoursHint, isWide: true, attributes: { spellcheck: "false" } }), textField(state, "hours_text", { rows: 2, hint: w.hoursTextHint, isWide: true })),
      this.hoursTold(), make("p", { class: "hint", id: "hours-changed", hidden: "" }, w.hoursChanged)),
      group(w.groupFacilities, make("div", { class: "facility-fields" }, ...FACILITIES.map((facility) => {
        const note = feature?.properties.facility_details?.[facility];
        return choiceField(state, `facilities.${facility}`, STATES.map((value) => [value, w.states[value]]),
          note === undefined ? {} : { hint: w.facilityNote(w.noted(note.source ?? null, note.verified_at ?? null)), hintData: note.source ?? null });
      }))),
      group(w.groupDetails, make("div", { class: "fields" },
        textField(state, "floor_area_m2", { attributes: { inputmode: "decimal" } }), textField(state, "seats", { attributes: { inputmode: "numeric" } }),
        textField(state, "opened_on", { type: "date" }), textField(state, "operator"), textField(state, "phone", { type: "tel" }),
        textField(state, "photos", { rows: 2, hint: w.photosHint, isWide: true, attributes: { spellcheck: "false" } }))),
      group(w.groupMaps, make("div", { class: "facility-fields" }, ...MAPS.map((app) =>
        choiceField(state, `map_listings.${app}`, ["yes", "no", "unknown"].map((value) => [value, w.listings[value] ?? value]))))),
      group(w.groupSource, make("div", { class: "fields" }, textField(state, "source"), textField(state, "verified_at", { type: "date" }))),
      this.saveGroup(),
    ];
  }

  // Asked for once for each record and language.
  private hoursTold(): HTMLElement | null {
    if (this.loaded === null) return null;
    const { feature } = this.loaded;
    const key = `${language()} ${feature.properties.revision}`;
    if (this.told?.key !== key) this.told = { key, element: hoursTold(this.host.shell, feature) };
    return this.told.element;
  }

  private idField(): HTMLElement | null {
    if (this.loaded !== null) return null;
    const input = make("input", { class: "input", id: "st-id", type: "text", autocomplete: "off", spellcheck: "false" });
    input.value = this.newId;
    input.addEventListener("input", () => { this.newId = input.value; });
    const wrong = this.state.problems.filter(({ field }) => field === "id").map(({ text }) => text);
    if (wrong.length > 0) input.setAttribute("aria-invalid", "true");
    return make("div", { class: "field id-field" }, make("label", { for: "st-id" }, stationWords().newIdLabel), input,
      ...wrong.map((text) => make("p", { class: "wrong" }, ...message(text))));
  }

  private saveGroup(): HTMLElement {
    const w = stationWords();
    const why = make("input", { class: "input", id: "st-why", type: "text", autocomplete: "off", "aria-describedby": "st-why-hint" });
    why.value = this.why;
    const hint = make("p", { class: "hint", id: "st-why-hint" });
    const count = () => {
      const left = MOST_WHY - whyLength(this.why);
      hint.textContent = w.whyHint(left);
      hint.classList.toggle("wrong", left < 0);
      why.setAttribute("aria-invalid", String(left < 0));
    };
    why.addEventListener("input", () => {
      this.why = why.value;
      count();
    });
    count();
    const discard = make("button", { type: "button", class: "button quiet", id: "st-discard" }, w.discard);
    discard.addEventListener("click", () => {
      this.state.draft = { ...this.base };
      this.forget();
      this.why = this.newId = "";
      this.write();
      this.map.follow();
      this.root.querySelector<HTMLElement>("input, select, textarea")?.focus();
    });
    return group(w.groupSave, make("div", { class: "field" }, make("label", { for: "st-why" }, w.whyLabel), why, hint),
      make("div", { class: "buttons save-line" },
        make("button", { type: "submit", class: "button main", id: "st-save" }, this.loaded === null ? w.create : w.save), discard,
        make("span", { class: "unsaved", id: "st-unsaved", role: "status" })));
  }

  private problems(): HTMLElement {
    const { problems, draft } = this.state;
    const box = make("div", { class: "form-problems" });
    if (this.failure !== null) box.append(this.failure());
    if (problems.length > 0) box.append(problemSummary(problems, draft));
    if (this.candidates.length > 0) box.append(similarBox(this.candidates, () => void this.save(true)));
    return box;
  }

  private changed(key: keyof Draft): void {
    if (key === "lon" || key === "lat" || key === "datum") {
      writePlace(this.root, this.state.draft);
      this.map.follow();
    }
    if (key === "district") this.followDistrict();
    this.writeUnsaved();
  }

  // The code of a district goes with its name, unless somebody typed another one.
  private followDistrict(): void {
    const { draft } = this.state;
    const found = this.districts.find(({ name }) => name === draft.district);
    if (found === undefined || (draft.adcode !== "" && !this.districts.some(({ adcode }) => adcode === draft.adcode))) return;
    draft.adcode = found.adcode;
    const input = this.root.querySelector<HTMLInputElement>(`#${controlId("adcode")}`);
    if (input !== null) input.value = found.adcode;
  }

  private pinMoved(place: Parameters<typeof placeNumbers>[0]): void {
    const { draft } = this.state;
    if (draft.datum === "") draft.datum = "wgs84";
    [draft.lon, draft.lat] = placeNumbers(place, draft.datum as Datum);
    writePlace(this.root, draft);
    this.writeUnsaved();
  }

  private writeUnsaved(): void {
    const mark = this.root.querySelector("#st-unsaved");
    const text = this.isUnsaved() ? stationWords().unsaved : "";
    if (mark !== null && mark.textContent !== text) mark.textContent = text;
    const hours = this.root.querySelector<HTMLElement>("#hours-changed");
    if (hours !== null) hours.hidden = this.loaded === null || (this.state.draft.hours === this.base.hours && this.state.draft.hours_text === this.base.hours_text);
  }

  private forget(): void {
    this.state.problems = [];
    this.wrong = null;
    this.failure = null;
    this.candidates = [];
  }

  private async save(isForced = false): Promise<void> {
    const w = stationWords();
    this.forget();
    const { draft, why } = { draft: { ...this.state.draft }, why: this.why };
    this.wrong = () => missing(draft, why);
    if (this.wrong().length > 0) return this.explain("#problem-summary");
    if (this.loaded !== null && !this.isUnsaved()) return this.host.shell.say(w.noChange);
    this.busy(true);
    try {
      if (this.loaded === null) await this.create(isForced);
      else await this.change(this.loaded, this.base, this.state.draft);
    } catch (error) {
      await this.refused(error);
    } finally {
      this.busy(false);
    }
  }

  private async create(isForced: boolean): Promise<void> {
    const { document, datum } = documentOf(this.state.draft);
    const id = this.newId.trim();
    const loaded = await loadedFrom(await this.host.shell.ask.response({
      path: ITEMS, method: "POST", query: { ...(datum === null ? {} : { coord: datum }), ...(isForced ? { force: "true" } : {}) },
      body: id === "" ? document : { ...document, id }, headers: whyHeaders(this.why),
    }));
    this.base = { ...this.state.draft };
    this.newId = this.why = "";
    this.host.saved(loaded, true);
  }

  // Sends what changed; false when nothing did.
  private async change({ feature, etag }: Loaded, before: Draft, after: Draft): Promise<boolean> {
    const patch = patchOf(before, after, notedFacilities(feature));
    if (patch === null) return false;
    const loaded = await loadedFrom(await this.host.shell.ask.response({
      path: itemPath(feature.id), method: "PATCH", query: patch.datum === null ? {} : { coord: patch.datum },
      body: patch.document, headers: { ...whyHeaders(this.why), "If-Match": etag },
    }));
    this.take(loaded);
    this.host.saved(loaded, false);
    return true;
  }

  private take(loaded: Loaded): void {
    this.loaded = loaded;
    this.base = draftOf(loaded.feature);
    this.state.draft = { ...this.base };
    this.why = "";
    this.conflict = null;
    this.removal = this.newRemoval(loaded);
    this.forget();
    this.write();
    this.map.follow();
  }

  private async refused(error: unknown): Promise<void> {
    if (error instanceof RequestError) {
      const { status, problem } = error;
      if (status === 412 && this.loaded !== null) return this.openConflict(this.loaded.feature.id, this.base, this.state.draft);
      if (status === 409 && problem.code === "similar_stations") {
        this.candidates = (problem["candidates"] as Candidate[] | undefined) ?? [];
        return this.explain("#similar");
      }
      if (status === 409 && problem.code === "id_taken") {
        const taken = problem["current"] as StationFeature | null;
        this.wrong = () => [{ field: "id", text: stationWords().idTaken(taken?.properties.name ?? "") }];
        return this.explain("#problem-summary");
      }
      if (fieldProblems(error).length > 0) {
        this.wrong = () => fieldProblems(error);
        return this.explain("#problem-summary");
      }
      if (status === 404) {
        this.failure = () => make("p", { class: "problem", role: "alert", tabindex: "-1" }, stationWords().removedMeanwhile);
        return this.explain(".problem");
      }
    }
    this.failure = () => Object.assign(problemBox(error, () => void this.save()), { tabIndex: -1 });
    this.explain(".problem");
  }

  private explain(target: string): void {
    this.write();
    const element = this.root.querySelector<HTMLElement>(target);
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }

  private busy(isBusy: boolean): void {
    for (const button of this.root.querySelectorAll<HTMLButtonElement>("#st-save, #save-all-the-same")) {
      button.disabled = isBusy;
      if (button.id === "st-save") button.textContent = isBusy ? stationWords().saving : this.loaded === null ? stationWords().create : stationWords().save;
    }
  }

  // Somebody else saved first: what is there now is asked for, and compared.
  private async openConflict(id: string, base: Draft, yours: Draft): Promise<void> {
    const theirs = await loadStation(this.host.shell, id).catch((error: unknown) => error);
    if (theirs instanceof Error) return this.refused(theirs);
    const now = theirs as Loaded;
    this.conflict = new ConflictView(this.host.shell, { base, yours, theirs: now }, {
      back: () => {
        this.conflict = null;
        this.explain("#st-save");
      },
      save: async (chosen) => {
        try {
          if (!(await this.change(now, draftOf(now.feature), chosen))) {
            this.take(now);
            this.host.saved(now, false);
            this.host.shell.say(stationWords().nothingLeft);
          }
        } catch (error) {
          if (!(error instanceof RequestError && error.status === 412)) {
            // Back in the form: what was chosen stands there, on what is there now.
            Object.assign(this, { conflict: null, loaded: now, base: draftOf(now.feature), removal: this.newRemoval(now) });
            Object.assign(this.state, { draft: { ...chosen } });
            return this.refused(error);
          }
          await this.openConflict(id, draftOf(now.feature), chosen);
        }
      },
    });
    this.write();
    this.conflict.focus();
  }

  private newRemoval(loaded: Loaded | null): Removal | null {
    if (loaded === null) return null;
    const { id, properties } = loaded.feature;
    return new Removal(this.host.shell, loaded, {
      removed: () => {
        this.base = { ...this.state.draft };
        this.host.removed(properties.name);
      },
      reload: () => void loadStation(this.host.shell, id).then((now) => {
        this.take(now);
        this.host.saved(now, false);
        this.root.querySelector<HTMLElement>("#st-name")?.focus();
      }, (error: unknown) => this.refused(error)),
    });
  }
}
