// The page for the staff: lets somebody in by a token, and opens the parts of the page as they are needed.
import type { RequestError } from "../shared/api";
import { byId, make, say } from "../shared/dom";
import { bindFrame } from "../shared/frame";
import { words } from "../shared/language";
import { type OpenPanel, type Panel, type Shell, type Tab, TABS } from "./panel";
import { around } from "./data";
import { asker, isAtLeast, type Me, signOut } from "./session";
import { askToken, bindSignIn, endedText, isAsking, writeSignIn } from "./sign-in";
import { countOpen } from "./tickets/count";
import { day } from "./when";
import { keepWords } from "./words";

const PARTS: Record<Tab, () => Promise<OpenPanel>> = {
  stations: async () => (await import("./stations/panel")).openPanel,
  imports: async () => (await import("./imports/panel")).openPanel,
  tickets: async () => (await import("./tickets/panel")).openPanel,
  feeds: async () => (await import("./feeds/panel")).openPanel,
  tokens: async () => (await import("./tokens/panel")).openPanel,
};
const NEEDED = { stations: "reader", imports: "editor", tickets: "editor", feeds: "editor", tokens: "admin" } as const;
// So long it is said what was done; longer than anybody needs to read a line.
const SAID_MS = 12_000;

let me: Me | null = null;
let tab: Tab = "stations";
let openReports: string | null = null;
let saidUntil = 0;
// What had the focus last, to go on there after a token ended.
let focused: HTMLElement | null = null;
const panels = new Map<Tab, Promise<Panel>>();
// Those that are there, for what cannot wait.
const opened = new Map<Tab, Panel>();

const shell: Shell = {
  role: () => me?.role ?? "reader",
  tokenId: () => me?.id ?? "",
  ask: asker(ended),
  go: (to, address = {}) => {
    const search = `?${new URLSearchParams({ ...kept(), tab: to, ...address }).toString()}`;
    if (search !== location.search) history.pushState(null, "", location.pathname + search);
    showTab();
  },
  address: () => new URLSearchParams(location.search),
  setAddress: (names) => {
    const search = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(names)) {
      if (value === null) search.delete(name);
      else search.set(name, value);
    }
    history.replaceState(null, "", `${location.pathname}?${search.toString()}`);
  },
  say: tell,
  recount: () => void recount(),
};

function tell(text: string): void {
  say(byId("said"), text);
  clearTimeout(saidUntil);
  if (text !== "") saidUntil = window.setTimeout(() => say(byId("said"), ""), SAID_MS);
}

// The language stays in the address when it was there.
function kept(): Record<string, string> {
  const lang = new URLSearchParams(location.search).get("lang");
  return lang === null ? {} : { lang };
}

function mayOpen(which: Tab): boolean {
  return isAtLeast(shell.role(), NEEDED[which]);
}

/** Shows the tab that the address names, or the first. */
function showTab(): void {
  const named = TABS.find((which) => which === shell.address().get("tab")) ?? "stations";
  const w = keepWords();
  if (!mayOpen(named)) tell(w.notForRole(w.tabs[named], w.roles[NEEDED[named]]));
  tab = mayOpen(named) ? named : "stations";
  for (const which of TABS) {
    const button = byId(`tab-${which}`);
    button.hidden = !mayOpen(which);
    button.setAttribute("aria-selected", String(which === tab));
    button.tabIndex = which === tab ? 0 : -1;
    byId(`panel-${which}`).hidden = which !== tab;
  }
  // On a narrow screen the tabs scroll sideways.
  byId(`tab-${tab}`).scrollIntoView({ block: "nearest", inline: "nearest" });
  writeTitle();
  void showPanel(tab);
  void recount();
}

async function showPanel(which: Tab): Promise<void> {
  const root = byId(`panel-${which}`);
  const panel = panels.get(which) ?? PARTS[which]().then((open) => open(root, shell));
  panels.set(which, panel);
  try {
    const there = await panel;
    // Somebody left while it was on its way.
    if (panels.get(which) !== panel) return;
    opened.set(which, there);
  } catch (error) {
    console.info("a part of the page did not open:", error);
    panels.delete(which);
    const again = make("button", { type: "button", class: "button" }, words().retry);
    again.addEventListener("click", () => { root.replaceChildren(); void showPanel(which); });
    root.replaceChildren(make("div", { class: "problem", role: "alert" }, make("p", {}, keepWords().failedToOpen), again));
    return;
  }
  if (which === tab) opened.get(which)?.show();
}

