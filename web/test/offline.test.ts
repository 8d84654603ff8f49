// The list without a network: distances, filters, open states and routes, by the rules of the service.
import { describe, expect, it } from "vitest";
import { daysInWords } from "../src/find/hours";
import { firstQuery } from "../src/find/query";
import type { City } from "../src/offline/kept";
import { alongKept, foundKept, nearestKept, offset_m } from "../src/offline/nearest";
import { localTime, openStateAt, spansOf } from "../src/offline/opening";
import { apply } from "../src/offline/changes";
import type { ChangesPage, StationFeature, Timetable, TimetableSpan } from "../src/shared/types";
import { en } from "../src/shared/words.en";
import { zh } from "../src/shared/words.zh";

const NOON = Date.parse("2026-11-23T12:00:00+08:00");

function station(id: string, lon: number, lat: number, properties: object = {}): StationFeature {
  return {
    type: "Feature", id, geometry: { type: "Point", coordinates: [lon, lat] }, properties: { name: id, status: "open", facilities: {}, ...properties },
  } as unknown as StationFeature;
}

function span(from: string, to: string, state: TimetableSpan["state"], reason_text: string | null = null): TimetableSpan {
  const reason = state === "open" ? "within_hours" : state === "closed" ? "outside_hours" : "hours_not_stated";
  return { from: `${from}:00+08:00`, to: `${to}:00+08:00`, state, reason, reason_text };
}

const DAY = [
  span("2026-11-23T00:00", "2026-11-23T08:00", "closed"), span("2026-11-23T08:00", "2026-11-23T12:10", "open"),
  span("2026-11-23T12:10", "2026-11-24T02:00", "closed"), span("2026-11-24T02:00", "2026-11-25T00:00", "unknown", "没有说"),
];
const TIMETABLE = {
  revision: 1, timeStamp: "", zone: "Asia/Shanghai", from: "2026-11-23", next_after: null,
  days: [{ date: "2026-11-23", kind: "workday", holiday: null }, { date: "2026-11-24", kind: "statutory_off", holiday: "春节" }],
  timetables: [DAY, [span("2026-11-23T00:00", "2026-11-25T00:00", "unknown", "没有登记")]], stations: { near: 0, far: 0, unknown: 1, closed: 0 },
} as Timetable;
const CITY = {
  kept_at: NOON, revision: 7, cursor: null, etag: null, timetable: TIMETABLE, districts: null, travel: {},
  stations: [
    station("far", 109.53, 18.25, { facilities: { toilet: "yes" } }), station("near", 109.511, 18.25, { facilities: { toilet: "no" } }),
    station("unknown", 109.52, 18.25), station("gone", 109.51, 18.25, { status: "suspended" }),
  ],
} as City;
const PLACE = { lon: 109.51, lat: 18.25, datum: "wgs84" } as const;
const ids = ({ features }: { features: { id: string }[] }) => features.map(({ id }) => id);

describe("the nearest stations of what is kept", () => {
  it("are those that are open on arrival, the unknown among them", () => {
    const answer = nearestKept(CITY, firstQuery(), PLACE, 10, zh, NOON);
    // 106 m are 2 minutes on foot; 2.1 km are 38, and it closes at 12:10.
    expect(ids(answer)).toEqual(["near", "unknown"]);
    expect(answer.features[0]?.properties.travel_time_s).toBe(Math.round(105.77 * 1.35 / 1.25));
    expect(answer.features[0]?.properties.open_state).toMatchObject({ state: "open", closes_at: "2026-11-23T12:10:00+08:00", minutes_to_change: 9 });
  });
  it("are all in service when nobody asks for open ones", () =>
    expect(ids(nearestKept(CITY, { ...firstQuery(), openOnArrival: false }, PLACE, 10, zh, NOON))).toEqual(["near", "unknown", "far"]));
  it("have every facility that is asked for, or do not say", () => {
    const query = { ...firstQuery(), openOnArrival: false, facilities: new Set(["toilet" as const]) };
    expect(ids(nearestKept(CITY, query, PLACE, 10, zh, NOON))).toEqual(["unknown", "far"]);
    expect(ids(nearestKept(CITY, { ...query, includeUnknown: false }, PLACE, 10, zh, NOON))).toEqual(["far"]);
  });
  it("are described one by one, whatever is wished for", () =>
    expect(foundKept({ ...firstQuery(), place: PLACE }, CITY.stations[0] as StationFeature, TIMETABLE, zh, NOON)?.properties.open_state.state).toBe("closed"));
});

