// The words and numbers of the planner's page, in both languages.
import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { en as sharedEn } from "../src/shared/words.en";
import { zh as sharedZh } from "../src/shared/words.zh";
import { area, metres, percent, points, weightDifference } from "../src/plan/format";
import { en } from "../src/plan/words.en";
import { zh } from "../src/plan/words.zh";

// The language is read from the address when the words are loaded.
vi.hoisted(() => { globalThis.location = new URL("http://127.0.0.1/plan") as unknown as Location; });

describe("the words of the page", () => {
  it("are there for every place in plan.html that names one", () => {
    const html = readFileSync(new URL("../plan.html", import.meta.url), "utf8");
    const named = [...html.matchAll(/data-(?:text|label|placeholder)="(\w+)"/g)].map(([, key]) => key ?? "");
    expect(named.length).toBeGreaterThan(40);
    for (const words of [{ ...sharedZh, ...zh }, { ...sharedEn, ...en }] as Record<string, unknown>[]) {
      expect(named.filter((key) => typeof words[key] !== "string")).toEqual([]);
    }
  });

  it("have no Chinese in English", () => {
    const texts = (value: unknown): string[] => (typeof value === "string" ? [value] : value !== null && typeof value === "object" ? Object.values(value).flatMap(texts) : []);
    expect(texts(en).filter((text) => /[\u4e00-\u9fff]/.test(text))).toEqual([]);
  });
});

describe("numbers", () => {
  it("never look like nothing or all when they are not", () => {
    expect([0, 0.00004, 0.004, 0.0837, 0.5, 0.99996, 1].map(percent)).toEqual(["0%", "<0.01%", "0.40%", "8.37%", "50.0%", ">99.99%", "100%"]);
  });

  it("are said to be unknown when they are", () => {
    expect([percent(null), metres(null), points(null)]).toEqual(["不清楚", "不清楚", "不清楚"]);
  });

  it("have their unit and their sign", () => {
    expect(area(0)).toBe("0 平方公里");
    expect(area(1_899_072_785)).toBe("1,899 平方公里");
    expect([metres(833.3), metres(4980)]).toEqual(["833 米", "4.98 公里"]);
    expect([points(0.00113), points(-0.05), points(0.000001)]).toEqual(["+0.11 个百分点", "−5.00 个百分点", "±0.00 个百分点"]);
    expect(weightDifference("riders", -12.34)).toBe("−12.3");
  });
});
