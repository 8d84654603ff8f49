// Pinyin of names, downloaded when somebody first types Latin letters.
import { pinyin } from "pinyin-pro";

/** The syllables of a text without tones; letters and digits stand for themselves. */
export function syllables(text: string): string[] {
  return pinyin(text, { toneType: "none", type: "array", v: true, nonZh: "consecutive" })
    .flatMap((syllable) => (/^[a-z]+$/.test(syllable) ? [syllable] : [...syllable.toLowerCase().replace(/[^a-z0-9]/g, "")]));
}
