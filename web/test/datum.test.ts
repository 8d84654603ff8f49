// The datums, against what the service answers for stations of the demo city.
import { describe, expect, it } from "vitest";
import { inDatum } from "../src/shared/datum";

const SAME = [
  { wgs84: [109.511776, 18.254154], gcj02: [109.515861, 18.252449], bd09: [109.522410, 18.258229] },
  { wgs84: [109.752176, 18.402275], gcj02: [109.756340, 18.400562], bd09: [109.762893, 18.406349] },
] as const;

describe("a place in another datum", () => {
  const datums = ["wgs84", "gcj02", "bd09"] as const;
  for (const from of datums) {
    for (const to of datums) {
      it(`goes from ${from} to ${to}`, () => {
        for (const place of SAME) {
          const moved = inDatum({ lon: place[from][0], lat: place[from][1], datum: from }, to);
          expect(moved.datum).toBe(to);
          expect(Math.abs(moved.lon - place[to][0])).toBeLessThan(2e-6);
          expect(Math.abs(moved.lat - place[to][1])).toBeLessThan(2e-6);
        }
      });
    }
  }
  it("is the same place outside China", () => {
    const london = { lon: -0.12, lat: 51.5, datum: "wgs84" } as const;
    expect(inDatum(london, "gcj02")).toEqual({ ...london, datum: "gcj02" });
  });
});
