// Small things the device remembers. Storage can be forbidden (private mode, some WebViews, frames of other sites); the
// page then forgets, and works.

/** Whether the page is a part of another site, and so remembers nothing. */
export const EMBEDDED = new URLSearchParams(location.search).get("embed") === "1";

/** Keeps a text under a key. */
export function remember(key: string, value: string): void {
  if (EMBEDDED) return;
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: the choice lasts as long as the page.
  }
}

/** What was kept under a key, or null. */
export function recall(key: string): string | null {
  if (EMBEDDED) return null;
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
