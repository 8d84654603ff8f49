// Somebody else saved first: what differs between theirs and yours, and the station that the choices make.
import { type Draft, isSame, type Part, PARTS, take } from "./draft";

export type Side = "theirs" | "yours";
export interface Difference {
  part: Part;
  /** What is to hold: theirs where only they changed it, yours where only you did, nothing where both did. */
  chosen: Side | null;
  isBoth: boolean;
}

/** The parts of which theirs and yours differ; `base` is what both began with. */
export function differences(base: Draft, theirs: Draft, yours: Draft): Difference[] {
  return PARTS.filter((part) => !isSame(part, theirs, yours)).map((part) => {
    const [byThem, byYou] = [!isSame(part, base, theirs), !isSame(part, base, yours)];
    return { part, chosen: byThem && byYou ? null : byYou ? "yours" : "theirs", isBoth: byThem && byYou };
  });
}

/** Theirs, with yours where that was chosen; null while something is not decided. */
export function merged(theirs: Draft, yours: Draft, found: readonly Difference[]): Draft | null {
  const draft = { ...theirs };
  for (const { part, chosen } of found) {
    if (chosen === null) return null;
    if (chosen === "yours") take(part, yours, draft);
  }
  return draft;
}
