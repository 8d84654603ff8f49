// The search: characters, pinyin in full, initials, mixed; and which places addresses name.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { City } from "../src/offline/kept";
import { isLatin, matchCharacters, matchSyllables } from "../src/search/match";
import { syllables } from "../src/search/pinyin";
import { namesOf, roadOf, search } from "../src/search/places";

const read = (name: string) => JSON.parse(readFileSync(`../data/${name}.geojson`, "utf8"));
const CITY = { stations: read("demo_city").features, districts: read("districts") } as City;

describe("what is typed", () => {
  it("matches 河东路 in every way that people type it", () => {
    const river = syllables("河东路");
    expect(river).toEqual(["he", "dong", "lu"]);
    for (const query of ["hdl", "hedonglu", "he dong lu", "hedl", "hdlu", "HDL", "dongl", "ｈｄｌ"]) expect(matchSyllables(river, query), query).not.toBeNull();
    for (const query of ["hdx", "hlu", "hedonglux", "", "东"]) expect(matchSyllables(river, query), query).toBeNull();
    for (const query of ["河东", "东路", "河 东 路"]) expect(matchCharacters("河东路", query), query).not.toBeNull();
  });
  it("matches better at the beginning", () =>
    expect(matchSyllables(["he", "dong"], "h")).toBeLessThan(matchSyllables(["a", "he"], "h") ?? 0));
  it("tells letters from characters", () => {
    expect(isLatin("hdl")).toBe(true);
    expect(isLatin("河d")).toBe(false);
    expect(isLatin("109.5")).toBe(false);
  });
  it("reads characters of two sounds by the word", () => expect(syllables("重庆路长途车站")).toEqual(["chong", "qing", "lu", "chang", "tu", "che", "zhan"]));
});

describe("the places that addresses name", () => {
  it("come after province, city and district", () => {
    expect(roadOf("海南省三亚市吉阳区河东路北段（示例地址）")).toBe("河东路");
    expect(roadOf("三亚市天涯区三亚湾路128号")).toBe("三亚湾路");
    expect(roadOf("内蒙古自治区呼和浩特市新城区中山东路")).toBe("中山东路");
    expect(roadOf("")).toBeNull();
  });
});

describe("the search", () => {
  const names = namesOf(CITY);
  it("finds the road first, and then the stations on it", () => {
    const found = search(names, "hdl", syllables, 8);
    expect(found[0]).toMatchObject({ kind: "road", name: "河东路", detail: "吉阳区" });
    expect(found.filter(({ kind }) => kind === "station").length).toBeGreaterThan(0);
  });
  it("finds districts and stations by characters", () => {
    expect(search(names, "吉阳", null, 3)[0]).toMatchObject({ kind: "district", name: "吉阳区" });
    expect(search(names, "藤桥社区党群", null, 3)[0]?.id).toBe("sy-001");
    expect(search(names, "藤桥社区示例爱心驿站", null, 3)[0]?.id).toBe("sy-001");
  });
  it("finds nothing for nothing", () => {
    expect(search(names, "  ", syllables, 8)).toEqual([]);
    expect(search(names, "qqqq", syllables, 8)).toEqual([]);
  });
});
