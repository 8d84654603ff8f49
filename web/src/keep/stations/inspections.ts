// What inspectors found at a station, how often it is used, and the way to the form of a new inspection.
import { make } from "../../shared/dom";
import { language, words } from "../../shared/language";
import type { Facility, FacilityState } from "../../shared/types";
import { around, data, DATA } from "../data";
import type { Shell } from "../panel";
import { problemBox } from "../problem";
import { isAtLeast } from "../session";
import { type InspectionReceipt, type InspectionsPage, itemPath, type Standard, type Standards, type Statistics } from "./api";
import { InspectionForm } from "./inspection-form";
import { momentText, stationWords } from "./words";

export interface InspectionsHost {
  /** The day of the last check may have moved. */
  handedIn: () => void;
  /** The facility is to be put down with this state, in the form of the record. */
  adopt: (facility: Facility, state: FacilityState) => void;
}

export class InspectionsView {
  readonly root = make("section", { class: "inspections" });
  private page: InspectionsPage | null = null;
  private statistics: Statistics | null = null;
  private standards: Standard[] = [];
  private failure: unknown = null;
  private form: InspectionForm | null = null;
  private receipt: InspectionReceipt | null = null;

  constructor(private readonly shell: Shell, private readonly id: string, private readonly host: InspectionsHost) {}

  isUnsaved(): boolean {
    return this.form?.isUnsaved() ?? false;
  }

  /** Asks for everything again; a form that is open stays. */
  async show(): Promise<void> {
    this.write();
    try {
      const get = <T>(path: string) => this.shell.ask.json<T>({ path, cache: "no-cache" });
      [this.page, this.statistics, { standards: this.standards }] = await Promise.all([
        get<InspectionsPage>(itemPath(this.id, "/inspections")), get<Statistics>(itemPath(this.id, "/statistics")), get<Standards>("/v1/standards")]);
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
    this.write();
  }

  write(): void {
    const w = stationWords();
    if (this.failure !== null) {
      this.root.replaceChildren(problemBox(this.failure, () => void this.show()));
      return;
    }
    if (this.page === null || this.statistics === null) {
      this.root.replaceChildren(make("p", { class: "hint", role: "status" }, w.asking));
      return;
    }
    const parts: Node[] = [make("h2", { tabindex: "-1" }, w.inspectionsHeading)];
    if (this.receipt !== null) parts.push(this.told(this.receipt));
    if (this.form !== null) {
      this.form.write();
      parts.push(this.form.root);
    } else if (isAtLeast(this.shell.role(), "editor")) {
      const open = make("button", { type: "button", class: "button main", id: "new-inspection" }, w.newInspection);
      open.addEventListener("click", () => this.openForm());
      parts.push(open);
    }
    parts.push(this.list(this.page), this.use(this.statistics));
    this.root.replaceChildren(...parts);
  }

  private openForm(): void {
    this.receipt = null;
    this.form = new InspectionForm(this.shell, this.id, this.standards, {
      handedIn: (receipt) => {
        this.receipt = receipt;
        this.form = null;
        this.shell.say(stationWords().handedIn);
        this.host.handedIn();
        void this.show().then(() => this.root.querySelector<HTMLElement>("#receipt")?.focus());
      },
      cancelled: () => {
        this.form = null;
        this.write();
        this.root.querySelector<HTMLElement>("#new-inspection")?.focus();
      },
    });
    this.write();
    this.form.root.querySelector<HTMLElement>("select, input")?.focus();
  }

  // What the service makes of an inspection; nothing of it is changed by itself.
  private told({ suggestions, verified_at, revision }: InspectionReceipt): HTMLElement {
    const w = stationWords();
    const box = make("div", { class: "note receipt", id: "receipt", tabindex: "-1" }, make("p", {}, w.handedIn, revision === null || verified_at === null ? "" : ` ${w.verifiedMoved(verified_at)}`));
    if (suggestions.length === 0) return box;
    const name = (facility: Facility) => words().facilities[facility];
    box.append(make("p", {}, w.suggestionsHeading), make("ul", {}, ...suggestions.map(({ facility, recorded, suggested }) => {
      const item = make("li", {}, make("span", {}, w.suggestion(name(facility), w.states[recorded], suggested.map((state) => w.states[state]).join(" / "))));
      const buttons = suggested.map((state) => {
        const adopt = make("button", { type: "button", class: "button small" }, w.adopt(name(facility), w.states[state]));
        adopt.addEventListener("click", () => this.host.adopt(facility, state));
        return adopt;
      });
      item.append(make("div", { class: "buttons" }, ...buttons));
      return item;
    })));
    return box;
  }

  private list({ inspections, next }: InspectionsPage): HTMLElement {
    const w = stationWords();
    if (inspections.length === 0) return make("p", { class: "hint" }, w.inspectionsEmpty);
    const list = make("ol", { class: "revisions", id: "inspections" }, ...inspections.map(({ id, at, who, inspection }) => {
      const { date, inspector, results, remark } = inspection;
      const standard = this.standards.find((one) => one.id === inspection.standard);
      const count = (result: string) => results.filter((one) => one.result === result).length;
      const found = results.filter(({ result, remark: said }) => result !== "unknown" || said != null);
      const rows = found.map(({ item, result, state, remark: said }) => make("tr", {},
        make("th", { scope: "row" }, standard?.items.find((one) => one.id === item)?.name[language()] ?? item),
        make("td", {}, make("span", { class: `result-${result}` }, w.results[result] ?? result), state == null || state === "yes" ? "" : ` · ${w.states[state]}`),
        make("td", said == null ? {} : DATA, said ?? "")));
      return make("li", { class: "revision", "data-inspection": String(id) },
        make("h3", {}, date, " · ", data(inspector)),
        make("p", { class: "hint" }, `${standard?.name[language()] ?? inspection.standard} · ${w.counts(count("pass"), count("fail"), count("unknown"))} · `, ...around(w.inspectionBy(who, momentText(at)), who)),
        remark == null ? null : make("p", DATA, remark),
        rows.length === 0 ? null : make("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": `${date} ${w.itemsHeading}` }, make("table", { class: "table" },
          make("thead", {}, make("tr", {}, ...[w.item, w.result, w.remark].map((head) => make("th", { scope: "col" }, head)))), make("tbody", {}, ...rows))));
    }));
    if (next === null) return list;
    const more = make("button", { type: "button", class: "button" }, w.more);
    more.addEventListener("click", () => void this.more(next));
    return make("div", {}, list, more);
  }

