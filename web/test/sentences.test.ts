// The sentences of the list, in both languages.
import { describe, expect, it } from "vitest";
import { clockText, distanceText, durationText, openStateText, travelText } from "../src/find/sentences";
import type { OpenState } from "../src/shared/types";
import { en } from "../src/shared/words.en";
import { zh } from "../src/shared/words.zh";

const AT = "2026-11-21T18:02:13+08:00";
const UNKNOWN: OpenState = {
  at: AT, state: "unknown", reason: "hours_not_stated", reason_text: "没有写开放时间", changes_at: null,
  next_state: null, minutes_to_change: null, closes_at: null, opens_at: null,
};

function open(closes_at: string, minutes_to_change: number): OpenState {
  return {
    ...UNKNOWN, state: "open", reason: "within_hours", reason_text: "在开放时间内", changes_at: closes_at, closes_at,
    next_state: "closed", minutes_to_change,
  };
}

function closed(opens_at: string, minutes_to_change: number): OpenState {
  return {
    ...UNKNOWN, state: "closed", reason: "outside_hours", reason_text: "不在开放时间内", changes_at: opens_at, opens_at,
    next_state: "open", minutes_to_change,
  };
}

describe("distance and travel time", () => {
  it.each([[3, "3 米"], [123.4, "120 米"], [994, "990 米"], [995, "1.0 公里"], [5230, "5.2 公里"], [123_456, "123 公里"]])(
    "%d metres are %s", (distance_m, text) => expect(distanceText(distance_m, zh)).toBe(text));

  it.each([[0, "1 分钟"], [60, "1 分钟"], [61, "2 分钟"], [3600, "1 小时"], [5460, "1 小时 31 分钟"], [35_940, "9 小时 59 分钟"], [37_000, "10 小时"]])(
    "%d seconds are %s", (duration_s, text) => expect(durationText(duration_s, zh)).toBe(text));

  it("names the way", () => {
    expect(travelText(133, "walk", zh)).toBe("步行约 3 分钟");
    expect(travelText(133, "ebike", en)).toBe("~3 min ride");
  });
});

describe("whether the door is open", () => {
  it("says until when, by the clock when that is far", () => {
    expect(openStateText(open("2026-11-21T22:00:00+08:00", 237), true, zh)).toBe("到达时开着，开到 22:00");
    expect(openStateText(open("2026-11-21T22:00:00+08:00", 237), false, en)).toBe("Open now, until 22:00");
  });

  it("says in minutes what happens soon", () => {
    expect(openStateText(open("2026-11-21T18:22:00+08:00", 19), true, zh)).toBe("到达时开着，到达后 19 分钟就关门（18:22）");
    expect(openStateText(open("2026-11-21T18:22:00+08:00", 19), false, en)).toBe("Open now, closes 19 min from now (18:22)");
    expect(openStateText(closed("2026-11-21T18:14:00+08:00", 12), false, zh)).toBe("现在关着，12 分钟后开门（18:14）");
    expect(openStateText(closed("2026-11-21T18:14:00+08:00", 12), true, en)).toBe("Closed when you arrive, opens 12 min later (18:14)");
  });

  it("names the day when it is not today", () => {
    expect(openStateText(closed("2026-11-22T08:00:00+08:00", 837), false, zh)).toBe("现在关着，明天 08:00 开门");
    expect(openStateText(closed("2026-11-24T08:00:00+08:00", 3717), false, en)).toBe("Closed now, opens Nov 24 08:00");
  });

  it("says all day for a station that never closes", () =>
    expect(openStateText({ ...UNKNOWN, state: "open", reason: "always_open" }, true, zh)).toBe("到达时开着，全天开放"));

  it("gives the reason when it is not known, and never a time", () =>
    expect(openStateText({ ...UNKNOWN, changes_at: AT, next_state: "open" }, true, zh)).toBe("不清楚开不开门：没有写开放时间"));

  it("gives the reason when it is closed without an end", () =>
    expect(openStateText({ ...UNKNOWN, state: "closed", reason: "station_suspended", reason_text: "站点暂停开放" }, false, zh))
      .toBe("现在关着：站点暂停开放"));

  it("says open without an end when the next change is not a closing", () =>
    expect(openStateText({ ...open(AT, 5), next_state: "unknown", closes_at: null }, false, zh)).toBe("现在开着"));
});

describe("clock", () => {
  it("calls the end of the day 24:00", () => expect(clockText("2026-11-22T00:00:00+08:00", AT, zh)).toBe("24:00"));
  it("knows tomorrow across the end of a month", () =>
    expect(clockText("2026-12-01T06:30:00+08:00", "2026-11-30T23:00:00+08:00", zh)).toBe("明天 06:30"));
});
