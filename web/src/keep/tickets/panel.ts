// The part with what workers report: those that wait first, and what an editor makes of each.
import "../../styles/keep-desk.css";
import { RequestError } from "../../shared/api";
import { make } from "../../shared/dom";
import { words } from "../../shared/language";
import type { Ticket, TicketsPage } from "../../shared/types";
import { around, DATA } from "../data";
import type { OpenPanel, Panel, Shell } from "../panel";
import { problemBox } from "../problem";
import { isRefused } from "../session";
import { moment } from "../when";
import { type Decision, ticketCard } from "./card";
import { addressOf, type Filter, filterOf, gather, KINDS, type Place, WHICHES } from "./filter";
import { type Named, StationNames } from "./names";
import { ticketWords } from "./words";

/** Makes the part. */
export const openPanel: OpenPanel = (root, shell) => new Tickets(root, shell);

class Tickets implements Panel {
  private filter: Filter;
  private tickets: Ticket[] = [];
  private next: Place | null = null;
  private readAt: string | null = null;
  private newest: AbortController | null = null;
  private readonly names: StationNames;
  /** Remarks that are being typed, by ticket. */
  private readonly drafts = new Map<number, string>();
  private readonly unfolded = new Set<number>();
  private readonly list = make("ul", { class: "entries" });
  private readonly status = make("p", { class: "hint", role: "status" });
  private readonly after = make("div", { class: "after" });
  private readonly refresh = make("button", { type: "button", class: "button" });
  private stationText = "";
  /** What the text may mean, once it was asked for. */
  private meant: { text: string; stations: Named[] } | { error: unknown } | null = null;
  /** What stands above what can be done about a ticket, by its id. */
  private readonly notes = new Map<number, () => Node>();
  private problem: { error: unknown; from: Place | null } | null = null;

  constructor(private readonly root: HTMLElement, private readonly shell: Shell) {
    this.names = new StationNames(shell.ask);
    this.filter = filterOf(shell.address());
    this.refresh.addEventListener("click", () => this.reload());
    this.write();
  }

  show(): void {
    this.filter = filterOf(this.shell.address());
    this.write();
    this.reload();
  }

  write(): void {
    const w = ticketWords();
    this.refresh.textContent = w.refresh;
    this.root.replaceChildren(
      make("div", { class: "panel-head" }, make("h2", {}, w.heading), this.status, this.refresh),
      this.filters(), this.list, this.after);
    this.list.setAttribute("aria-label", w.heading);
    this.writeList();
  }

  isUnsaved(): boolean {
    return [...this.drafts.values()].some((remark) => remark.trim() !== "");
  }

  private reload(): void {
    void this.load(null);
    this.shell.recount();
  }

  // Asks for the first page, or for what comes after the last one.
  private async load(from: Place | null): Promise<void> {
    this.newest?.abort();
    const now = new AbortController();
    this.newest = now;
    this.list.setAttribute("aria-busy", "true");
    this.status.textContent = ticketWords().loading;
    try {
      const { tickets, next } = await gather(this.filter, from, (query) => this.shell.ask.json<TicketsPage>({ path: "/v1/tickets", query, signal: now.signal }));
      this.tickets = from === null ? tickets : [...this.tickets, ...tickets.filter(({ id }) => this.tickets.every((known) => known.id !== id))];
      this.next = next;
      this.readAt = new Date().toISOString();
      this.problem = null;
      if (from === null) this.notes.clear();
      this.writeList();
      // What was asked for by a button that is gone is what is looked at next.
      if (from !== null) this.card(tickets[0]?.id)?.focus();
    } catch (error) {
      if (now.signal.aborted) return;
      this.writeStatus();
      if (isRefused(error)) return;
      this.problem = { error, from };
      this.writeAfter();
    } finally {
      if (this.newest === now) this.list.removeAttribute("aria-busy");
    }
  }

  private writeStatus(): void {
    this.status.textContent = this.readAt === null ? "" : ticketWords().asOf(moment(this.readAt));
  }

  private writeList(): void {
    this.writeStatus();
    this.list.replaceChildren(...this.tickets.map((ticket) => this.cardOf(ticket)));
    this.writeAfter();
  }

