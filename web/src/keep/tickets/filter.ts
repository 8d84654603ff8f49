// Which reports are asked for, and in what order: what is not settled first, page by page of the service.
import type { ReportKind, Ticket, TicketsPage, TicketState } from "../../shared/types";

export const WHICHES = ["under_way", "open", "acknowledged", "resolved", "rejected", "all"] as const;
export type Which = (typeof WHICHES)[number];
export const KINDS: ReportKind[] = ["door_locked", "no_water", "broken_facility", "wrong_place", "wrong_hours", "closed_for_good", "other"];

export interface Filter { which: Which; kind: ReportKind | null; station: string | null }

/** Where the next page begins: in which of the states, after which cursor. */
export interface Place { state: number; cursor: string | null }

/** What was found; `next` is null when that is all. */
export interface Found { tickets: Ticket[]; next: Place | null }

const STATES: Record<Which, TicketState[]> = {
  under_way: ["open", "acknowledged"], open: ["open"], acknowledged: ["acknowledged"], resolved: ["resolved"], rejected: ["rejected"],
  all: ["open", "acknowledged", "resolved", "rejected"],
};
const PAGE = 50;
// The service has no filter by kind, so whole pages are looked through for it, but not for ever.
const PAGE_BY_KIND = 200;
const MOST_PAGES = 10;

/** The filter that an address names; words that are none are as if left out. */
export function filterOf(address: URLSearchParams): Filter {
  const station = address.get("station");
  return {
    which: WHICHES.find((which) => which === address.get("state")) ?? "under_way",
    kind: KINDS.find((kind) => kind === address.get("kind")) ?? null,
    station: station === "" ? null : station,
  };
}

/** What the address says of a filter; null takes a name out. */
export function addressOf({ which, kind, station }: Filter): Record<string, string | null> {
  return { state: which === "under_way" ? null : which, kind, station };
}

/** Asks page after page until there is enough to look at. `ask` answers one page. */
export async function gather(
  filter: Filter, from: Place | null, ask: (query: Record<string, string>) => Promise<TicketsPage>,
): Promise<Found> {
  const states = STATES[filter.which];
  const tickets: Ticket[] = [];
  let place = from ?? { state: 0, cursor: null };
  for (let pages = 0; pages < MOST_PAGES && tickets.length < PAGE; pages += 1) {
    const state = states[place.state];
    if (state === undefined) break;
    const page = await ask({
      state, limit: String(filter.kind === null ? PAGE : PAGE_BY_KIND),
      ...(filter.station === null ? {} : { station: filter.station }), ...(place.cursor === null ? {} : { cursor: place.cursor }),
    });
    tickets.push(...page.tickets.filter(({ kind }) => filter.kind === null || kind === filter.kind));
    place = page.next === null ? { state: place.state + 1, cursor: null } : { state: place.state, cursor: page.next };
  }
  return { tickets, next: place.state < states.length ? place : null };
}

/** The facility, or `status`, that an editor can set by saying that a report is right; null when it says nothing of the kind. */
export function confirmable({ kind, facility }: Ticket): string | null {
  if (kind === "broken_facility") return facility;
  if (kind === "no_water") return "drinking_water";
  return kind === "closed_for_good" ? "status" : null;
}

/** Whether nothing more can become of it. */
export function isSettled({ state }: Ticket): boolean {
  return state === "resolved" || state === "rejected";
}