  private async more(cursor: string): Promise<void> {
    try {
      const page = await this.shell.ask.json<InspectionsPage>({ path: itemPath(this.id, "/inspections"), query: { cursor }, cache: "no-cache" });
      this.page = { ...page, inspections: [...(this.page?.inspections ?? []), ...page.inspections] };
    } catch (error) {
      this.failure = error;
    }
    this.write();
  }

  private use({ visits, visits_in_all, days, tickets }: Statistics): HTMLElement {
    const w = stationWords();
    const most = Math.max(1, ...days.map((day) => day.visits));
    const bars = days.map(({ visits: count }) => {
      const bar = make("span", { class: "bar" });
      bar.style.setProperty("--share", String(count / most));
      return bar;
    });
    const rows = days.filter((day) => day.visits > 0).map(({ day, visits: count }) => make("tr", {}, make("th", { scope: "row" }, day), make("td", { class: "number" }, String(count))));
    return make("section", { class: "use" }, make("h2", {}, w.visitsHeading),
      make("p", { id: "visits" }, make("strong", {}, w.visits(visits, days.length)), ` · ${w.visitsInAll(visits_in_all)} · ${w.ticketsOpen(tickets.open, tickets.acknowledged)}`),
      make("div", { class: "bars", role: "img", "aria-label": w.visitsChart(days.length) }, ...bars),
      rows.length === 0 ? null : make("details", { class: "fold" }, make("summary", {}, w.visitsByDay), make("table", { class: "table" },
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, w.columnDay), make("th", { scope: "col", class: "number" }, w.columnVisits))), make("tbody", {}, ...rows))));
  }
}
