// Saves the scenario as a file, and opens one again.
import { byId, say } from "../shared/dom";
import { keep } from "../shared/save";
import type { Desk, Page } from "./page";
import { readScenario, ScenarioError, writeScenario } from "./scenario";
import { planWords } from "./words";

/** Gives the scenario to keep: question, steps and own files. */
export function saveScenario({ question, steps, demand, districts, coverage }: Page): void {
  const text = writeScenario({ question, steps, demand, districts }, coverage?.revision ?? null, new Date().toISOString());
  keep(`yizhan-r${coverage?.revision ?? 0}-scenario.json`, new Blob([text], { type: "application/json" }));
}

/** Takes a scenario from a file in place of the one on the page; a file that cannot be read changes nothing. */
export async function openScenario(file: File, desk: Desk, opened: () => void): Promise<void> {
  const w = planWords();
  try {
    const saved = readScenario(await file.text());
    Object.assign(desk.page.question, saved.question);
    desk.page.steps = saved.steps;
    desk.page.demand = saved.demand;
    desk.page.districts = saved.districts;
    desk.page.weight = 0;
    opened();
    say(byId("scenario-said"), w.scenarioOpened(file.name, saved.steps.length));
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    say(byId("scenario-said"), w.scenarioProblems[error.kind](error.number));
  }
}
