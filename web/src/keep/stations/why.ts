// The reason of a change, as a header takes it.
/** The longest reason, in characters. */
export const MOST_WHY = 200;

/** How many characters a reason has, as the service counts them. */
export function whyLength(why: string): number {
  return [...why.trim()].length;
}

/** The headers that say why; none without a reason. */
export function whyHeaders(why: string): Record<string, string> {
  const text = why.trim();
  return text === "" ? {} : { "X-Yizhan-Why": encoded(text) };
}

// Half a character pair, which `encodeURIComponent` does not take, goes as the sign for an unreadable one.
function encoded(text: string): string {
  return encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)));
}
