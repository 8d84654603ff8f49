// How many reports nobody has taken up, for the tab to tell.
import type { TicketsPage } from "../../shared/types";
import type { Asker } from "../panel";

// One page is enough: above this it is told that there are more.
const MOST = 99;

/** The number as the tab shows it, such as `3` or `99+`; null when there are none. */
export async function countOpen(ask: Asker): Promise<string | null> {
  const page = await ask.json<TicketsPage>({ path: "/v1/tickets", query: { state: "open", limit: String(MOST) } });
  if (page.numberReturned === 0) return null;
  return page.next === null ? String(page.numberReturned) : `${MOST}+`;
}