  private writeAfter(): void {
    const w = ticketWords();
    const { problem } = this;
    this.after.replaceChildren(...(problem === null ? [] : [problemBox(problem.error, () => void this.load(problem.from))]));
    if (this.readAt === null || problem !== null) return;
    const { which, kind, station } = this.filter;
    const isEmpty = this.tickets.length === 0;
    if (isEmpty && this.next === null) this.after.append(make("p", { class: "empty" }, which === "under_way" && kind === null && station === null ? w.noneUnderWay : w.none));
    if (this.next === null) return;
    const more = make("button", { type: "button", class: "button" }, w.more);
    more.addEventListener("click", () => { more.disabled = true; void this.load(this.next); });
    if (isEmpty) this.after.append(make("p", { class: "hint" }, w.searchedSome));
    this.after.append(more);
  }

  private card(id: number | undefined): HTMLElement | null {
    return id === undefined ? null : this.list.querySelector(`[data-id="${id}"]`);
  }

  private cardOf(ticket: Ticket): HTMLLIElement {
    return ticketCard(ticket, {
      name: (station) => this.names.of(station),
      openStation: (station) => this.shell.go("stations", { station }),
      only: this.filter.station === null ? (station) => this.choose({ station }) : null,
      draft: (id) => this.drafts.get(id) ?? "",
      write: (id, remark) => this.drafts.set(id, remark),
      isOpen: (id) => this.unfolded.has(id),
      opened: (id, isOpen) => { if (isOpen) this.unfolded.add(id); else this.unfolded.delete(id); },
      decide: (which, decision) => void this.decide(which, decision),
    }, this.notes.get(ticket.id)?.() ?? null);
  }

  private async decide(ticket: Ticket, { state, confirmed }: Decision): Promise<void> {
    const card = this.card(ticket.id);
    for (const button of card?.querySelectorAll("button") ?? []) button.disabled = true;
    const remark = (this.drafts.get(ticket.id) ?? "").trim();
    const w = ticketWords();
    try {
      const changed = await this.shell.ask.json<Ticket>({
        path: `/v1/tickets/${ticket.id}`, method: "PATCH", headers: { "If-Match": `"${ticket.version}"` },
        body: { state, ...(remark === "" ? {} : { note: remark }), ...(confirmed ? { confirmed } : {}) },
      });
      this.drafts.delete(ticket.id);
      this.unfolded.delete(ticket.id);
      this.put(changed);
      this.shell.say(confirmed ? w.confirmed : w.done[state]);
      this.shell.recount();
    } catch (error) {
      for (const button of card?.querySelectorAll("button") ?? []) button.disabled = false;
      if (!isRefused(error)) this.refused(ticket, remark, error);
    }
  }

  // Shows what is there now when somebody was quicker; what was typed stays.
  private refused(ticket: Ticket, remark: string, error: unknown): void {
    const current = error instanceof RequestError ? error.problem.current as Ticket | null | undefined : null;
    const code = error instanceof RequestError ? error.problem.code : undefined;
    if ((code !== "stale" && code !== "ticket_closed") || current === null || current === undefined || !("reports" in current)) {
      this.put(ticket, () => problemBox(error));
      return;
    }
    const { state, changed_by } = current;
    const isOver = state === "resolved" || state === "rejected";
    if (isOver) this.drafts.delete(ticket.id);
    this.put(current, () => {
      const w = ticketWords();
      const who = changed_by ?? w.somebody;
      const text = code === "stale" && !isOver ? w.stale(who, w.states[state]) : w.closed(who, w.states[state]);
      return make("div", { class: "note", role: "alert" }, make("p", {}, ...around(text, changed_by)),
        isOver && remark !== "" ? make("p", {}, ...around(w.remarkNotSaved(remark), remark)) : null);
    });
    this.shell.recount();
  }

  // Puts a ticket in the place of what was known of it; it stays in sight, whatever the filter says.
  private put(ticket: Ticket, note: (() => Node) | null = null): void {
    if (note === null) this.notes.delete(ticket.id);
    else this.notes.set(ticket.id, note);
    this.tickets = this.tickets.map((known) => (known.id === ticket.id ? ticket : known));
    const card = this.cardOf(ticket);
    this.card(ticket.id)?.replaceWith(card);
    card.focus();
  }

