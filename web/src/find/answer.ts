// The answer to a query: from the service, or from what the device keeps when the service cannot be reached.
import { keptCity } from "../offline/kept";
import { alongKept, nearestKept } from "../offline/nearest";
import { learnTravel } from "../offline/sync";
import { RequestError } from "../shared/api";
import { inDatum, type Place } from "../shared/datum";
import type { Language } from "../shared/language";
import type { SearchAnswer } from "../shared/types";
import type { Words } from "../shared/words.zh";
import { ask, type Query, RESULTS, ROUTE_RESULTS } from "./query";

// So long nobody should look at nothing where there is something to look at.
const PATIENCE_MS = 3_000;

/** An answer; `kept_at` is null when it is the service's own, and else when its data were kept. */
export interface Answered { answer: SearchAnswer; kept_at: number | null }

/**
 * Asks the service. `meanwhile` gets an answer from what is kept when the service takes long. Rejects when neither has
 * one, or when the service refuses the question.
 */
export async function answerTo(
  query: Query, place: Place | null, [words, language]: [Words, Language], signal: AbortSignal, meanwhile: (answered: Answered) => void,
): Promise<Answered> {
  const timer = setTimeout(() => void keptAnswer(query, place, words).then((answered) => {
    if (answered !== null && !signal.aborted && !isDone) meanwhile(answered);
  }), PATIENCE_MS);
  let isDone = false;
  try {
    const answer = await ask(query, place, language, signal);
    void learnTravel(answer);
    return { answer, kept_at: null };
  } catch (error) {
    // A question that is wrong does not become right by asking somebody else.
    const isAway = error instanceof RequestError && (error.kind !== "refused" || (error.status ?? 0) >= 500);
    const kept = isAway && !signal.aborted ? await keptAnswer(query, place, words) : null;
    if (kept === null) throw error;
    return kept;
  } finally {
    isDone = true;
    clearTimeout(timer);
  }
}

async function keptAnswer(query: Query, place: Place | null, words: Words): Promise<Answered | null> {
  const city = await keptCity();
  if (city === null) return null;
  if (query.task === "route") return { answer: alongKept(city, query, query.route.map((corner) => inDatum(corner, "wgs84")), query.reach_m, ROUTE_RESULTS, words), kept_at: city.kept_at };
  return place === null ? null : { answer: nearestKept(city, query, place, RESULTS, words), kept_at: city.kept_at };
}
