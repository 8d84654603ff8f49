// The logic of the part that keeps stations: what changed, what differs from theirs, why, and the QR code.
import jsQR from "jsqr";
import { describe, expect, it } from "vitest";
import { differences, merged } from "../src/keep/stations/conflict";
import { changedParts, documentOf, type Draft, draftOf, emptyDraft, isCoordinate, isSame, PARTS, patchOf } from "../src/keep/stations/draft";
import { qrModules } from "../src/keep/stations/qr";
import { MOST_WHY, whyHeaders, whyLength } from "../src/keep/stations/why";
import { en } from "../src/keep/stations/words.en";
import { zh } from "../src/keep/stations/words.zh";
import { FACILITIES } from "../src/shared/facilities";
import type { StationFeature } from "../src/shared/types";

const FEATURE = {
  type: "Feature", id: "a", geometry: { type: "Point", coordinates: [109.5, 18.25] },
  properties: {
    name: "河东路驿站", aliases: ["甲", "乙"], address: null, host: "union", audience: ["courier", "rider"], status: "open", hours: "24/7", hours_text: null, seats: 8, floor_area_m2: 34.5,
    facilities: { microwave: "yes", toilet: "no" }, facility_details: { microwave: { source: "巡查", verified_at: "2026-10-02" } }, map_listings: { amap: "yes" },
    original: { lon: 109.504, lat: 18.248, datum: "gcj02" }, revision: 3,
  },
} as unknown as StationFeature;

const changed = (more: Partial<Draft>, from: Draft = draftOf(FEATURE)): Draft => ({ ...from, ...more });

describe("the form of a station", () => {
  it("shows what the record says, and what it does not say as unknown", () => {
    const draft = draftOf(FEATURE);
    expect(draft).toMatchObject({ name: "河东路驿站", aliases: "甲\n乙", address: "", audience: "courier,rider", seats: "8", floor_area_m2: "34.5" });
    expect([draft["facilities.microwave"], draft["facilities.ice"], draft["map_listings.amap"], draft["map_listings.baidu"]]).toEqual(["yes", "unknown", "yes", "unknown"]);
  });

  it("shows the coordinate as it was given, in its own datum", () => {
    expect(draftOf(FEATURE)).toMatchObject({ lon: "109.504", lat: "18.248", datum: "gcj02" });
    const { original: _, ...properties } = FEATURE.properties;
    expect(draftOf({ ...FEATURE, properties: properties as StationFeature["properties"] })).toMatchObject({ lon: "109.5", lat: "18.25", datum: "wgs84" });
  });

  it("knows no datum of a new station", () => {
    expect(emptyDraft()).toMatchObject({ lon: "", lat: "", datum: "", status: "open", "facilities.toilet": "unknown" });
  });

  it("has every facility and every map once among its parts", () => {
    expect(new Set(PARTS).size).toBe(PARTS.length);
    for (const facility of FACILITIES) expect(PARTS).toContain(`facilities.${facility}`);
  });

  it("takes a coordinate for one only when it is a number on the globe", () => {
    expect(["109.5", "-180", "180", " 18 "].map((text) => isCoordinate(text, 180))).toEqual([true, true, true, true]);
    expect(["", " ", "180.1", "1,5", "x", "Infinity"].map((text) => isCoordinate(text, 180))).toEqual([false, false, false, false, false, false]);
  });
});

describe("the patch", () => {
  const base = draftOf(FEATURE);

  it("is none when nothing changed, nor when only spaces, empty lines or zeros did", () => {
    expect(patchOf(base, { ...base })).toBeNull();
    expect(patchOf(base, changed({ name: " 河东路驿站 ", aliases: "甲\n\n 乙 \n", seats: "08", lon: "109.5040" }))).toBeNull();
  });

  it("names what changed and nothing else, each in its own type", () => {
    const patch = patchOf(base, changed({ phone: "12351", seats: "", floor_area_m2: "40", aliases: "甲", audience: "", "facilities.toilet": "out_of_order", "facilities.ice": "yes", "map_listings.baidu": "no" }));
    expect(patch).toEqual({ datum: null, document: { properties: {
      phone: "12351", seats: null, floor_area_m2: 40, aliases: ["甲"], audience: null, facilities: { toilet: "out_of_order", ice: "yes" }, map_listings: { baidu: "no" },
    } } });
  });

  it("sends a number that is none as it was typed, so that the service can say so", () => {
    expect(patchOf(base, changed({ seats: "八" }))?.document.properties).toEqual({ seats: "八" });
  });

  it("drops the source of a state together with the state", () => {
    expect(patchOf(base, changed({ "facilities.microwave": "unknown" }), ["microwave"])?.document.properties)
      .toEqual({ facilities: { microwave: null }, facility_details: { microwave: null } });
    expect(patchOf(base, changed({ "facilities.ice": "no" }), ["microwave"])?.document.properties).toEqual({ facilities: { ice: "no" } });
  });

  it("sends a place whole, with its datum, when any of the three changed", () => {
    for (const more of [{ lon: "109.6" }, { lat: "18.3" }, { datum: "bd09" }]) {
      const patch = patchOf(base, changed(more));
      const { lon, lat, datum } = changed(more);
      expect(patch).toEqual({ datum, document: { properties: {}, geometry: { type: "Point", coordinates: [Number(lon), Number(lat)] } } });
    }
  });

  it("of a new station has what is known", () => {
    const draft = changed({ name: "新站", lon: "109.2", lat: "18.1", datum: "wgs84", "facilities.toilet": "no" }, emptyDraft());
    expect(documentOf(draft)).toEqual({ datum: "wgs84", document: { type: "Feature", geometry: { type: "Point", coordinates: [109.2, 18.1] }, properties: { name: "新站", status: "open", facilities: { toilet: "no" } } } });
  });
});

