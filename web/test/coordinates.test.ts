// Coordinates as people type them: which texts are read, which are swapped, which are refused.
import { describe, expect, it } from "vitest";
import { readCoordinates } from "../src/shared/coordinates";

const SANYA = { kind: "place", lon: 109.5112, lat: 18.2523, swapped: false };

describe("coordinates as text", () => {
  it.each([
    "109.5112,18.2523",
    "  109.5112 , 18.2523 ",
    "109.5112 18.2523",
    "109.5112，18.2523",
    "109.5112、18.2523",
    "109.5112;18.2523",
    "１０９．５１１２，１８．２５２３",
    "109.5112°E, 18.2523°N",
    "+109.5112,+18.2523",
  ])("reads %j", (text) => expect(readCoordinates(text)).toEqual(SANYA));

  it.each(["18.2523,109.5112", "18.2523N 109.5112E", "18.2523 109.5112"])(
    "puts the swapped %j right and says so",
    (text) => expect(readCoordinates(text)).toEqual({ ...SANYA, swapped: true }),
  );

  it("swaps both of the farthest corners of China and nothing outside it", () => {
    expect(readCoordinates("53.5,73.6")).toMatchObject({ lon: 73.6, lat: 53.5, swapped: true });
    expect(readCoordinates("3.5,135")).toMatchObject({ lon: 135, lat: 3.5, swapped: true });
    expect(readCoordinates("-0.12,51.5")).toMatchObject({ lon: -0.12, lat: 51.5, swapped: false });
    expect(readCoordinates("2.35,48.85")).toMatchObject({ lon: 2.35, lat: 48.85, swapped: false });
  });

  it("reads south and west as negative", () =>
    expect(readCoordinates("51.2W,30.03S")).toEqual({ kind: "place", lon: -51.2, lat: -30.03, swapped: false }));

  it.each(["", "109.5", "109.5,", "109.5,18.2,3", "三亚", "1e2,18", "109.5E,110.2E", "NaN,18", "109.5.1,18"])(
    "does not understand %j",
    (text) => expect(readCoordinates(text)).toEqual({ kind: "unreadable" }),
  );

  it.each(["181,18", "109.5,91", "-180.1,0"])("refuses %j as out of range", (text) =>
    expect(readCoordinates(text)).toEqual({ kind: "out_of_range" }));

  it("accepts the bounds themselves", () =>
    expect(readCoordinates("-180,90")).toEqual({ kind: "place", lon: -180, lat: 90, swapped: false }));
});
