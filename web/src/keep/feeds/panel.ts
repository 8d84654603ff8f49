// The part with the feeds: what came of each, what waits for a person, and adding and removing them.
import "../../styles/keep-desk.css";
import { RequestError } from "../../shared/api";
import { make } from "../../shared/dom";
import type { Feed } from "../../shared/types";
import type { OpenPanel, Panel, Shell } from "../panel";
import { problemBox } from "../problem";
import { isAtLeast, isRefused } from "../session";
import { AddForm } from "./add";
import { type Busy, feedCard, stateText } from "./card";
import { feedWords } from "./words";

/** Makes the part. */
export const openPanel: OpenPanel = (root, shell) => new Feeds(root, shell);

class Feeds implements Panel {
  private feeds: Feed[] | null = null;
  /** What is being done with a feed, by name. */
  private readonly busy = new Map<string, Busy>();
  /** Why something could not be done with a feed, by name. */
  private readonly errors = new Map<string, unknown>();
  private readonly asked = new Set<string>();
  private problem: unknown = null;
  private newest: AbortController | null = null;
  private readonly list = make("ul", { class: "entries" });
  private readonly status = make("p", { class: "hint", role: "status" });
  private readonly after = make("div", { class: "after" });
  private readonly refresh = make("button", { type: "button", class: "button" });
  private readonly add: AddForm;

  constructor(private readonly root: HTMLElement, private readonly shell: Shell) {
    this.add = new AddForm(shell, (feed) => this.added(feed));
    this.refresh.addEventListener("click", () => void this.load());
    this.write();
  }

  show(): void {
    void this.load();
  }

  write(): void {
    const w = feedWords();
    this.refresh.textContent = w.refresh;
    this.list.setAttribute("aria-label", w.heading);
    this.add.write();
    this.root.replaceChildren(
      make("div", { class: "panel-head" }, make("h2", {}, w.heading), this.status, this.refresh),
      make("p", { class: "hint" }, w.about), this.list, this.after, ...(this.isAdmin() ? [this.add.root] : []));
    this.writeList();
  }

  isUnsaved(): boolean {
    return this.isAdmin() && this.add.isUnsaved();
  }

  private isAdmin(): boolean {
    return isAtLeast(this.shell.role(), "admin");
  }

  private async load(): Promise<void> {
    this.newest?.abort();
    const now = new AbortController();
    this.newest = now;
    this.list.setAttribute("aria-busy", "true");
    this.status.textContent = feedWords().loading;
    try {
      const { feeds } = await this.shell.ask.json<{ feeds: Feed[] }>({ path: "/v1/feeds", signal: now.signal });
      this.feeds = feeds;
      this.problem = null;
      this.writeList();
    } catch (error) {
      if (now.signal.aborted || isRefused(error)) return;
      this.problem = error;
      this.writeList();
    } finally {
      if (this.newest === now) {
        this.list.removeAttribute("aria-busy");
        this.status.textContent = "";
      }
    }
  }

  private writeList(): void {
    const w = feedWords();
    this.after.replaceChildren();
    if (this.problem !== null) this.after.append(problemBox(this.problem, () => void this.load()));
    if (this.feeds === null) return;
    this.list.replaceChildren(...this.feeds.map((feed) => this.cardOf(feed)));
    if (this.feeds.length === 0) this.after.append(make("p", { class: "empty" }, this.isAdmin() ? w.none : w.noneForEditor));
  }

  private cardOf(feed: Feed): HTMLLIElement {
    return feedCard(feed, {
      mayRemove: this.isAdmin(), fetch: (each) => void this.fetch(each), look: (each) => void this.look(each), remove: (each) => void this.remove(each), asked: this.asked,
    }, this.busy.get(feed.name) ?? null, this.errors.has(feed.name) ? problemBox(this.errors.get(feed.name)) : null);
  }

  private writeCard(name: string, hasFocus: boolean): void {
    const feed = this.feeds?.find((each) => each.name === name);
    const card = this.list.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"]`);
    if (feed === undefined || card === null) return;
    const again = this.cardOf(feed);
    card.replaceWith(again);
    if (hasFocus) again.focus();
  }

  // Does something with one feed; its card says so meanwhile, and why when it does not succeed.
  private async work(feed: Feed, what: Busy, act: () => Promise<void>): Promise<void> {
    this.busy.set(feed.name, what);
    this.errors.delete(feed.name);
    this.writeCard(feed.name, true);
    try {
      await act();
    } catch (error) {
      if (error instanceof RequestError && error.status === 404) {
        this.shell.say(feedWords().gone(feed.name));
        void this.load();
      } else if (!isRefused(error)) {
        this.errors.set(feed.name, error);
      }
    } finally {
      this.busy.delete(feed.name);
      this.writeCard(feed.name, true);
    }
  }

  private fetch(feed: Feed): Promise<void> {
    return this.work(feed, "fetch", async () => {
      const now = await this.shell.ask.json<Feed>({ path: `${pathOf(feed)}/runs`, method: "POST" });
      this.put(now);
      this.shell.say(feedWords().fetched(now.name, stateText(now)));
    });
  }

  private look(feed: Feed): Promise<void> {
    return this.work(feed, "look", async () => {
      const { id } = await this.shell.ask.json<{ id: string | number }>({ path: `${pathOf(feed)}/import`, method: "POST" });
      this.shell.go("imports", { import: String(id) });
    });
  }

  private remove(feed: Feed): Promise<void> {
    return this.work(feed, "remove", async () => {
      await this.shell.ask.response({ path: pathOf(feed), method: "DELETE" });
      this.feeds = this.feeds?.filter(({ name }) => name !== feed.name) ?? null;
      this.writeList();
      this.shell.say(feedWords().removed(feed.name));
      this.refresh.focus();
    });
  }

  private put(feed: Feed): void {
    this.feeds = this.feeds?.map((known) => (known.name === feed.name ? feed : known)) ?? null;
  }

  private added(feed: Feed): void {
    this.shell.say(feedWords().added(feed.name));
    this.feeds = [...(this.feeds ?? []), feed].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.writeList();
    this.writeCard(feed.name, true);
  }
}

function pathOf({ name }: Feed): string {
  return `/v1/feeds/${encodeURIComponent(name)}`;
}
