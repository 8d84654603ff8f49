// Whether what was typed is meant for a name: by its characters, by pinyin in full, by initials, or mixed.

/** How well it matches; 0 is best, null is not at all. */
export type Rank = number | null;

/** Characters of the query in the name, in one piece; at its beginning is better. */
export function matchCharacters(name: string, query: string): Rank {
  const at = normal(name).indexOf(normal(query));
  return at < 0 ? null : Math.min(at, 9) + (normal(name).length === normal(query).length ? 0 : 0.5);
}

/** Letters of the query as syllables that follow each other, each cut short as one likes: "hdl", "hedonglu", "hedl". */
export function matchSyllables(syllables: string[], query: string): Rank {
  const letters = normal(query).replace(/[^a-z0-9]/g, "");
  if (letters === "") return null;
  for (let at = 0; at < syllables.length; at += 1) {
    if (consumes(syllables, at, letters)) return Math.min(at, 9) + 0.5;
  }
  return null;
}

/** Whether the text is typed in Latin letters. */
export function isLatin(query: string): boolean {
  return /^[\sa-z0-9'’-]*[a-z][\sa-z0-9'’-]*$/i.test(query);
}

function consumes(syllables: string[], at: number, letters: string): boolean {
  if (letters === "") return true;
  const syllable = syllables[at];
  if (syllable === undefined) return false;
  let length = 0;
  while (length < syllable.length && syllable[length] === letters[length]) length += 1;
  // The longest piece first: what people type in full is meant in full.
  for (; length > 0; length -= 1) {
    if (consumes(syllables, at + 1, letters.slice(length))) return true;
  }
  return false;
}

// Full-width letters of Chinese keyboards, spaces and capitals make no difference.
function normal(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\s+/g, "").toLowerCase();
}
