// One feed as a card: where it comes from, what came of it the last time, and what can be done with it.
import { make } from "../../shared/dom";
import { language } from "../../shared/language";
import type { Feed, FeedOutcome } from "../../shared/types";
import { askBefore } from "../confirm";
import { DATA, message } from "../data";
import { moment } from "../when";
import { everyText, shareText } from "./feed";
import { feedWords } from "./words";

/** What a card needs of the part that it is in. */
export interface CardDesk {
  /** Whether feeds may be removed. */
  mayRemove: boolean;
  fetch: (feed: Feed) => void;
  look: (feed: Feed) => void;
  remove: (feed: Feed) => void;
  /** The feeds of which it is asked whether they are to be removed. */
  asked: Set<string>;
}

/** What the card says it is busy with, on the button that was pressed. */
export type Busy = "fetch" | "look" | "remove" | null;

/** Makes the card; `note` stands above what can be done. */
export function feedCard(feed: Feed, desk: CardDesk, busy: Busy, note: Node | null): HTMLLIElement {
  const w = feedWords();
  const isDue = new Date(feed.due_at) <= new Date();
  const settings = [
    everyText(feed.every_min), isDue ? w.nextSoon : w.next(moment(feed.due_at)),
    feed.coord === null ? w.datumOfFile : w.datums[feed.coord],
    feed.max_changed_share === null ? w.noAutoCommit : w.autoCommit(shareText(feed.max_changed_share)),
  ];
  return make("li", { class: "entry feed", "data-name": feed.name, tabindex: "-1" },
    make("div", { class: "entry-head" }, make("h3", DATA, feed.name), stateTag(feed)),
    make("p", { class: "address" }, feed.url),
    make("p", { class: "hint" }, settings.join(" · ")),
    feed.last === null ? null : outcomeLines(feed.last), note, buttons(feed, desk, busy));
}

/** What came of the last time, in one or two words. */
export function stateText(feed: Feed): string {
  const w = feedWords();
  if (feed.runs) return w.fetching;
  if (feed.last === null) return w.never;
  const state = w.states[feed.last.state] ?? feed.last.state;
  return feed.waits && feed.last.state !== "waiting" ? `${state} · ${w.waitsToo}` : state;
}

function stateTag(feed: Feed): HTMLElement {
  const kind = feed.runs ? "runs" : feed.last?.state ?? "never";
  return make("span", { class: `tag state ${feed.waits && kind !== "failed" && kind !== "runs" ? "waiting" : kind}` }, stateText(feed));
}

function outcomeLines({ at, reasons, changed, revision }: FeedOutcome): HTMLElement {
  const w = feedWords();
  const parts = [w.lastAt(moment(at))];
  if (changed !== null) parts.push(w.changed(changed.new, changed.changed, changed.missing, changed.all, shareText(changed.share)));
  if (revision !== null) parts.push(w.revision(revision));
  const texts = reasons.map(({ text_zh, text_en }) => (language() === "zh" ? text_zh : text_en));
  // What went wrong on the way is known in English only.
  const english = reasons.find(({ text_zh, text_en }) => text_zh === text_en)?.text_en ?? null;
  return make("div", { class: "became" }, make("p", {}, parts.join(" · ")),
    texts.length === 0 ? null : make("p", { class: "why" }, ...message(w.because(texts.join(language() === "zh" ? "；" : "; ")), english)));
}

function buttons(feed: Feed, desk: CardDesk, busy: Busy): HTMLElement {
  const w = feedWords();
  const button = (text: string, kind: string, act: () => void) => {
    const made = make("button", { type: "button", class: kind }, text);
    made.disabled = busy !== null;
    made.addEventListener("click", act);
    return made;
  };
  const row = make("div", { class: "buttons" });
  if (feed.waits) row.append(button(busy === "look" ? w.looking : w.look, "button main", () => desk.look(feed)));
  row.append(button(busy === "fetch" ? w.fetching : w.fetchNow, "button", () => desk.fetch(feed)));
  if (!desk.mayRemove) return row;
  const question = { text: w.removeSure(feed.name), yes: w.removeYes, no: w.cancel };
  const remove = button(w.remove, "button quiet danger", () => undefined);
  row.append(askBefore(remove, question, () => desk.remove(feed), desk.asked, feed.name));
  return row;
}
