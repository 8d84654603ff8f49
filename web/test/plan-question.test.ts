// The question of the planner: what becomes of it as parameters and as an address.
import { describe, expect, it } from "vitest";
import { atOf, coverageParameters, firstQuestion, fromSearch, hoursParameters, isDate, stationParameters, toSearch, type Question } from "../src/plan/question";

const asked = (change: Partial<Question>): Question => ({ ...firstQuestion(), ...change });

describe("the time of a question", () => {
  it("is not looked at until a day is chosen", () => {
    expect(atOf(firstQuestion())).toBeNull();
    expect(coverageParameters(firstQuestion(), "zh")).toEqual({ minutes: "15", mode: "walk", k: "1", lang: "zh" });
  });

  it("is now, an hour of the week, or a moment of a date on the register's clock", () => {
    expect(atOf(asked({ day: "now" }))).toBe("now");
    expect(atOf(asked({ day: "mo", hour: 4 }))).toBe("mo-04:00");
    expect(atOf(asked({ day: "date", date: "2026-10-01", hour: 23 }))).toBe("2026-10-01T23:00:00+08:00");
  });

  it("is left out while the date is not one", () => {
    for (const date of ["", "2026-02-30", "2026-2-3", "tomorrow"]) expect(atOf(asked({ day: "date", date }))).toBeNull();
    expect(isDate("2024-02-29")).toBe(true);
  });

  it("gives the hours of a date their own day, and everything else the ordinary week", () => {
    expect(hoursParameters(asked({ day: "date", date: "2026-10-01" }), "en")).toMatchObject({ date: "2026-10-01", lang: "en" });
    const week = hoursParameters(asked({ day: "mo", hour: 4 }), "en");
    expect(week).not.toHaveProperty("date");
    expect(week).not.toHaveProperty("at");
  });
});

describe("the stations of a question", () => {
  it("are those of the same filters at the moment that the service understood", () => {
    const question = asked({ facilities: ["toilet"], hosts: ["union"] });
    expect(stationParameters(question, "2026-11-16T04:00:00+08:00", true)).toEqual({
      status: "open", fields: "host", limit: "10000", facilities: "toilet", hosts: "union", open: "2026-11-16T04:00:00+08:00", include_unknown: "true",
    });
    expect(stationParameters(question, null, false)).not.toHaveProperty("open");
  });
});

describe("the address", () => {
  it("says nothing of what is as at the beginning", () => {
    expect(toSearch(firstQuestion()).toString()).toBe("");
  });

  it("gives back every question that it was made from", () => {
    const questions = [
      asked({ minutes: 7.5, mode: "ebike", k: 3, districts: ["吉阳区", "天涯区"] }),
      asked({ day: "su", hour: 0, facilities: ["drinking_water", "toilet"], hosts: ["bank_branch"] }),
      asked({ day: "date", date: "2026-10-01", hour: 5 }),
      asked({ day: "now" }),
    ];
    for (const question of questions) expect(fromSearch(new URLSearchParams(toSearch(question).toString()))).toEqual(question);
  });

  it("is read as at the beginning where it cannot be read", () => {
    const search = new URLSearchParams("minutes=1000&mode=boat&k=9&facilities=sauna&hosts=nobody&day=monday&hour=24");
    expect(fromSearch(search)).toEqual(firstQuestion());
    expect(fromSearch(new URLSearchParams("minutes=&day=2026-02-30"))).toEqual(firstQuestion());
  });
});
