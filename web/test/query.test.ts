// How the form becomes a request, and where the list starts when nobody has said where they are.
import { describe, expect, it } from "vitest";
import { districtLabels } from "../src/find/district-labels";
import { readAddress } from "../src/find/address";
import { readLine } from "../src/shared/coordinates";
import { firstQuery, middleOf, nearestParameters, routeParameters } from "../src/find/query";

const PLACE = { lon: 109.51, lat: 18.25, datum: "wgs84" } as const;

describe("the request", () => {
  it("asks for what is open on arrival and keeps the unknown, as the page opens", () =>
    expect(nearestParameters(firstQuery(), PLACE, "zh")).toEqual({
      lon: "109.510000", lat: "18.250000", coord: "wgs84", limit: "10", mode: "walk", lang: "zh", open: "arrival", include_unknown: "true",
    }));

  it("names the facilities and leaves out what is switched off", () => {
    const query = { ...firstQuery(), openOnArrival: false, includeUnknown: false, mode: "ebike" as const };
    query.facilities.add("microwave").add("toilet");
    expect(nearestParameters(query, PLACE, "en")).toEqual({
      lon: "109.510000", lat: "18.250000", coord: "wgs84", limit: "10", mode: "ebike", lang: "en", facilities: "microwave,toilet",
    });
  });
});

describe("the datum of what was typed", () => {
  it("is sent along, and the numbers are left as they are", () =>
    expect(nearestParameters(firstQuery(), { ...PLACE, datum: "bd09" }, "zh")).toMatchObject({
      lon: "109.510000", lat: "18.250000", coord: "bd09",
    }));
});

describe("the middle of the stations", () => {
  it("is where most are, not the middle of the box", () =>
    expect(middleOf([[109.5, 18.25], [109.51, 18.26], [109.52, 18.24], [109.1, 18.6], [109.53, 18.25]]))
      .toEqual({ lon: 109.51, lat: 18.25, datum: "wgs84" }));
  it("is nowhere when there are none", () => expect(middleOf([])).toBeNull());
});

describe("district names", () => {
  const square = (west: number, size: number) => [[
    [west, 0], [west + size, 0], [west + size, size], [west, size], [west, 0],
  ]];
  const district = (geometry: GeoJSON.Geometry, name: unknown): GeoJSON.FeatureCollection =>
    ({ type: "FeatureCollection", features: [{ type: "Feature", geometry, properties: { name } }] });

  it("lie in the middle of the largest piece", () => {
    const [label] = districtLabels(district({ type: "MultiPolygon", coordinates: [square(100, 1), square(110, 2)] }, "甲区"));
    expect(label?.name).toBe("甲区");
    expect(label?.lon).toBeCloseTo(111, 9);
    expect(label?.lat).toBeCloseTo(1, 9);
  });
  it("are left out for districts without a name or an area", () => {
    expect(districtLabels(district({ type: "Polygon", coordinates: square(100, 1) }, null))).toEqual([]);
    expect(districtLabels(district({ type: "Polygon", coordinates: [[]] }, "乙区"))).toEqual([]);
    expect(districtLabels(null)).toEqual([]);
  });
});

describe("a route", () => {
  it("is asked for in one datum, whatever its corners came in", () => {
    const query = { ...firstQuery(), route: [PLACE, { lon: 109.515861, lat: 18.252449, datum: "gcj02" as const }], reach_m: 1000 };
    expect(routeParameters(query, "zh")).toMatchObject({ line: "109.510000,18.250000;109.511776,18.254154", distance_m: "1000", limit: "50" });
  });
  it("is read from a line", () => {
    expect(readLine("109.49,18.24;18.26,109.53")?.map(({ lon }) => lon)).toEqual([109.49, 109.53]);
    expect(readLine("109.49,18.24")).toBeNull();
    expect(readLine("河东路;109.49,18.24")).toBeNull();
  });
});

describe("the address of the page", () => {
  const read = (search: string) => {
    const query = firstQuery();
    readAddress(query, search);
    return query;
  };
  it("says place and wishes", () => {
    const query = read("?lon=109.5&lat=18.2&coord=bd09&name=家&facilities=toilet,ice,coffee&mode=ebike&open=any&include_unknown=false");
    expect(query).toMatchObject({ place: { lon: 109.5, lat: 18.2, datum: "bd09" }, placeFrom: "link", placeName: "家", mode: "ebike", openOnArrival: false, includeUnknown: false });
    expect([...query.facilities]).toEqual(["toilet", "ice"]);
  });
  it("is as if it were not there where it cannot be read", () => {
    for (const search of ["?lon=109.5", "?lon=x&lat=1", "?lon=1&lat=91", "?lon=&lat=", "?lon=181&lat=1"]) expect(read(search).place, search).toBeNull();
  });
});
