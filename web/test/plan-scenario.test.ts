// What if: how steps come together, what the service is told of them, and files that are opened again.
import { describe, expect, it } from "vitest";
import { firstQuestion } from "../src/plan/question";
import { changesOf, readScenario, type Saved, ScenarioError, type Step, withAddition, withEdit, without, withMove, writeScenario } from "../src/plan/scenario";

const name = (number: number) => `新站点 ${number}`;
const question = { ...firstQuestion(), facilities: ["toilet" as const], hosts: ["union" as const] };

describe("steps", () => {
  it("number new stations and never give a number twice", () => {
    let steps = withAddition(withAddition([], { lon: 109.5, lat: 18.2 }, name), { lon: 109.6, lat: 18.3 }, name);
    steps = withAddition(without(steps, "new-1"), { lon: 109.7, lat: 18.4 }, name);
    expect(steps.map(({ id }) => id)).toEqual(["new-2", "new-3"]);
  });

  it("keep six decimals of a place", () => {
    expect(withAddition([], { lon: 109.12345678, lat: 18.98765432 }, name)[0]).toMatchObject({ lon: 109.123457, lat: 18.987654 });
  });

  it("gather all that changes of one station", () => {
    let steps: Step[] = withEdit([], "sy-001", "甲", { hours: "24/7" });
    steps = withMove(steps, "sy-001", "甲", { lon: 109.5, lat: 18.2 });
    expect(steps).toEqual([{ kind: "edit", id: "sy-001", name: "甲", hours: "24/7", place: { lon: 109.5, lat: 18.2 } }]);
  });

  it("are gone when nothing is changed any longer", () => {
    expect(withEdit(withEdit([], "sy-001", "甲", { hours: "24/7" }), "sy-001", "甲", { hours: undefined })).toEqual([]);
    expect(withEdit([], "sy-001", "甲", { off: false })).toEqual([]);
  });

  it("move a new station where it is, and not as a change of the register", () => {
    const steps = withMove(withAddition([], { lon: 109.5, lat: 18.2 }, name), "new-1", "x", { lon: 109.51, lat: 18.21 });
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ kind: "add", lon: 109.51, lat: 18.21 });
  });

  it("do not change the steps that they are made from", () => {
    const steps: readonly Step[] = Object.freeze(withAddition([], { lon: 1, lat: 2 }, name));
    withMove([...steps], "new-1", "x", { lon: 3, lat: 4 });
    expect(steps[0]).toMatchObject({ lon: 1, lat: 2 });
  });
});

describe("the changes that the service is told", () => {
  it("give a new station what is asked for, when it is to fit", () => {
    const [change] = changesOf(withAddition([], { lon: 109.5, lat: 18.2 }, name), question);
    expect(change).toEqual({
      change: "add",
      station: {
        type: "Feature", id: "new-1", geometry: { type: "Point", coordinates: [109.5, 18.2] },
        properties: { name: "新站点 1", hours: "24/7", host: "union", facilities: { toilet: "yes" } },
      },
    });
  });

  it("leave unknown what nobody stated", () => {
    const steps: Step[] = [{ kind: "add", id: "new-1", name: "x", lon: 1, lat: 2, hours: "", fits: false }];
    expect(changesOf(steps, question)).toEqual([{ change: "add", station: { type: "Feature", id: "new-1", geometry: { type: "Point", coordinates: [1, 2] }, properties: { name: "x" } } }]);
  });

  it("remove what is switched off, whatever else was changed of it", () => {
    const steps = withEdit(withEdit([], "sy-001", "甲", { hours: "24/7" }), "sy-001", "甲", { off: true });
    expect(changesOf(steps, question)).toEqual([{ change: "remove", id: "sy-001" }]);
  });

  it("name place, hours, status and facilities of an edit", () => {
    const steps = withEdit([], "sy-001", "甲", { place: { lon: 1, lat: 2 }, hours: "24/7", inService: true, facilities: ["toilet"] });
    expect(changesOf(steps, question)).toEqual([{ change: "edit", id: "sy-001", lon: 1, lat: 2, hours: "24/7", status: "open", facilities: { toilet: "yes" } }]);
  });
});

describe("a scenario file", () => {
  const steps = withEdit(withAddition([], { lon: 109.5, lat: 18.2 }, name), "sy-002", "乙", { hours: "24/7", place: { lon: 109.6, lat: 18.3 }, facilities: ["toilet"] });
  const demand = { name: "需求.geojson", data: { type: "FeatureCollection" as const, features: [] } };
  const saved: Saved = { question, steps, demand, districts: null };
  const written = () => JSON.parse(writeScenario(saved, 7, "2026-11-22T00:00:00Z")) as Record<string, unknown>;

  it("gives back what was saved", () => {
    expect(readScenario(writeScenario(saved, 7, "2026-11-22T00:00:00Z"))).toEqual(saved);
  });

  it("is refused whole when a part of it is wrong, and says which", () => {
    const wrong = (change: Record<string, unknown>) => {
      try {
        readScenario(JSON.stringify({ ...written(), ...change }));
      } catch (error) {
        if (error instanceof ScenarioError) return [error.kind, error.number];
        throw error;
      }
      return null;
    };
    expect(wrong({})).toBeNull();
    expect(wrong({ format: "other" })).toEqual(["other_file", 0]);
    expect(wrong({ version: 2 })).toEqual(["newer", 0]);
    expect(wrong({ steps: "none" })).toEqual(["bad_step", 0]);
    expect(wrong({ steps: [steps[0], { kind: "edit", id: "" }] })).toEqual(["bad_step", 2]);
    expect(wrong({ steps: [{ ...steps[0], lat: 91 }] })).toEqual(["bad_step", 1]);
    expect(wrong({ steps: [steps[0], steps[0]] })).toEqual(["bad_step", 0]);
    expect(wrong({ steps: [{ kind: "edit", id: "a", name: "a", hours: 24 }] })).toEqual(["bad_step", 1]);
    expect(wrong({ demand: { name: "x", data: [] } })).toEqual(["unreadable", 0]);
  });

  it("is told from text that is no JSON, and from JSON that is something else", () => {
    for (const [text, kind] of [["{", "unreadable"], ["null", "other_file"], ["[]", "other_file"], ["7", "other_file"]] as const) {
      expect(() => readScenario(text)).toThrowError(kind);
    }
  });
});