describe("a route over what is kept", () => {
  it("lists in the order of travel what lies near it", () => {
    const line = [{ ...PLACE, lon: 109.54 }, { ...PLACE, lon: 109.50 }];
    const answer = alongKept(CITY, { ...firstQuery(), task: "route", openOnArrival: false }, line, 100, 10, zh, NOON);
    expect(ids(answer)).toEqual(["far", "unknown", "near"]);
    expect(answer.features[0]?.properties.along_m).toBeCloseTo(1058, -1);
  });
});

describe("distances without the service", () => {
  // From GeographicLib's GeodSolve.
  it.each([[109.51, 18.25, 109.511776, 18.254154, 496.7], [109.51, 18.25, 109.752176, 18.402275, 30_650]])(
    "are good to a thousandth: %d,%d to %d,%d", (lon, lat, toLon, toLat, metres) =>
      expect(Math.abs(Math.hypot(...offset_m([lon, lat], [toLon, toLat])) / metres - 1)).toBeLessThan(2e-3));
  it("go the short way across ±180°", () => expect(offset_m([179.9, 0], [-179.9, 0])[0]).toBeCloseTo(22_264, -1));
});

describe("the open state from the timetable", () => {
  it("says when it opens, beyond the next change too", () => {
    const state = openStateAt(spansOf(TIMETABLE, "near"), Date.parse("2026-11-23T07:48:30+08:00"), zh);
    expect(state).toMatchObject({ state: "closed", opens_at: "2026-11-23T08:00:00+08:00", minutes_to_change: 12 });
  });
  it("is unknown where the timetable does not reach", () => {
    expect(openStateAt(spansOf(TIMETABLE, "near"), Date.parse("2026-11-26T00:00:00+08:00"), zh)).toMatchObject({ state: "unknown", reason_text: zh.notKept });
    expect(openStateAt(spansOf(TIMETABLE, "other"), NOON, en).state).toBe("unknown");
  });
  it("is by the clock of the stations", () => expect(localTime(NOON, "2026-01-01T00:00:00+08:00")).toBe("2026-11-23T12:00:00+08:00"));
});

describe("the week in words", () => {
  it("names hours, holidays and what is not known", () => {
    expect(daysInWords(TIMETABLE.days, DAY, zh)).toEqual([
      { date: "2026-11-23", state: "open", spans: ["08:00–12:10"], notes: [] },
      { date: "2026-11-24", state: "unknown", spans: ["不清楚"], notes: ["春节放假", "没有说"] },
    ]);
  });
  it("says a night on both of its days", () => {
    const night = [span("2026-11-23T20:00", "2026-11-24T03:00", "open"), span("2026-11-24T03:00", "2026-11-25T00:00", "closed")];
    expect(daysInWords(TIMETABLE.days, night, en).map(({ spans }) => spans)).toEqual([["20:00–24:00"], ["00:00–03:00"]]);
  });
});

describe("the log of changes", () => {
  it("puts and removes, and gives the newest revision", () => {
    const stations = new Map(CITY.stations.map((one) => [one.id, one]));
    const changes = [
      { id: "near", revision: 8, at: "", kind: "remove", feature: null },
      { id: "new", revision: 9, at: "", kind: "put", feature: station("new", 1, 2) },
    ];
    expect(apply(stations, { changes, next: "x", is_complete: true, numberReturned: 2 } as unknown as ChangesPage, 7)).toBe(9);
    expect([...stations.keys()]).toEqual(["far", "unknown", "gone", "new"]);
  });
});
