// Applies what the log of changes says to the stations that are kept.
import type { ChangesPage, StationFeature } from "../shared/types";

/** Puts the changes of a page into the stations, and gives the newest revision. */
export function apply(stations: Map<string, StationFeature>, page: ChangesPage, revision: number): number {
  let newest = revision;
  for (const change of page.changes) {
    if (change.kind === "remove" || change.feature === null) stations.delete(change.id);
    else stations.set(change.id, change.feature as unknown as StationFeature);
    newest = Math.max(newest, change.revision);
  }
  return newest;
}
