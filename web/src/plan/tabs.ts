// The parts of the results, one at a time: arrow keys, Home and End go from tab to tab.
import { byId } from "../shared/dom";
import { type Tab, TABS } from "./page";

/** Connects the tabs; `opened` is called with the tab that comes into view. */
export function bindTabs(opened: (tab: Tab) => void): void {
  for (const tab of TABS) byId(`tab-${tab}`).addEventListener("click", () => opened(tab));
  byId("tabs").addEventListener("keydown", (event) => {
    const at = TABS.findIndex((tab) => document.activeElement?.id === `tab-${tab}`);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + TABS.length, Home: 0, End: TABS.length - 1 }[event.key];
    const tab = to === undefined || at < 0 ? undefined : TABS[to % TABS.length];
    if (tab === undefined) return;
    event.preventDefault();
    opened(tab);
    byId(`tab-${tab}`).focus();
  });
}

/** Shows the panel of a tab and hides the others. */
export function showTab(now: Tab): void {
  for (const tab of TABS) {
    const button = byId(`tab-${tab}`);
    button.setAttribute("aria-selected", String(tab === now));
    button.tabIndex = tab === now ? 0 : -1;
    byId(`panel-${tab}`).hidden = tab !== now;
  }
}
