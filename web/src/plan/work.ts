// What the page says while it works: progress, a way to stop, and why there is no answer.
import type { Progress } from "../shared/ask";
import { byId, make } from "../shared/dom";
import { problemText, quoted } from "../shared/problem-text";
import { count } from "./format";
import { planWords } from "./words";

// Most answers are there before anybody could read that they are being worked on.
const PATIENCE_MS = 300;

let timer: ReturnType<typeof setTimeout> | undefined;
let running = 0;

/** Says that work is under way, once it has taken a while; call what it gives when the work is over. */
export function working(): () => void {
  running += 1;
  byId("results").setAttribute("aria-busy", "true");
  if (running === 1) {
    byId("progress").removeAttribute("value");
    byId("work-text").textContent = "";
    timer = setTimeout(() => {
      byId("work").hidden = false;
      if (byId("work-text").textContent === "") byId("work-text").textContent = planWords().asking;
    }, PATIENCE_MS);
  }
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    running -= 1;
    if (running > 0) return;
    clearTimeout(timer);
    byId("work").hidden = true;
    byId("results").removeAttribute("aria-busy");
  };
}

/** Shows how far the work is. */
export function tell({ done, total }: Progress): void {
  byId("progress").setAttribute("value", String(total > 0 ? done / total : 0));
  byId("work-text").textContent = planWords().askingOf(count(done), count(total));
}

/** Takes away what was said of a problem, and that figures are old. */
export function clearProblem(): void {
  byId("problem").hidden = true;
  byId("results").classList.remove("stale");
}

/** Says why there is no answer; the figures that are still there are those of the question before. */
export function showProblem(error: unknown, hasOld: boolean, again: () => void): void {
  const w = planWords();
  const retry = make("button", { type: "button", class: "button" }, w.retryPlan);
  retry.addEventListener("click", again);
  const problem = byId("problem");
  problem.replaceChildren(make("p", {}, quoted(problemText(error))), ...(hasOld ? [make("p", {}, w.stale)] : []), retry);
  problem.hidden = false;
  byId("results").classList.toggle("stale", hasOld);
}

/** Says that the work was stopped by hand. */
export function showStopped(hasOld: boolean, again: () => void): void {
  const w = planWords();
  const retry = make("button", { type: "button", class: "button" }, w.retryPlan);
  retry.addEventListener("click", again);
  const problem = byId("problem");
  problem.replaceChildren(make("p", {}, hasOld ? w.cancelled : w.cancelledFirst), retry);
  problem.hidden = false;
  byId("results").classList.toggle("stale", hasOld);
}
