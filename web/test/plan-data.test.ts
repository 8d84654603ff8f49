// Tables, files, events, distances and numbers of the planner's page.
import { describe, expect, it, vi } from "vitest";
import { parseCsv } from "../src/plan/csv";
import { histogram, readPlaces } from "../src/plan/distances";
import { broken } from "../src/plan/download";
import { EventReader } from "../src/shared/events";
import { cellsOf } from "../src/plan/hours";
import { sorted } from "../src/plan/table";
import { readUpload, UploadError } from "../src/plan/uploads";

// The language is read from the address when the words are loaded.
vi.hoisted(() => { globalThis.location = new URL("http://127.0.0.1/plan") as unknown as Location; });

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

describe("a table as text", () => {
  it("is split at its own separator", () => {
    expect(parseCsv("a,b\n1,2\n")).toEqual([["a", "b"], ["1", "2"]]);
    expect(parseCsv("\ufeffa;b\r\n1;2\r\n\r\n")).toEqual([["a", "b"], ["1", "2"]]);
    expect(parseCsv("a\tb\n1\t2")).toEqual([["a", "b"], ["1", "2"]]);
  });

  it("keeps separators, lines and quotes inside quotes", () => {
    expect(parseCsv('a,b\n"x, ""y""\nz",2\n')).toEqual([["a", "b"], ['x, "y"\nz', "2"]]);
  });
});

describe("demand and districts of one's own", () => {
  const why = (kind: "demand" | "districts", text: string) => {
    try {
      readUpload(kind, "f", bytes(text));
    } catch (error) {
      if (error instanceof UploadError) return [error.problem, error.row];
      throw error;
    }
    return null;
  };

  it("are points with their weights when they are a table", () => {
    const { data } = readUpload("demand", "d.csv", bytes("名称,经度,纬度,骑手\n甲,109.5,18.2,3\n乙,109.6,18.3,4.5\n"));
    expect(data.features.map(({ properties }) => properties)).toEqual([{ 骑手: 3 }, { 骑手: 4.5 }]);
    expect(data.features[1]?.geometry).toEqual({ type: "Point", coordinates: [109.6, 18.3] });
  });

  it("are read in the encoding of Chinese spreadsheets too", () => {
    const gbk = new Uint8Array([0xbe, 0xad, 0xb6, 0xc8, 0x2c, 0xce, 0xb3, 0xb6, 0xc8, 0x0a, 0x31, 0x30, 0x39, 0x2c, 0x31, 0x38]);
    expect(readUpload("demand", "d.csv", gbk.buffer).data.features).toHaveLength(1);
  });

  it("are refused with the reason and the row", () => {
    expect(why("demand", "a,b\n1,2")).toEqual(["no_place_columns", 0]);
    expect(why("demand", "lon,lat\n109,18\n109,north")).toEqual(["bad_place", 3]);
    expect(why("demand", "lon,lat\n18,109")).toEqual(["bad_place", 2]);
    expect(why("demand", "lon,lat\n")).toEqual(["empty", 0]);
    expect(why("demand", "{")).toEqual(["not_json", 0]);
    expect(why("districts", "lon,lat\n109,18")).toEqual(["not_json", 0]);
    expect(why("districts", '{"type":"Feature"}')).toEqual(["not_collection", 0]);
    expect(why("districts", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}]}')).toEqual(["not_areas", 1]);
  });

  it("are refused before they are sent when they are too large for the service", () => {
    const of = (length: number) => `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"x":"${"a".repeat(length)}"}}]}`;
    expect(why("demand", of(16 * 1024 * 1024 - 65 * 1024))).toBeNull();
    expect(why("demand", of(16 * 1024 * 1024 - 64 * 1024))).toEqual(["too_large", 0]);
  });
});

describe("events", () => {
  it("come out whole, however they were cut", () => {
    const text = 'event: progress\ndata: {"done":1}\n\n: nothing\n\nevent: result\ndata: {"a":\ndata: 1}\n\n';
    for (const size of [1, 2, 7, 1000]) {
      const reader = new EventReader();
      const events = [];
      for (let at = 0; at < text.length; at += size) events.push(...reader.push(text.slice(at, at + size)));
      expect(events).toEqual([{ event: "progress", data: '{"done":1}' }, { event: "result", data: '{"a":\n1}' }]);
    }
  });
});

describe("distances", () => {
  const places = readPlaces([
    "lon,lat,id,district,adcode,cover,nearest_station,distance_m,nearest_perhaps_station,distance_perhaps_m,riders",
    "1,1,,,,sure,a,400.0,a,400.0,3", "1,1,,,,sure,a,0.0,a,0.0,1", "1,1,,,,perhaps,a,401.0,b,10.0,2", "1,1,,,,not,a,99999.0,a,99999.0,4", "1,1,,,,not,,,,,5",
  ].join("\n"));

  it("are put into bins, and the reach itself is within", () => {
    const { bins, total, none } = histogram(places, "riders", 400);
    expect(total).toBe(15);
    expect(bins.filter(({ within }) => within).map(({ sure }) => sure)).toEqual([1, 0, 0, 3]);
    expect(bins[4]).toMatchObject({ from_m: 400, to_m: 600, sure: 2, within: false });
    expect(bins[bins.length - 1]).toMatchObject({ to_m: Infinity, sure: 4 });
    expect(none).toEqual({ sure: 5, perhaps: 5 });
    expect(bins[0]?.perhaps).toBe(3);
  });

  it("lose nothing on the way: bins and none add up to the total", () => {
    const { bins, total, none } = histogram(places, "riders", 123);
    for (const kind of ["sure", "perhaps"] as const) expect(bins.reduce((sum, bin) => sum + bin[kind], none[kind])).toBe(total);
  });
});

describe("hours", () => {
  it("count days from the first of the span", () => {
    const row = (hour: string) => ({ hour, weights: [{ sure_share: 0.5, perhaps_share: null }] });
    expect(cellsOf([row("th-00"), row("th-23")], 0)).toEqual([
      { day: 0, hour: 0, sure: 0.5, perhaps: null }, { day: 0, hour: 23, sure: 0.5, perhaps: null }]);
    expect(cellsOf([row("mo-00"), row("su-05")], 0)[1]).toMatchObject({ day: 6, hour: 5 });
    expect(cellsOf([row("mo-00")], 3)[0]).toMatchObject({ sure: null, perhaps: null });
  });
});

describe("a sorted table", () => {
  const columns = [{ key: "n", head: "", by: (row: { n: number | null }) => row.n, cell: () => "" }];
  const order = (down: boolean) => sorted([{ n: 2 }, { n: null }, { n: 10 }, { n: 1 }], columns, { key: "n", down }).map(({ n }) => n);
  it("has what is not known last, up and down", () => {
    expect(order(false)).toEqual([1, 2, 10, null]);
    expect(order(true)).toEqual([10, 2, 1, null]);
  });
});

describe("the words under a picture", () => {
  it("are broken between words, and anywhere between Chinese characters", () => {
    expect(broken("one two three", 7, (text) => text.length)).toEqual(["one two", "three"]);
    expect(broken("步行十五分钟以内", 3, (text) => text.length)).toEqual(["步行十", "五分钟", "以内"]);
  });
});
