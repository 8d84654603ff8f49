// One station: its record or form, its history, its inspections and use, its QR code; or the form of a new one.
import { RequestError } from "../../shared/api";
import { make } from "../../shared/dom";
import { words } from "../../shared/language";
import { DATA } from "../data";
import { problemBox } from "../problem";
import { isAtLeast } from "../session";
import { type Loaded, loadStation } from "./api";
import { type FormHost, StationForm } from "./form";
import { HistoryView } from "./history";
import { InspectionsView } from "./inspections";
import { posterView } from "./poster";
import { RecordView } from "./record-view";
import { momentText, stationWords } from "./words";

export const VIEWS = ["record", "history", "inspections", "poster"] as const;
export type View = (typeof VIEWS)[number];

export interface StationHost extends Pick<FormHost, "shell" | "mapData" | "districts"> {
  /** Back to the table. */
  back: () => void;
  go: (id: string, view: View) => void;
  created: (loaded: Loaded) => void;
  removed: (name: string) => void;
}

/** `id` is null for a new station. */
export class StationView {
  readonly root = make("section", { class: "station-view" });
  private readonly head = make("header", { class: "station-head" });
  private readonly body = make("div", { class: "station-body" });
  private view: View = "record";
  private loaded: Loaded | null = null;
  private failure: unknown = null;
  private form: StationForm | null = null;
  private record: RecordView | null = null;
  private readonly history: HistoryView;
  private readonly inspections: InspectionsView;

  constructor(private readonly host: StationHost, readonly id: string | null, loaded: Loaded | null = null) {
    const { shell } = host;
    this.loaded = loaded;
    this.history = new HistoryView(shell, id ?? "", () => void this.reload());
    this.inspections = new InspectionsView(shell, id ?? "", {
      handedIn: () => void this.reload(),
      adopt: (facility, state) => {
        if (id === null || this.loaded === null) return;
        (this.form ??= this.newForm()).fill(`facilities.${facility}`, state);
        this.host.go(id, "record");
        shell.say(stationWords().adopted);
      },
    });
    this.root.append(this.head, this.body);
  }

  isUnsaved(): boolean {
    return (this.form?.isUnsaved() ?? false) || this.inspections.isUnsaved();
  }

  /** It came into view, at one of its parts. */
  show(view: View): void {
    this.view = view;
    if (this.id === null) this.form ??= this.newForm();
    else if (this.loaded === null && this.failure === null) void this.load();
    if (view === "history") void this.history.show();
    if (view === "inspections") void this.inspections.show();
    this.draw();
    this.form?.shown();
    this.record?.shown();
  }

  /** Writes everything in the language in use. */
  write(): void {
    this.form?.write();
    this.record?.write();
    this.history.write();
    this.inspections.write();
    this.draw();
  }

  focus(): void {
    this.head.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  private async load(): Promise<void> {
    if (this.id === null) return;
    try {
      this.loaded = await loadStation(this.host.shell, this.id);
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
    this.draw();
    this.focus();
  }

  // The station changed by another way than its form: an undo, an inspection. What is typed in the form is kept, and
  // when it is saved the service tells that somebody was there before.
  private async reload(): Promise<void> {
    if (this.id === null) return;
    if (this.form?.isUnsaved() === true) return;
    this.form = null;
    this.record = null;
    this.loaded = null;
    await this.load();
  }

  private newForm(): StationForm {
    return new StationForm({
      shell: this.host.shell, mapData: this.host.mapData, districts: this.host.districts, removed: this.host.removed,
      saved: (loaded, isNew) => {
        this.loaded = loaded;
        this.draw();
        if (isNew) this.host.created(loaded);
        else {
          this.host.shell.say(stationWords().saved(loaded.feature.properties.revision));
          this.focus();
        }
      },
    }, this.loaded);
  }

  private draw(): void {
    this.drawHead();
    const part = this.part();
    if (this.body.firstChild !== part || this.body.childNodes.length !== 1) this.body.replaceChildren(part);
  }

  private part(): HTMLElement {
    const w = stationWords();
    if (this.id !== null) {
      // The history outlives the station.
      if (this.view === "history") return this.history.root;
      if (this.failure !== null) return this.failed(this.failure);
      if (this.view === "inspections") return this.inspections.root;
      if (this.loaded === null) return make("p", { class: "hint", role: "status" }, w.asking);
      if (this.view === "poster") return posterView(this.loaded.feature);
      if (!isAtLeast(this.host.shell.role(), "editor")) return (this.record ??= new RecordView(this.host.shell, this.loaded.feature, this.host.mapData)).root;
    }
    return (this.form ??= this.newForm()).root;
  }

  private failed(error: unknown): HTMLElement {
    const w = stationWords();
    if (!(error instanceof RequestError) || error.status !== 404 || this.id === null) {
      return problemBox(error, () => {
        this.failure = null;
        void this.load();
      });
    }
    const { id } = this;
    const see = make("button", { type: "button", class: "button" }, w.seeHistory);
    see.addEventListener("click", () => this.host.go(id, "history"));
    return make("div", { class: "problem" }, make("p", {}, w.noSuchStation(id)), see);
  }

  private drawHead(): void {
    const w = stationWords();
    const feature = this.loaded?.feature ?? null;
    const back = make("button", { type: "button", class: "button quiet back", id: "back-to-list" }, w.back);
    back.addEventListener("click", this.host.back);
    const hadFocus = this.head.contains(document.activeElement) ? document.activeElement?.id ?? "" : null;
    this.head.replaceChildren(back, make("h2", { tabindex: "-1", id: "station-name", ...(feature === null ? {} : DATA) }, this.id === null ? w.newHeading : feature?.properties.name ?? this.id));
    if (this.id === null) return;
    const tags = make("p", { class: "tags" });
    if (feature !== null) {
      const { properties } = feature;
      if (properties.synthetic === true) tags.append(make("span", { class: "tag demo" }, words().syntheticTag));
      tags.append(make("span", { class: `tag status-${properties.status}` }, w.statuses[properties.status]), make("span", { class: "hint" }, w.idIs(feature.id)),
        make("span", { class: "hint", id: "station-revision" }, w.revisionIs(properties.revision, momentText(properties.updated_at))));
    }
    this.head.append(tags, this.navigation(this.id));
    if (hadFocus !== null && hadFocus !== "") document.getElementById(hadFocus)?.focus({ preventScroll: true });
  }

  private navigation(id: string): HTMLElement {
    const w = stationWords();
    const names: Record<View, string> = { record: w.viewRecord, history: w.viewHistory, inspections: w.viewInspections, poster: w.viewPoster };
    return make("nav", { class: "views", "aria-label": w.views }, ...VIEWS.map((view) => {
      const link = make("a", { id: `view-${view}`, href: `${location.pathname}?${new URLSearchParams({ tab: "stations", station: id, view }).toString()}`, ...(view === this.view ? { "aria-current": "page" } : {}) }, names[view]);
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.host.go(id, view);
      });
      return link;
    }));
  }
}
