// The logic of imports: choices and the decisions they come to, corrections of columns, points in each datum, and words.
import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { canChoose, Choices, optionsOf, rowChoice } from "../src/keep/imports/choices";
import { effects, needsDatum } from "../src/keep/imports/commit-part";
import { isCorrected, noCorrections, patchOf, TARGET_GROUPS, valueOf } from "../src/keep/imports/mapping";
import { meanShift_m, numbersOf, readIn } from "../src/keep/imports/points";
import { fieldName, metres, OUTCOMES, targetName, valueText } from "../src/keep/imports/shown";
import type { Column, Decision, Import, Row } from "../src/keep/imports/types";
import { whyHeader } from "../src/keep/imports/undo";
import { sizeText } from "../src/keep/imports/upload";
import { en } from "../src/keep/imports/words.en";
import { zh } from "../src/keep/imports/words.zh";

// The language is read from the address when the words are loaded.
vi.hoisted(() => { globalThis.location = new URL("http://127.0.0.1/keep?tab=imports") as unknown as Location; });

const OPENAPI = readFileSync(new URL("../../openapi.yaml", import.meta.url), "utf8");

describe("choices", () => {
  it("come to nothing when they go back to what is decided", () => {
    const decided: Decision[] = [{ row: 7, decide: "skip" }];
    const choices = new Choices();
    choices.setRow(7, { kind: "skip" }, decided);
    choices.setField(8, "phone", "undecided", "undecided");
    choices.setDeleted("sy-1", false, false);
    expect(choices.size).toBe(0);
    expect(choices.entries(decided)).toEqual([]);
  });

  it("take back a row before they say something else of it, and say its fields again", () => {
    const decided: Decision[] = [{ row: 7, decide: "skip" }, { row: 7, decide: "ours", field: "phone" }, { row: 8, decide: "new" }];
    const choices = new Choices();
    choices.setRow(7, { kind: "match", station: "sy-3" }, decided);
    choices.setField(7, "hours", "theirs", "undecided");
    expect(choices.entries(decided)).toEqual([
      { row: 7, decide: "undecided" }, { row: 7, decide: "match", station: "sy-3" }, { row: 7, decide: "ours", field: "phone" },
      { row: 7, decide: "theirs", field: "hours" },
    ]);
    expect(choices.size).toBe(2);
  });

  it("of all conflicts come before those of rows, and missing stations last", () => {
    const choices = new Choices();
    choices.setDeleted("sy-9", true, false);
    choices.setRow(3, { kind: "take" }, []);
    choices.setEverywhere("", "ours");
    choices.setEverywhere("phone", "theirs");
    expect(choices.entries([])).toEqual([
      { decide: "ours" }, { decide: "theirs", field: "phone" }, { row: 3, decide: "undecided" }, { row: 3, decide: "take" }, { decide: "delete", station: "sy-9" },
    ]);
    choices.clear();
    expect(choices.size).toBe(0);
  });

  it("are read back from a list of decisions as the service keeps them", () => {
    const decided: Decision[] = [{ row: 1, decide: "match", station: "a" }, { row: 1, decide: "take" }, { row: 2, decide: "take" }, { row: 3, decide: "new" }, { row: 3, decide: "skip" }];
    expect(rowChoice(1, decided)).toEqual({ kind: "match", station: "a" });
    expect(rowChoice(2, decided)).toEqual({ kind: "take" });
    expect(rowChoice(3, decided)).toEqual({ kind: "skip" });
    expect(rowChoice(4, decided)).toEqual({ kind: "found" });
  });

  it("are offered as the row allows", () => {
    const candidate = { id: "sy-2", name: "乙", match: { by: "name", confidence: "possible", distance_m: 90, name_likeness: 0.7, same_phone: false }, taken_by: null } as const;
    const asked: Row = { row: 4, outcomes: ["undecided"], candidates: [candidate] };
    expect(optionsOf(asked, { kind: "found" })).toEqual([{ kind: "match", station: "sy-2" }, { kind: "new" }, { kind: "skip" }]);
    expect(optionsOf({ row: 4, outcomes: ["new"] }, { kind: "found" })).toEqual([{ kind: "skip" }]);
    expect(optionsOf({ row: 4, outcomes: ["changed"] }, { kind: "match", station: "x" })).toContainEqual({ kind: "match", station: "x" });
    expect(canChoose({ row: 4, outcomes: ["rejected"] })).toBe(false);
    expect(canChoose({ outcomes: ["missing"], id: "sy-1" })).toBe(false);
  });
});

describe("corrections of columns", () => {
  const column = (letter: string, header: string): Column => ({ letter, header, targets: [], recognised: "unknown", samples: [] });
  const known = [column("A", "名 称"), column("B", "电话"), column("C", "电话"), column("D", "")];

  it("name a column by its header, or by its letter where that tells more", () => {
    const corrections = { ...noCorrections(), columns: new Map([["A", "name"], ["B", "phone"], ["C", "ignore"], ["D", "name+facilities"]]) };
    expect(patchOf(corrections, known)).toEqual({ columns: { "名 称": ["name"], B: ["phone"], C: ["ignore"], D: ["name", "facilities"] } });
  });

  it("begin again where another sheet or header row is read", () => {
    expect(patchOf({ columns: new Map([["A", "name"]]), sheet: "二月" }, known)).toEqual({ columns: null, sheet: "二月", header_row: null });
    expect(patchOf({ columns: new Map(), headerRow: 3 }, known)).toEqual({ columns: null, header_row: 3 });
    expect(patchOf({ columns: new Map(), encoding: null }, known)).toEqual({ columns: null, encoding: null });
  });

  it("are none at first", () => {
    expect(isCorrected(noCorrections())).toBe(false);
    expect(patchOf(noCorrections(), known)).toEqual({});
    expect(isCorrected({ columns: new Map(), headerRow: null })).toBe(true);
    expect(valueOf([])).toBe("ignore");
    expect(valueOf(["name", "facilities"])).toBe("name+facilities");
  });
});

