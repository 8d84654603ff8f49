// The table of stations: search, filters, pages by the cursor of the service. It never holds more than one page.
import { type Sorting, sortableTable } from "../../plan/table";
import { make } from "../../shared/dom";
import { FACILITIES } from "../../shared/facilities";
import { words } from "../../shared/language";
import type { Facility, Host, ItemsAnswer, StationFeature, Status } from "../../shared/types";
import { data, DATA } from "../data";
import type { Shell } from "../panel";
import { problemBox } from "../problem";
import { isAtLeast } from "../session";
import { ITEMS } from "./api";
import { partText, stationWords } from "./words";
import { draftOf } from "./draft";

const PAGE = 50;
const TYPING_MS = 250;
const FIELDS = "name,district,status,hours,hours_text,verified_at,revision,synthetic";
const STATUSES: Status[] = ["open", "planned", "suspended", "closed"];

/** What is asked for; the address of the page keeps it, under these names. */
interface Filters { q: string; status: string; host: string; district: string; facilities: Facility[]; include_unknown: boolean }

export interface ListHost {
  openStation: (id: string) => void;
  newStation: () => void;
  /** The names of the districts that are known. */
  districts: () => Promise<string[]>;
}

export class StationList {
  readonly root = make("section", { class: "station-list" });
  private readonly results = make("div", { class: "station-results" });
  private filters: Filters = noFilters();
  // The cursors of this page and of those before it; the first page has none.
  private cursors: (string | null)[] = [null];
  private answer: ItemsAnswer | null = null;
  // Those that have an outline, and those that were seen in the table.
  private readonly districts = new Set<string>();
  private waiting: AbortController | null = null;
  private typing = 0;
  private readonly sorting: { now: Sorting | null } = { now: null };

  constructor(private readonly shell: Shell, private readonly host: ListHost) {
    void host.districts().then((names) => {
      for (const name of names) this.districts.add(name);
      this.writeDistricts();
    }, () => undefined);
  }

  /** It came into view: asks for what the address says. */
  show(focusOn: string | null): void {
    const filters = filtersOf(this.shell.address());
    if (JSON.stringify(filters) !== JSON.stringify(this.filters)) this.cursors = [null];
    this.filters = filters;
    this.write();
    void this.ask().then(() => {
      if (focusOn !== null) this.root.querySelector<HTMLElement>(`[data-station="${CSS.escape(focusOn)}"]`)?.focus();
    });
  }