describe("a conflict", () => {
  const base = draftOf(FEATURE);
  const theirs = changed({ phone: "1", operator: "区总工会", "facilities.ice": "yes", address: "同一处" });
  const yours = changed({ phone: "2", seats: "9", address: "同一处" });

  it("is what differs: decided where one side changed it, open where both did", () => {
    expect(differences(base, theirs, yours)).toEqual([
      { part: "facilities.ice", chosen: "theirs", isBoth: false },
      { part: "seats", chosen: "yours", isBoth: false },
      { part: "operator", chosen: "theirs", isBoth: false },
      { part: "phone", chosen: null, isBoth: true },
    ]);
  });

  it("cannot be saved before everything is chosen, and then is theirs with yours where chosen", () => {
    const found = differences(base, theirs, yours);
    expect(merged(theirs, yours, found)).toBeNull();
    for (const one of found) if (one.part === "phone") one.chosen = "yours";
    const chosen = merged(theirs, yours, found);
    expect(chosen).toMatchObject({ phone: "2", seats: "9", operator: "区总工会", "facilities.ice": "yes" });
    // What is sent then is only yours.
    expect(patchOf(theirs, chosen ?? theirs)?.document.properties).toEqual({ phone: "2", seats: 9 });
  });

  it("takes a place as one thing", () => {
    const [moved, moved2] = [changed({ lon: "109.6" }), changed({ lat: "18.3", datum: "wgs84" })];
    const found = differences(base, moved, moved2);
    expect(found).toEqual([{ part: "location", chosen: null, isBoth: true }]);
    expect(merged(moved, moved2, [{ part: "location", chosen: "yours", isBoth: true }])).toMatchObject({ lon: "109.504", lat: "18.3", datum: "wgs84" });
  });

  it("of any two drafts, chosen all one way, is that side", () => {
    // All parts, changed on both sides in every combination.
    PARTS.forEach((part, at) => {
      const key = (part === "location" ? "lon" : part) as keyof Draft;
      const [a, b] = [changed({ [key]: at % 2 === 0 ? "7" : "x" }), changed({ [key]: "8" })];
      for (const side of ["theirs", "yours"] as const) {
        const chosen = merged(a, b, differences(base, a, b).map((one) => ({ ...one, chosen: side })));
        expect(changedParts(side === "theirs" ? a : b, chosen ?? base)).toEqual([]);
        expect(isSame(part, chosen ?? base, side === "theirs" ? a : b)).toBe(true);
      }
    });
  });
});

describe("the reason", () => {
  it("goes percent-encoded, and not at all when it is empty", () => {
    expect(whyHeaders("  ")).toEqual({});
    for (const why of ["换了电话", "100% & <b>\n新", "😀"]) {
      const { "X-Yizhan-Why": header = "" } = whyHeaders(why);
      expect(header).toMatch(/^[\x21-\x7e]+$/);
      expect(decodeURIComponent(header)).toBe(why);
    }
  });

  it("takes half a character for an unreadable one", () => {
    expect(decodeURIComponent(whyHeaders("a\ud83d")["X-Yizhan-Why"] ?? "")).toBe("a\ufffd");
  });

  it("is counted in characters, as the service does", () => {
    expect(whyLength(" 😀字 ")).toBe(2);
    expect(whyLength("字".repeat(MOST_WHY))).toBe(200);
  });
});

describe("the QR code", () => {
  it("is read by another library as the address it was made of", () => {
    for (const text of ["https://yizhan.example/?station=sy-001", `https://yizhan.example/?station=${encodeURIComponent("海/边 驿站 <1>")}`, `https://yizhan.example/?station=${"x".repeat(128)}`]) {
      expect(read(qrModules(text))).toBe(text);
    }
  });
});

// Eight pixels a module, with the quiet border that readers need.
function read(modules: boolean[][]): string | undefined {
  const [scale, quiet] = [8, 4];
  const size = (modules.length + 2 * quiet) * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (modules[Math.floor(y / scale) - quiet]?.[Math.floor(x / scale) - quiet] === true) pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return jsQR(pixels, size, size)?.data;
}

describe("the words", () => {
  it("are not the same in both languages, but for names", () => {
    const texts = (words: object): [string, unknown][] => Object.entries(words).flatMap(([key, value]): [string, unknown][] => (typeof value === "object" && value !== null ? texts(value as object).map(([inner, text]) => [`${key}.${inner}`, text]) : [[key, value]]));
    const [chinese, english] = [new Map(texts(zh)), new Map(texts(en))];
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    const same = [...chinese].filter(([key, value]) => typeof value === "string" && english.get(key) === value).map(([key]) => key);
    expect(same).toEqual(["datums.wgs84", "datums.gcj02", "datums.bd09"]);
  });
});