describe("points", () => {
  it("are the numbers of the sheet, whatever datum they were read in", () => {
    expect(numbersOf({ row: 1, outcomes: [], place: [109.5, 18.25] })).toEqual({ lon: 109.5, lat: 18.25 });
    expect(numbersOf({ row: 1, outcomes: [], place: [109.5, 18.25], original: { lon: 109.504, lat: 18.248, datum: "gcj02" } })).toEqual({ lon: 109.504, lat: 18.248 });
    expect(numbersOf({ row: 1, outcomes: ["unplaced"] })).toBeNull();
    expect(numbersOf({ outcomes: ["missing"], place: [109.5, 18.25] })).toBeNull();
  });

  it("move by some hundred metres in another datum, and not at all in WGS-84", () => {
    const numbers = [{ lon: 109.5012, lat: 18.2607 }];
    expect(meanShift_m(numbers, "wgs84")).toBe(0);
    // The service says 476 m and 952 m of the demo city.
    expect(meanShift_m(numbers, "gcj02")).toBeGreaterThan(400);
    expect(meanShift_m(numbers, "gcj02")).toBeLessThan(550);
    expect(meanShift_m(numbers, "bd09")).toBeGreaterThan(700);
    expect(meanShift_m([], "gcj02")).toBeNull();
    expect(readIn({ lon: -3, lat: 50 }, "gcj02")).toMatchObject({ datum: "wgs84" });
  });
});

describe("what writing does", () => {
  const none = { rows: 0, new: 0, changed: 0, unchanged: 0, conflict: 0, undecided: 0, skipped: 0, rejected: 0, unplaced: 0, duplicate: 0, missing: 0, deleted: 0, errors: 0, warnings: 0 };

  it("is said in numbers, and what stays out", () => {
    const { will, wont } = effects({ counts: { ...none, new: 1234, changed: 2, missing: 3, deleted: 1, conflict: 4, rejected: 5 } });
    expect(will).toEqual(["新增 1,234 个站点", "修改 2 个站点", "删除 1 个站点"]);
    expect(wont).toEqual([zh.wontConflict("4"), zh.wontRead("5"), zh.wontDelete("2")]);
    expect(effects({ counts: none })).toEqual({ will: [], wont: [] });
  });

  it("waits for the datum where nobody has stated it", () => {
    const of = (verdict: Import["datum"]["verdict"]) => needsDatum({ datum: { verdict, datum: null, evidence: [], evidence_zh: [], figures: null } });
    expect((["stated", "no_difference"] as const).map(of)).toEqual([false, false]);
    expect((["sure", "likely", "undecided"] as const).map(of)).toEqual([true, true, true]);
  });

  it("goes with a reason that any header can carry", () => {
    expect(whyHeader("  ")).toEqual({});
    expect(whyHeader(" 三月\n总表 ")).toEqual({ "X-Yizhan-Why": "%E4%B8%89%E6%9C%88%0A%E6%80%BB%E8%A1%A8" });
  });
});

describe("the words", () => {
  it("name every outcome, field and column word of the service", () => {
    const outcomes = /RowOutcome:[\s\S]*?enum: \[([^\]]*)\]/.exec(OPENAPI)?.[1]?.split(", ") ?? [];
    expect([...OUTCOMES].sort()).toEqual([...outcomes].sort());
    const rust = (file: string) => readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8");
    const fields = [...rust("domain/field.rs").matchAll(/^ {8}\w+ = "(\w+)",/gm)].map(([, word]) => word ?? "");
    expect(fields.length).toBeGreaterThan(15);
    const columns = [...rust("import/columns.rs").matchAll(/Self::\w+ => "(\w+)",/g)].map(([, word]) => word ?? "");
    // A person maps no column to these: they are of our own format.
    const own = ["original", "updated_at", "revision"];
    const offered = Object.values(TARGET_GROUPS).flat().filter((target) => !target.startsWith("facility:"));
    expect([...offered].sort()).toEqual(columns.filter((word) => !own.includes(word)).sort());
    for (const words of [zh, en]) {
      for (const field of fields) expect(words.fields[field], field).toBeTruthy();
      for (const target of offered) expect(words.targets[target], target).toBeTruthy();
    }
  });

  it("are those of people in fields and values, and keep what is not known as it is", () => {
    expect(fieldName("facilities.microwave")).toBe("微波炉");
    expect(fieldName("constructor")).toBe("constructor");
    expect(targetName("facility:toilet")).toBe("卫生间");
    expect(valueText("facilities.toilet", "out_of_order (2026-05-01)")).toBe("坏了 (2026-05-01)");
    expect(valueText("audience", "courier; rider")).toBe("快递员、外卖骑手");
    expect(valueText("location", "109.500000,18.250000 (gcj02)")).toBe("109.500000, 18.250000 (GCJ-02)");
    expect(valueText("phone", "<b>")).toBe("<b>");
    expect(valueText("phone", null)).toBe(zh.nothing);
    expect([metres(12.4), metres(999), metres(1500), metres(25_000)]).toEqual(["12 米", "999 米", "1.5 公里", "25 公里"]);
    expect([sizeText(12), sizeText(2048), sizeText(3 << 20)]).toEqual(["12 B", "2 kB", "3.0 MB"]);
  });
});
