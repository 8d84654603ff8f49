// The page for the staff: its words in both languages, and what is logic in the parts with reports, feeds and tokens.
import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { RequestError } from "../src/shared/api";
import { switchLanguage } from "../src/shared/language";
import { en as sharedEn } from "../src/shared/words.en";
import { zh as sharedZh } from "../src/shared/words.zh";
import type { Ticket, TicketsPage } from "../src/shared/types";
import { everyText, minutesOf, shareOf, shareText } from "../src/keep/feeds/feed";
import { en as feedsEn, zh as feedsZh } from "../src/keep/feeds/words";
import { fieldProblems } from "../src/keep/problem";
import { isAtLeast } from "../src/keep/session";
import { addressOf, confirmable, filterOf, gather } from "../src/keep/tickets/filter";
import { en as ticketsEn, zh as ticketsZh } from "../src/keep/tickets/words";
import { en as tokensEn, zh as tokensZh } from "../src/keep/tokens/words";
import { moment } from "../src/keep/when";
import { en } from "../src/keep/words.en";
import { zh } from "../src/keep/words.zh";

// The language is read from the address when the words are loaded.
vi.hoisted(() => { globalThis.location = new URL("http://127.0.0.1/keep") as unknown as Location; });

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}

function keys(value: unknown, before = ""): string[] {
  if (value === null || typeof value !== "object") return [before];
  return Object.entries(value).flatMap(([key, inner]) => keys(inner, `${before}.${key}`));
}

describe("the words of the page for the staff", () => {
  it("are there for every place in keep.html that names one", () => {
    const html = readFileSync(new URL("../keep.html", import.meta.url), "utf8");
    const named = [...html.matchAll(/data-(?:text|label|placeholder)="(\w+)"/g)].map(([, key]) => key ?? "");
    expect(named.length).toBeGreaterThan(15);
    for (const words of [{ ...sharedZh, ...zh }, { ...sharedEn, ...en }] as Record<string, unknown>[]) {
      expect(named.filter((key) => typeof words[key] !== "string")).toEqual([]);
    }
  });

  const pairs = [["frame", zh, en], ["tickets", ticketsZh, ticketsEn], ["feeds", feedsZh, feedsEn], ["tokens", tokensZh, tokensEn]] as const;

  it.each(pairs)("have the same keys in both languages: %s", (_part, chinese, english) => {
    expect(keys(english)).toEqual(keys(chinese));
    expect(texts(chinese).every((text) => text !== "") && texts(english).every((text) => text !== "")).toBe(true);
  });

  it.each(pairs)("have no Chinese in English: %s", (_part, _chinese, english) => {
    expect(texts(english).filter((text) => /[\u4e00-\u9fff]/.test(text))).toEqual([]);
  });
});

describe("who may do what", () => {
  it("goes up from reader to administrator", () => {
    expect([isAtLeast("reader", "editor"), isAtLeast("editor", "editor"), isAtLeast("admin", "editor"), isAtLeast("editor", "admin")]).toEqual([false, true, true, false]);
  });
});

describe("times", () => {
  it("have a year only when it is another one", () => {
    const now = new Date("2026-11-22T12:00:00Z");
    expect(moment("2026-11-20T12:05:00Z", now)).toMatch(/^11月2[01]日 ?\d\d:05$/);
    expect(moment("2025-12-30T12:05:00Z", now)).toMatch(/^2025年12月3[01]日 ?\d\d:05$/);
  });
});

function ticket(id: number, changes: Partial<Ticket> = {}): Ticket {
  return {
    id, station: "sy-001", kind: "door_locked", facility: null, state: "open", version: 1, reports: 1, opened_at: "2026-11-20T00:00:00Z",
    reported_at: "2026-11-20T00:00:00Z", changed_at: null, changed_by: null, note: null, revision: null, said: [], ...changes,
  };
}

/** A service that has these tickets, in pages of so many. */
function serving(all: Ticket[], size: number) {
  const asked: Record<string, string>[] = [];
  const ask = (query: Record<string, string>): Promise<TicketsPage> => {
    asked.push(query);
    const from = Number(query["cursor"] ?? 0);
    const fit = all.filter(({ state, station }) => state === query["state"] && (query["station"] ?? station) === station);
    const tickets = fit.slice(from, from + size);
    return Promise.resolve({ tickets, next: from + size < fit.length ? String(from + size) : null, numberReturned: tickets.length });
  };
  return { ask, asked };
}