  /** Writes everything in the language in use. */
  write(): void {
    const w = stationWords();
    const isOpen = this.root.querySelector("details")?.open ?? this.count() > 0;
    const search = make("input", { class: "input", type: "search", id: "station-q", value: this.filters.q, placeholder: w.searchHint, maxlength: "100", autocomplete: "off" });
    search.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = window.setTimeout(() => this.change({ q: search.value.trim() }), TYPING_MS);
    });
    const top = make("div", { class: "list-top" },
      make("label", { class: "field grow", for: "station-q" }, make("span", {}, w.search), search));
    if (isAtLeast(this.shell.role(), "editor")) {
      const add = make("button", { type: "button", class: "button main", id: "new-station" }, w.newStation);
      add.addEventListener("click", this.host.newStation);
      top.append(add);
    }
    this.root.replaceChildren(make("h2", {}, w.listHeading), top, this.filterFold(isOpen), this.results);
    this.draw();
  }

  private filterFold(isOpen: boolean): HTMLElement {
    const w = stationWords();
    const fold = make("details", { class: "fold filters", ...(isOpen ? { open: "" } : {}) }, make("summary", { id: "filters-head" }, this.headText()));
    const district = make("input", { class: "input", id: "filter-district", type: "text", list: "filter-districts", placeholder: w.districtHint, autocomplete: "off" });
    district.value = this.filters.district;
    // Only when the name is whole: half a name is no district.
    district.addEventListener("change", () => this.change({ district: district.value.trim() }));
    const select = (name: "status" | "host", label: string, any: string, options: [string, string][]) => {
      const element = make("select", { class: "input", id: `filter-${name}` }, make("option", { value: "" }, any),
        ...options.map(([value, text]) => make("option", { value }, text)));
      element.value = this.filters[name];
      element.addEventListener("change", () => this.change({ [name]: element.value }));
      return make("label", { class: "field", for: `filter-${name}` }, make("span", {}, label), element);
    };
    const hosts = Object.entries(words().hosts) as [Host, string][];
    const chips = FACILITIES.map((facility) => {
      const chip = make("button", { type: "button", class: "chip", "aria-pressed": String(this.filters.facilities.includes(facility)), "data-facility": facility }, words().facilities[facility]);
      chip.addEventListener("click", () => {
        const has = this.filters.facilities.includes(facility);
        chip.setAttribute("aria-pressed", String(!has));
        this.change({ facilities: has ? this.filters.facilities.filter((one) => one !== facility) : [...this.filters.facilities, facility] });
      });
      return chip;
    });
    const unknown = make("input", { type: "checkbox", id: "filter-unknown" });
    unknown.checked = this.filters.include_unknown;
    unknown.addEventListener("change", () => this.change({ include_unknown: unknown.checked }));
    const clear = make("button", { type: "button", class: "button quiet", id: "filter-clear" }, w.clearFilters);
    clear.addEventListener("click", () => {
      this.change({ ...noFilters(), q: this.filters.q });
      this.write();
      this.root.querySelector<HTMLElement>("#filters-head")?.focus();
    });
    fold.append(make("div", { class: "fields" },
      select("status", w.parts.status, w.anyStatus, STATUSES.map((status) => [status, w.statuses[status]])),
      select("host", w.parts.host, w.anyHost, hosts),
      make("label", { class: "field", for: "filter-district" }, make("span", {}, w.parts.district), district), make("datalist", { id: "filter-districts" }, ...this.districtOptions())),
    make("div", { class: "chips", role: "group", "aria-label": w.facilityLabel }, ...chips),
    make("div", { class: "buttons" }, make("label", { class: "switch" }, unknown, make("span", {}, w.includeUnknown)), clear));
    return fold;
  }

  private districtOptions(): HTMLElement[] {
    return [...this.districts].map((name) => make("option", { value: name }));
  }

  private writeDistricts(): void {
    this.root.querySelector("#filter-districts")?.replaceChildren(...this.districtOptions());
  }

  private count(): number {
    const { status, host, district, facilities } = this.filters;
    return [status, host, district].filter((value) => value !== "").length + facilities.length;
  }

  private headText(): string {
    return this.count() === 0 ? stationWords().filters : stationWords().filtersOn(this.count());
  }

  private change(more: Partial<Filters>): void {
    const next = { ...this.filters, ...more };
    if (JSON.stringify(next) === JSON.stringify(this.filters)) return;
    this.filters = next;
    this.cursors = [null];
    const { q, status, host, district, facilities, include_unknown } = this.filters;
    const orNull = (text: string) => (text === "" ? null : text);
    this.shell.setAddress({
      q: orNull(q), status: orNull(status), host: orNull(host), district: orNull(district), facilities: orNull(facilities.join(",")),
      include_unknown: include_unknown ? "true" : null,
    });
    const head = this.root.querySelector("#filters-head");
    if (head !== null) head.textContent = this.headText();
    void this.ask();
  }

  private query(): Record<string, string> {
    const { q, status, host, district, facilities, include_unknown } = this.filters;
    const cursor = this.cursors[this.cursors.length - 1] ?? null;
    return {
      limit: String(PAGE), fields: FIELDS, ...(q === "" ? {} : { q }), ...(status === "" ? {} : { status }), ...(host === "" ? {} : { hosts: host }),
      ...(district === "" ? {} : { district }), ...(facilities.length === 0 ? {} : { facilities: facilities.join(",") }),
      ...(include_unknown && facilities.length > 0 ? { include_unknown: "true" } : {}), ...(cursor === null ? {} : { cursor }),
    };
  }

  private async ask(): Promise<void> {
    this.waiting?.abort();
    const mine = new AbortController();
    this.waiting = mine;
    this.results.setAttribute("aria-busy", "true");
    if (this.answer === null) this.results.replaceChildren(make("p", { class: "hint", role: "status" }, stationWords().asking));
    try {
      this.answer = await this.shell.ask.json<ItemsAnswer>({ path: ITEMS, query: this.query(), cache: "no-cache", signal: mine.signal });
      this.draw();
      for (const { properties } of this.answer.features) if (properties.district != null) this.districts.add(properties.district);
      this.writeDistricts();
    } catch (error) {
      if (mine.signal.aborted) return;
      this.answer = null;
      this.results.replaceChildren(problemBox(error, () => void this.ask()));
    }
    this.results.removeAttribute("aria-busy");
  }

  private draw(): void {
    const { answer } = this;
    if (answer === null) return;
    const w = stationWords();
    const before = (this.cursors.length - 1) * PAGE;
    const counted = w.counted(answer.numberMatched, before + 1, before + answer.numberReturned);
    const next = nextCursor(answer);
    const isOnly = next === null && this.cursors.length === 1;
    const parts: Node[] = [make("p", { class: "counted", role: "status", id: "station-count" }, isOnly ? counted : `${counted} ${w.sortsPage}`)];
    if (answer.features.length > 0) parts.push(this.table(answer.features as unknown as StationFeature[]));
    if (!isOnly) parts.push(this.pager(next));
    this.results.replaceChildren(...parts);
  }

  private table(rows: StationFeature[]): HTMLElement {
    const w = stationWords();
    const text = (station: StationFeature, part: "status") => partText(part, draftOf(station));
    const table = sortableTable<StationFeature>({
      caption: w.tableCaption, rows, sorting: this.sorting,
      columns: [
        { key: "name", head: w.columnName, by: ({ properties }) => properties.name, cell: (station) => this.nameCell(station) },
        { key: "id", head: w.columnId, by: ({ id }) => id, cell: ({ id }) => id },
        { key: "district", head: w.parts.district, by: ({ properties }) => properties.district ?? null, cell: ({ properties }) => (properties.district == null ? muted(w.unknown) : data(properties.district)) },
        { key: "status", head: w.columnStatus, by: ({ properties }) => STATUSES.indexOf(properties.status), cell: (station) => make("span", { class: `tag status-${station.properties.status}` }, text(station, "status")) },
        { key: "hours", head: w.columnHours, by: ({ properties }) => properties.hours ?? properties.hours_text ?? null, cell: ({ properties }) => hoursCell(properties.hours ?? properties.hours_text ?? null) },
        { key: "verified", head: w.columnVerified, by: ({ properties }) => properties.verified_at ?? null, cell: ({ properties }) => properties.verified_at ?? muted(w.never) },
        { key: "revision", head: w.columnRevision, isNumber: true, by: ({ properties }) => properties.revision, cell: ({ properties }) => String(properties.revision) },
      ],
    });
    table.classList.add("stations-table");
    return table;
  }

  private nameCell({ id, properties }: StationFeature): Node {
    const address = new URLSearchParams({ tab: "stations", station: id });
    const link = make("a", { href: `${location.pathname}?${address.toString()}`, class: "station-link", "data-station": id, ...DATA }, properties.name);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.host.openStation(id);
    });
    const cell = make("span", { class: "name-cell" }, link);
    if (properties.synthetic === true) cell.append(" ", make("span", { class: "tag demo" }, words().syntheticTag));
    return cell;
  }

  private pager(next: string | null): HTMLElement {
    const w = stationWords();
    const button = (id: string, text: string, isOff: boolean, act: () => void) => {
      const element = make("button", { type: "button", class: "button", id }, text);
      element.disabled = isOff;
      element.addEventListener("click", () => {
        act();
        void this.ask().then(() => {
          this.root.scrollIntoView({ block: "start" });
          const same = this.root.querySelector<HTMLButtonElement>(`#${id}`);
          (same?.disabled === false ? same : this.root.querySelector<HTMLElement>(".pager button:enabled"))?.focus({ preventScroll: true });
        });
      });
      return element;
    };
    return make("nav", { class: "pager buttons", "aria-label": w.pages },
      button("page-previous", w.previousPage, this.cursors.length === 1, () => this.cursors.pop()),
      button("page-next", w.nextPage, next === null, () => this.cursors.push(next)));
  }
}

function noFilters(): Filters {
  return { q: "", status: "", host: "", district: "", facilities: [], include_unknown: false };
}

function filtersOf(address: URLSearchParams): Filters {
  const text = (name: string) => address.get(name) ?? "";
  const asked = text("facilities").split(",");
  return {
    q: text("q"), status: text("status"), host: text("host"), district: text("district"),
    facilities: FACILITIES.filter((facility) => asked.includes(facility)), include_unknown: text("include_unknown") === "true",
  };
}

/** The cursor of the next page, or null on the last one. */
export function nextCursor({ links }: Pick<ItemsAnswer, "links">): string | null {
  const next = links.find(({ rel }) => rel === "next");
  return next === undefined ? null : new URL(next.href, location.origin).searchParams.get("cursor");
}

function hoursCell(hours: string | null): Node {
  return hours === null ? muted(stationWords().notStated) : make("span", { class: "hours-cell", title: hours, ...DATA }, hours);
}

function muted(text: string): HTMLElement {
  return make("span", { class: "muted" }, text);
}
