// One report as a card: what is said of which station, what became of it, and what can be done about it.
import { make } from "../../shared/dom";
import { words } from "../../shared/language";
import type { Facility, Ticket, TicketState } from "../../shared/types";
import { around, DATA } from "../data";
import { moment } from "../when";
import { confirmable, isSettled } from "./filter";
import { ticketWords } from "./words";

/** What an editor decides. */
export interface Decision { state: TicketState; confirmed: boolean }

/** What a card needs of the part that it is in. */
export interface CardDesk {
  /** The name of a station; null when there is none. */
  name: (station: string) => Promise<string | null>;
  openStation: (station: string) => void;
  /** Shows the reports of one station only; null while they are. */
  only: ((station: string) => void) | null;
  /** The remark that is being typed. */
  draft: (id: number) => string;
  write: (id: number, remark: string) => void;
  /** Whether what can be done about a ticket is unfolded. */
  isOpen: (id: number) => boolean;
  opened: (id: number, isOpen: boolean) => void;
  decide: (ticket: Ticket, decision: Decision) => void;
}

/** Makes the card; `note` stands above what can be done. */
export function ticketCard(ticket: Ticket, desk: CardDesk, note: Node | null = null): HTMLLIElement {
  const w = ticketWords();
  const facility = ticket.facility === null ? null : facilityName(ticket.facility);
  const card = make("li", { class: "entry ticket", "data-id": String(ticket.id), tabindex: "-1" },
    make("div", { class: "entry-head" },
      make("h3", {}, w.what(words().reportKinds[ticket.kind], facility)),
      make("span", { class: `tag state ${ticket.state}` }, w.states[ticket.state]),
      make("span", { class: "hint number" }, w.number(ticket.id))),
    stationLine(ticket.station, desk),
    make("p", { class: "hint" }, ticket.reports === 1
      ? w.reportedOnce(moment(ticket.opened_at))
      : w.reportedOften(ticket.reports, moment(ticket.opened_at), moment(ticket.reported_at))),
    sayings(ticket), became(ticket), note);
  if (!isSettled(ticket)) card.append(handling(ticket, desk));
  return card;
}

function facilityName(facility: string): string {
  return words().facilities[facility as Facility] ?? facility;
}

function stationLine(station: string, desk: CardDesk): HTMLElement {
  const w = ticketWords();
  const name = make("span", DATA, station);
  const link = make("a", { href: `/keep?${new URLSearchParams({ tab: "stations", station }).toString()}` }, name);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    desk.openStation(station);
  });
  desk.name(station).then((found) => {
    name.textContent = found ?? w.stationGone;
    if (found === null) name.removeAttribute("lang");
  }).catch(() => undefined);
  return make("p", { class: "entry-line" }, link, make("span", { class: "hint" }, station));
}

function sayings({ said }: Ticket): HTMLElement {
  const w = ticketWords();
  if (said.length === 0) return make("p", { class: "hint" }, w.nothingSaid);
  return make("ul", { class: "said-list" }, ...said.map(({ at, text, lang, lon, lat }) => {
    const item = make("li", {});
    if (text !== null) item.append(make("q", lang === null ? DATA : { lang }, text), " ");
    if (lon !== null && lat !== null) {
      const place = `${lon.toFixed(6)},${lat.toFixed(6)}`;
      const where = new URLSearchParams({ lon: String(lon), lat: String(lat) }).toString();
      item.append(w.placeSaid(place), " ", make("a", { href: `/?${where}`, target: "_blank", rel: "noopener" }, w.seePlace), " ");
    }
    item.append(make("span", { class: "hint" }, moment(at)));
    return item;
  }));
}

// What editors made of it so far.
function became(ticket: Ticket): HTMLElement | null {
  const w = ticketWords();
  const lines = [
    ticket.note === null ? null : make("p", {}, ...around(w.remarkWas(ticket.note), ticket.note)),
    ticket.changed_at === null ? null : make("p", { class: "hint" }, ...around(w.changedBy(ticket.changed_by ?? w.somebody, moment(ticket.changed_at)), ticket.changed_by)),
    ticket.revision === null ? null : make("p", { class: "hint" }, w.changedStation(ticket.revision)),
  ].filter((line) => line !== null);
  return lines.length === 0 ? null : make("div", { class: "became" }, ...lines);
}

// Folded, so that the list can be read; what is open stays open when the card is written again.
function handling(ticket: Ticket, desk: CardDesk): HTMLElement {
  const w = ticketWords();
  const remark = make("input", { class: "input", type: "text", maxlength: "500", placeholder: w.remarkHint, autocomplete: "off" });
  remark.value = desk.draft(ticket.id);
  remark.addEventListener("input", () => desk.write(ticket.id, remark.value));
  const action = (text: string, kind: string, decision: Decision) => {
    const button = make("button", { type: "button", class: kind }, text);
    button.addEventListener("click", () => desk.decide(ticket, decision));
    return button;
  };
  const isOpen = ticket.state === "open";
  const what = confirmable(ticket);
  const confirm = what === null ? [] : [action(what === "status" ? w.confirmClosed : w.confirmFacility(facilityName(what)), "button", { state: "resolved", confirmed: true })];
  const fold = make("details", { class: "fold handling" }, make("summary", {}, w.handle),
    make("div", { class: "handling-in" },
      make("label", { class: "field" }, make("span", {}, w.remark), remark),
      make("div", { class: "buttons" },
        action(isOpen ? w.acknowledge : w.saveRemark, isOpen ? "button main" : "button", { state: "acknowledged", confirmed: false }),
        ...confirm,
        action(w.resolve, "button", { state: "resolved", confirmed: false }),
        action(w.reject, "button", { state: "rejected", confirmed: false })),
      make("p", { class: "hint" }, w.resolveHint),
      only(ticket.station, desk)));
  fold.open = desk.isOpen(ticket.id);
  fold.addEventListener("toggle", () => desk.opened(ticket.id, fold.open));
  return fold;
}

function only(station: string, desk: CardDesk): HTMLElement | null {
  if (desk.only === null) return null;
  const button = make("button", { type: "button", class: "button quiet" }, ticketWords().onlyThisStation);
  button.addEventListener("click", () => desk.only?.(station));
  return button;
}