function makeTabs(): void {
  for (const which of TABS) {
    const button = make("button", { type: "button", role: "tab", id: `tab-${which}`, "aria-controls": `panel-${which}` });
    button.addEventListener("click", () => shell.go(which));
    byId("tabs").append(button);
    byId("work").append(make("div", { class: "panel", role: "tabpanel", id: `panel-${which}`, "aria-labelledby": `tab-${which}`, hidden: "" }));
  }
  byId("tabs").addEventListener("keydown", (event) => {
    const open = TABS.filter(mayOpen);
    const at = open.findIndex((which) => document.activeElement?.id === `tab-${which}`);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + open.length, Home: 0, End: open.length - 1 }[event.key];
    const next = to === undefined || at < 0 ? undefined : open[to % open.length];
    if (next === undefined) return;
    event.preventDefault();
    shell.go(next);
    byId(`tab-${next}`).focus();
  });
}

function enter(now: Me): void {
  const isOther = me !== null && me.role !== now.role;
  me = now;
  if (isOther) dropWhatIsForOthers();
  byId("who").hidden = false;
  byId("desk").hidden = false;
  write();
  showTab();
  const back = focused !== null && focused.isConnected && focused.offsetParent !== null ? focused : byId("work");
  back.focus({ preventScroll: back.id === "work" });
}

// Somebody with another role goes on: what is not for them goes.
function dropWhatIsForOthers(): void {
  for (const which of TABS.filter((each) => !mayOpen(each))) drop(which);
}

function drop(which: Tab): void {
  panels.delete(which);
  opened.delete(which);
  byId(`panel-${which}`).replaceChildren();
}

// The token is no longer good: the sign-in comes back above what is on the page.
function ended(why: RequestError): void {
  if (me === null || isAsking()) return;
  signOut();
  byId("who").hidden = true;
  askToken(() => endedText(why));
  byId("sign-in").scrollIntoView({ block: "start" });
}

function isUnsaved(): boolean {
  return [...opened.values()].some((panel) => panel.isUnsaved?.() === true);
}

function leave(): void {
  if (isUnsaved() && !confirm(keepWords().leaveUnsaved)) return;
  signOut();
  me = null;
  openReports = null;
  focused = null;
  for (const which of TABS) drop(which);
  byId("who").hidden = true;
  byId("desk").hidden = true;
  byId<HTMLInputElement>("keep-token").checked = false;
  write();
  askToken();
  tell(keepWords().left);
}

// How many reports wait, for the tab to tell; when that cannot be had, it tells nothing.
async function recount(): Promise<void> {
  if (me === null || isAsking() || !mayOpen("tickets")) return;
  try {
    openReports = await countOpen(shell.ask);
  } catch (error) {
    console.info("the open reports are not counted:", error);
    openReports = null;
  }
  writeTab("tickets");
}

function writeTab(which: Tab): void {
  const w = keepWords();
  const count = which === "tickets" && me !== null ? openReports : null;
  // The number alone is seen; what it counts is said.
  const badge = count === null ? [] : [" ", make("span", { class: "badge", "aria-label": w.openReports(count), role: "img" }, count)];
  byId(`tab-${which}`).replaceChildren(w.tabs[which], ...badge);
}

function writeTitle(): void {
  const w = keepWords();
  document.title = me === null ? w.pageTitle : `${w.tabs[tab]} · ${w.pageTitle}`;
}

function writeWho(): void {
  if (me === null) return;
  const until = me.expires_at === null ? null : day(me.expires_at);
  byId("who-text").replaceChildren(...around(keepWords().who(me.name, keepWords().roles[me.role], until), me.name));
}

// What is written by script, in the language in use.
function write(): void {
  for (const which of TABS) writeTab(which);
  writeSignIn();
  writeTitle();
  writeWho();
  for (const panel of opened.values()) panel.write();
}

function begin(): void {
  makeTabs();
  byId("sign-out").addEventListener("click", leave);
  byId("work").addEventListener("focusin", ({ target }) => { if (target instanceof HTMLElement) focused = target; });
  addEventListener("popstate", () => { if (me !== null) showTab(); });
  addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) void recount(); });
  // What was said is said; it is not in the other language.
  byId("language").addEventListener("click", () => tell(""));
  bindFrame(write, () => keepWords());
  bindSignIn(enter, tell);
}

begin();
