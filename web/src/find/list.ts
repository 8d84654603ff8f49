// The list of stations and what is said above and below it.
import { RequestError } from "../shared/api";
import { byId, make, say } from "../shared/dom";
import type { SearchAnswer } from "../shared/types";
import type { Words } from "../shared/words.zh";
import { type Query, RESULTS } from "./query";
import { dayText, distanceText } from "./sentences";
import { stationRow } from "./station-row";

const FAR_M = 20_000;

/** Says that a search is under way; the old list stays, dimmed, so that the page does not jump. */
export function showSearching(words: Words): void {
  byId("results").setAttribute("aria-busy", "true");
  byId("status").textContent = words.loading;
}

/** Shows the stations of an answer; `kept_at` when it was made from what the device keeps. */
export function showStations(answer: SearchAnswer, query: Query, words: Words, kept_at: number | null): void {
  done();
  const rows = answer.features.map((station, position) => stationRow(station, position + 1, query, words));
  byId("stations").replaceChildren(...rows);
  byId("status").textContent = summary(answer, query, words);
  byId("status").classList.toggle("elsewhere", query.task === "near" && query.placeFrom === "middle" && rows.length > 0);
  const { speed_m_s, detour_factor } = answer.travel;
  say(byId("method"), rows.length === 0 ? "" : words.method(String(speed_m_s), String(detour_factor), query.task === "route"));
  say(byId("offline"), kept_at === null ? "" : words.offline(dayText(kept_at, words)));
  byId("revision").textContent = words.revision(answer.revision ?? 0, dayText(Date.parse(answer.timeStamp), words));
}

/** Says in words why there is no answer, with a button to ask again. */
export function showProblem(error: unknown, words: Words, again: () => void): void {
  empty("");
  const retry = make("button", { type: "button", class: "button" }, words.retry);
  retry.addEventListener("click", again);
  const problem = byId("problem");
  problem.replaceChildren(make("p", {}, problemText(error, words)), retry);
  problem.hidden = false;
}

/** Shows no stations, and says why there are none. */
export function empty(status: string): void {
  done();
  byId("stations").replaceChildren();
  byId("status").textContent = status;
  byId("status").classList.remove("elsewhere");
  say(byId("method"), "");
}

/** What went wrong, for a person. */
export function problemText(error: unknown, words: Words): string {
  if (!(error instanceof RequestError)) return words.refused(String(error));
  switch (error.kind) {
    case "network": return words.noNetwork;
    case "timeout": return words.tooSlow;
    case "refused": return words.refused(error.message);
  }
}

function done(): void {
  byId("results").removeAttribute("aria-busy");
  byId("status").classList.remove("first");
  byId("problem").hidden = true;
  byId("problem").replaceChildren();
}

function summary(answer: SearchAnswer, query: Query, words: Words): string {
  const nearest = answer.features[0];
  if (nearest === undefined) return whatToChange(query, words).join(words.betweenSentences);
  const count = answer.features.length;
  if (query.task === "route") return words.alongRoute(answer.numberMatched ?? count, count, distanceText(query.reach_m, words));
  const from = {
    middle: words.fromMiddle, device: words.fromDevice, typed: words.fromTyped, map: words.fromMap,
    search: words.fromSearch(query.placeName), link: query.placeName === "" ? words.fromLink : words.fromSearch(query.placeName),
  };
  const sentences = [from[query.placeFrom]];
  // Where even the place is not known, that is the one thing to say, unless there is little to choose from.
  if (count < RESULTS) sentences.unshift(words.found(count));
  else if (query.placeFrom !== "middle") sentences.unshift(words.nearestOf(count));
  if (query.placeFrom === "typed" && query.place !== null) sentences.push(words.datumTaken[query.place.datum]);
  const { distance_m } = nearest.properties;
  if (distance_m > FAR_M) sentences.push(words.farAway(distanceText(distance_m, words)));
  return sentences.filter((sentence) => sentence !== "").join(words.betweenSentences);
}

// Nothing was found: each wish that can be given up is named, and no other.
function whatToChange(query: Query, words: Words): string[] {
  return [
    query.task === "route" ? words.foundNoneOnRoute : words.foundNone,
    query.facilities.size > 0 ? words.chooseFewer : "",
    query.openOnArrival ? words.dropOpen : "",
    query.includeUnknown ? "" : words.allowUnknown,
  ].filter((sentence) => sentence !== "");
}