describe("the list of reports", () => {
  const some = [ticket(1, { state: "resolved" }), ticket(2, { state: "acknowledged" }), ticket(3), ticket(4, { state: "rejected" }), ticket(5), ticket(6, { station: "sy-002" })];
  const ids = (tickets: Ticket[]) => tickets.map(({ id }) => id);

  it("has what nobody has taken up first", async () => {
    const { ask } = serving(some, 50);
    expect(ids((await gather({ which: "all", kind: null, station: null }, null, ask)).tickets)).toEqual([3, 5, 6, 2, 1, 4]);
    expect(ids((await gather({ which: "under_way", kind: null, station: null }, null, ask)).tickets)).toEqual([3, 5, 6, 2]);
    expect(ids((await gather({ which: "all", kind: null, station: "sy-002" }, null, ask)).tickets)).toEqual([6]);
  });

  it("goes on where it ended, neither repeating nor missing one", async () => {
    const many = Array.from({ length: 130 }, (_, i) => ticket(i + 1, { state: i % 3 === 0 ? "acknowledged" : "open" }));
    const { ask } = serving(many, 50);
    const filter = { which: "under_way", kind: null, station: null } as const;
    const seen: number[] = [];
    let place = null;
    do {
      const found = await gather(filter, place, ask);
      seen.push(...ids(found.tickets));
      place = found.next;
    } while (place !== null);
    expect(new Set(seen).size).toBe(130);
    expect(seen.length).toBe(130);
  });

  it("looks through pages for a kind that is rare, and gives up for the moment after ten", async () => {
    const many = Array.from({ length: 5000 }, (_, i) => ticket(i + 1, i === 4999 ? { kind: "no_water" } : {}));
    const { ask, asked } = serving(many, 200);
    const filter = { which: "open", kind: "no_water", station: null } as const;
    const first = await gather(filter, null, ask);
    expect([first.tickets.length, asked.length, asked[0]?.["limit"]]).toEqual([0, 10, "200"]);
    const second = await gather(filter, first.next, ask);
    const third = await gather(filter, second.next, ask);
    expect([ids(third.tickets), third.next]).toEqual([[5000], null]);
  });

  it("is named by the address, and words that are none are as if left out", () => {
    const read = (search: string) => filterOf(new URLSearchParams(search));
    expect(read("state=resolved&kind=no_water&station=sy-001")).toEqual({ which: "resolved", kind: "no_water", station: "sy-001" });
    expect(read("state=weird&kind=none&station=")).toEqual({ which: "under_way", kind: null, station: null });
    expect(addressOf(read("state=under_way"))).toEqual({ state: null, kind: null, station: null });
  });

  it("offers to confirm only what the service can set", () => {
    expect(confirmable(ticket(1, { kind: "broken_facility", facility: "microwave" }))).toBe("microwave");
    expect(confirmable(ticket(1, { kind: "no_water" }))).toBe("drinking_water");
    expect(confirmable(ticket(1, { kind: "closed_for_good" }))).toBe("status");
    expect(["door_locked", "wrong_place", "wrong_hours", "other"].map((kind) => confirmable(ticket(1, { kind: kind as Ticket["kind"] })))).toEqual([null, null, null, null]);
  });
});

describe("the figures of a feed", () => {
  it("are said in the largest unit that fits", () => {
    expect([5, 60, 90, 360, 1440, 4320].map(everyText)).toEqual(["每 5 分钟", "每 1 小时", "每 90 分钟", "每 6 小时", "每 1 天", "每 3 天"]);
  });

  it("are read as minutes and shares; what is no number goes to the service as it is", () => {
    expect([minutesOf("30", "minutes"), minutesOf("6", "hours"), minutesOf("1.5", "hours"), minutesOf("2", "days")]).toEqual([30, 360, 90, 2880]);
    expect([minutesOf("", "hours"), minutesOf("x", "hours")]).toEqual(["", "x"]);
    expect([shareOf("5"), shareOf("0.1"), shareOf("100"), shareOf("")]).toEqual([0.05, 0.001, 1, ""]);
  });

  it("never show some change as none", () => {
    expect([0, 0.0001, 0.05, 0.1234, 1].map(shareText)).toEqual(["0%", "<0.1%", "5%", "12.3%", "100%"]);
  });
});

describe("what the service says of a field", () => {
  const problem = (field: string, message: string, message_zh: string) => ({ field, code: "x", message, message_zh });
  const error = new RequestError("refused", "", 400, { problems: [
    problem("date", "`date` is `2999-01-01`; expected a day to today", "`date` 是 `2999-01-01`，应为今天以前"),
    problem("results.0.remark", "`remark` has 501 characters; expected at most 500", "`remark` 有 501 个字符，最多 500 个"),
    problem("hours", "`Mo 25` is not readable", "`Mo 25` 无法识别"),
    problem("name", "`other` is `x`", "`other` 是 `x`"),
  ] });
  const texts = () => fieldProblems(error).map(({ text }) => text);

  it("stands at the field, without the name that programs know it by", () => {
    expect(texts()).toEqual(["`2999-01-01`，应为今天以前", "有 501 个字符，最多 500 个", "`Mo 25` 无法识别", "`other` 是 `x`"]);
    switchLanguage();
    expect(texts()).toEqual(["`2999-01-01`; expected a day to today", "has 501 characters; expected at most 500", "`Mo 25` is not readable", "`other` is `x`"]);
    switchLanguage();
  });
});
