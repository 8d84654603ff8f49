// The list of stations and what is said above and below it.
import { RequestError } from "../shared/api";
import { byId, make, say } from "../shared/dom";
import type { NearestAnswer } from "../shared/types";
import type { Words } from "../shared/words.zh";
import { type Query, RESULTS } from "./query";
import { distanceText } from "./sentences";
import { stationCard } from "./station-card";

const FAR_M = 20_000;

/** Says that a search is under way; the old list stays, dimmed, so that the page does not jump. */
export function showSearching(words: Words): void {
  byId("results").setAttribute("aria-busy", "true");
  byId("status").textContent = words.loading;
}

/** Shows the stations of an answer. */
export function showStations(answer: NearestAnswer, query: Query, words: Words): void {
  clearProblem();
  const cards = answer.features.map((station, position) => stationCard(station, position + 1, query, words));
  byId("stations").replaceChildren(...cards);
  byId("status").textContent = summary(answer, query, words);
  byId("status").classList.toggle("elsewhere", query.placeFrom === "middle" && answer.features.length > 0);
  const { speed_m_s, detour_factor } = answer.travel;
  say(byId("method"), cards.length === 0 ? "" : words.method(String(speed_m_s), String(detour_factor)));
  byId("revision").textContent = words.revision(answer.revision, localMinute(new Date(answer.timeStamp)));
}

/** Says in words why there is no answer, with a button to ask again. */
export function showProblem(error: unknown, words: Words, again: () => void): void {
  byId("results").removeAttribute("aria-busy");
  byId("stations").replaceChildren();
  byId("status").textContent = "";
  byId("status").classList.remove("elsewhere");
  say(byId("method"), "");
  const retry = make("button", { type: "button", class: "secondary" }, words.retry);
  retry.addEventListener("click", again);
  const problem = byId("problem");
  problem.replaceChildren(make("p", {}, problemText(error, words)), retry);
  problem.hidden = false;
}

/** Says that the service has no stations at all. */
export function showNoStations(words: Words): void {
  clearProblem();
  byId("stations").replaceChildren();
  byId("status").textContent = words.noStations;
  byId("status").classList.remove("elsewhere");
}

// By the clock of the device, like the clock on its screen.
function localMinute(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

function clearProblem(): void {
  byId("results").removeAttribute("aria-busy");
  byId("problem").hidden = true;
  byId("problem").replaceChildren();
}

function summary(answer: NearestAnswer, query: Query, words: Words): string {
  const from = { middle: words.fromMiddle, device: words.fromDevice, typed: words.fromTyped, map: words.fromMap };
  const nearest = answer.features[0];
  if (nearest === undefined) return whatToChange(query, words).join(words.betweenSentences);
  const { distance_m } = nearest.properties;
  const count = answer.features.length;
  const sentences = [from[query.placeFrom]];
  // Where even the place is not known, that is the one thing to say, unless there is little to choose from.
  if (count < RESULTS) sentences.unshift(words.found(count));
  else if (query.placeFrom !== "middle") sentences.unshift(words.nearestOf(count));
  if (query.placeFrom === "typed" && query.place !== null) sentences.push(words.datumTaken[query.place.datum]);
  if (distance_m > FAR_M) sentences.push(words.farAway(distanceText(distance_m, words)));
  return sentences.filter((sentence) => sentence !== "").join(words.betweenSentences);
}

// Nothing was found: each wish that can be given up is named, and no other.
function whatToChange(query: Query, words: Words): string[] {
  return [
    words.foundNone,
    query.facilities.size > 0 ? words.chooseFewer : "",
    query.openOnArrival ? words.dropOpen : "",
    query.includeUnknown ? "" : words.allowUnknown,
  ].filter((sentence) => sentence !== "");
}

function problemText(error: unknown, words: Words): string {
  if (!(error instanceof RequestError)) return words.refused(String(error));
  switch (error.kind) {
    case "network": return words.noNetwork;
    case "timeout": return words.tooSlow;
    case "refused": return words.refused(error.message);
  }
}