  private choose(change: Partial<Filter>): void {
    this.filter = { ...this.filter, ...change };
    this.shell.setAddress(addressOf(this.filter));
    this.tickets = [];
    this.readAt = null;
    this.stationText = "";
    this.meant = this.problem = null;
    const focused = document.activeElement?.id ?? "";
    this.write();
    // What was chosen with is made anew, or gone.
    const again = focused === "" ? null : this.root.querySelector<HTMLElement>(`#${focused}`);
    (again ?? this.root.querySelector<HTMLElement>(".station-filter button"))?.focus();
    this.reload();
  }

  private filters(): HTMLElement {
    const w = ticketWords();
    const which = make("select", { class: "input", id: "ticket-state" }, ...WHICHES.map((name) => make("option", { value: name }, w.whiches[name])));
    which.value = this.filter.which;
    which.addEventListener("change", () => this.choose({ which: WHICHES.find((name) => name === which.value) ?? "under_way" }));
    const kind = make("select", { class: "input", id: "ticket-kind" }, make("option", { value: "" }, w.anyKind),
      ...KINDS.map((name) => make("option", { value: name }, words().reportKinds[name])));
    kind.value = this.filter.kind ?? "";
    kind.addEventListener("change", () => this.choose({ kind: KINDS.find((name) => name === kind.value) ?? null }));
    return make("div", { class: "ticket-filters", role: "group", "aria-label": w.filters },
      make("label", { class: "field" }, make("span", {}, w.which), which),
      make("label", { class: "field" }, make("span", {}, w.kind), kind),
      this.filter.station === null ? this.stationSearch() : this.stationChosen(this.filter.station));
  }

  private stationChosen(station: string): HTMLElement {
    const w = ticketWords();
    const text = make("span", {}, ...around(w.onlyStation(station), station));
    this.names.of(station).then((name) => text.replaceChildren(...around(w.onlyStation(name ?? station), name ?? station))).catch(() => undefined);
    const clear = make("button", { type: "button", class: "button" }, w.clearStation);
    clear.addEventListener("click", () => this.choose({ station: null }));
    return make("div", { class: "station-filter chosen" }, text, clear);
  }

  private stationSearch(): HTMLElement {
    const w = ticketWords();
    const input = make("input", { class: "input", id: "ticket-station", type: "search", placeholder: w.stationHint, maxlength: "100", autocomplete: "off" });
    input.value = this.stationText;
    input.addEventListener("input", () => { this.stationText = input.value; });
    const found = make("div", { class: "offers", role: "status" });
    this.writeOffers(found);
    const form = make("form", { class: "station-filter", role: "search" },
      make("label", { class: "field" }, make("span", {}, w.station), input), make("button", { type: "submit", class: "button" }, w.filterStation), found);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (text !== "") void this.search(text, found);
    });
    return form;
  }

  private async search(text: string, found: HTMLElement): Promise<void> {
    try {
      const all = await this.names.meant(text);
      const [only] = all;
      if (only !== undefined && all.length === 1) {
        this.choose({ station: only.id });
        return;
      }
      this.meant = { text, stations: all };
    } catch (error) {
      if (isRefused(error)) return;
      this.meant = { error };
    }
    // The form may have been written anew meanwhile.
    this.writeOffers(this.root.querySelector<HTMLElement>(".offers") ?? found);
  }

  private writeOffers(place: HTMLElement): void {
    const { meant } = this;
    const w = ticketWords();
    if (meant === null) return;
    if ("error" in meant) place.replaceChildren(problemBox(meant.error));
    else if (meant.stations.length === 0) place.replaceChildren(make("p", { class: "hint" }, w.noStation(meant.text)));
    else {
      place.replaceChildren(make("p", { class: "hint" }, w.whichStation), make("div", { class: "chips" }, ...meant.stations.map(({ id, name }) => {
        const offer = make("button", { type: "button", class: "chip" }, make("span", {}, make("span", DATA, name), " · ", make("span", { class: "offered-id" }, id)));
        offer.addEventListener("click", () => this.choose({ station: id }));
        return offer;
      })));
    }
  }
}
