// The page for the staff: lets somebody in by a token, and opens the parts of the page as they are needed.
import { RequestError } from "../shared/api";
import { byId, make, say } from "../shared/dom";
import { bindFrame } from "../shared/frame";
import { language, words } from "../shared/language";
import { type OpenPanel, type Panel, type Shell, type Tab, TABS } from "./panel";
import { asker, isAtLeast, keptToken, type Me, signIn, signOut } from "./session";
import { keepWords } from "./words";

const PARTS: Record<Tab, () => Promise<OpenPanel>> = {
  stations: async () => (await import("./stations/panel")).openPanel,
  imports: async () => (await import("./imports/panel")).openPanel,
  tickets: async () => (await import("./tickets/panel")).openPanel,
  feeds: async () => (await import("./feeds/panel")).openPanel,
  tokens: async () => (await import("./tokens/panel")).openPanel,
};
const NEEDED = { stations: "reader", imports: "editor", tickets: "editor", feeds: "editor", tokens: "admin" } as const;

let me: Me | null = null;
let tab: Tab = "stations";
const panels = new Map<Tab, Promise<Panel>>();
// Those that are there, for what cannot wait.
const opened = new Map<Tab, Panel>();

const shell: Shell = {
  role: () => me?.role ?? "reader",
  ask: asker(ended),
  go: (to, address = {}) => {
    history.pushState(null, "", `${location.pathname}?${new URLSearchParams({ ...kept(), tab: to, ...address }).toString()}`);
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
  say: (text) => say(byId("said"), text),
};

// The language stays in the address when it was there.
function kept(): Record<string, string> {
  const lang = new URLSearchParams(location.search).get("lang");
  return lang === null ? {} : { lang };
}

function mayOpen(which: Tab): boolean {
  return isAtLeast(me?.role ?? "reader", NEEDED[which]);
}

/** Shows the tab that the address names, or the first. */
function showTab(): void {
  const named = TABS.find((which) => which === shell.address().get("tab"));
  tab = named !== undefined && mayOpen(named) ? named : "stations";
  for (const which of TABS) {
    const button = byId(`tab-${which}`);
    button.hidden = !mayOpen(which);
    button.setAttribute("aria-selected", String(which === tab));
    button.tabIndex = which === tab ? 0 : -1;
    byId(`panel-${which}`).hidden = which !== tab;
  }
  void showPanel(tab);
}

async function showPanel(which: Tab): Promise<void> {
  const root = byId(`panel-${which}`);
  const panel = panels.get(which) ?? PARTS[which]().then((open) => open(root, shell));
  panels.set(which, panel);
  try {
    opened.set(which, await panel);
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
  me = now;
  byId("sign-in").hidden = true;
  byId("who").hidden = false;
  byId("desk").hidden = false;
  writeWho();
  showTab();
}

// The token is no longer good: the sign-in comes back above what is on the page.
function ended(): void {
  if (me === null || !byId("sign-in").hidden) return;
  signOut();
  byId("who").hidden = true;
  askToken(keepWords().tokenEnded);
}

function askToken(problem = ""): void {
  byId("sign-in").hidden = false;
  say(byId("sign-in-problem"), problem);
  byId<HTMLInputElement>("token").focus();
}

async function tryToken(secret: string, isKept: boolean): Promise<void> {
  const button = byId<HTMLButtonElement>("sign-in-button");
  button.disabled = true;
  shell.say(keepWords().checking);
  try {
    const now = await signIn(secret, isKept);
    byId<HTMLInputElement>("token").value = "";
    say(byId("sign-in-problem"), "");
    enter(now);
  } catch (error) {
    if (error instanceof RequestError && error.status === 401) signOut();
    askToken(whyNot(error));
  } finally {
    button.disabled = false;
    shell.say("");
  }
}

function whyNot(error: unknown): string {
  const w = keepWords();
  if (!(error instanceof RequestError)) return String(error);
  if (error.kind === "network") return words().noNetwork;
  if (error.status === 401) return w.tokenRefused;
  if (error.status === 405) return w.readOnly;
  if (error.status === 429) return w.tooManyTries;
  return words().refused(error.message);
}

function isUnsaved(): boolean {
  return [...opened.values()].some((panel) => panel.isUnsaved?.() === true);
}

function leave(): void {
  if (isUnsaved() && !confirm(keepWords().leaveUnsaved)) return;
  signOut();
  me = null;
  panels.clear();
  opened.clear();
  for (const which of TABS) byId(`panel-${which}`).replaceChildren();
  byId("who").hidden = true;
  byId("desk").hidden = true;
  askToken();
}

function writeWho(): void {
  if (me === null) return;
  const until = me.expires_at === null ? null : new Date(me.expires_at).toLocaleDateString(language() === "zh" ? "zh-CN" : "en-GB");
  byId("who-text").textContent = keepWords().who(me.name, keepWords().roles[me.role], until);
}

// What is written by script, in the language in use.
function write(): void {
  for (const which of TABS) byId(`tab-${which}`).textContent = keepWords().tabs[which];
  writeWho();
  for (const panel of opened.values()) panel.write();
}

function begin(): void {
  makeTabs();
  byId("sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    void tryToken(byId<HTMLInputElement>("token").value.trim(), byId<HTMLInputElement>("keep-token").checked);
  });
  byId("sign-out").addEventListener("click", leave);
  addEventListener("popstate", () => { if (me !== null) showTab(); });
  addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
  bindFrame(write, () => keepWords());
  const secret = keptToken();
  if (secret === null) askToken();
  else void tryToken(secret, true);
}

begin();
