// The vocabulary of facilities, in the order in which people ask for them.
import type { Facility } from "./types";
import { zh } from "./words.zh";

/** All facilities, most asked for first. The Chinese words name each exactly once; the compiler sees to that. */
export const FACILITIES = Object.keys(zh.facilities) as Facility[];
/** How many of them are shown before "more" is pressed. */
export const SHOWN_AT_FIRST = 6;
