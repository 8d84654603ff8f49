// What a part of the page is to the page, and what the page is to its parts.
import type { Ask, Progress } from "../shared/ask";
import type { Role } from "./session";

export const TABS = ["stations", "imports", "tickets", "feeds", "tokens"] as const;
export type Tab = (typeof TABS)[number];

/** Asks with the token; nothing else ever reads it. A token that is no longer good brings the sign-in back by itself. */
export interface Asker {
  /** The answer as JSON. Throws `RequestError`, or `AbortError` when the signal ends. */
  json: <T>(ask: Ask) => Promise<T>;
  /** The same, with `progress` called while the service works on it. */
  events: <T>(ask: Ask, progress: (now: Progress) => void) => Promise<T>;
  /** The answer as it is, for its headers or its bytes. */
  response: (ask: Ask, accept?: string) => Promise<Response>;
}

/** The page, as its parts see it. */
export interface Shell {
  /** Who is signed in. */
  role: () => Role;
  /** The id of the token in use, which is no secret. */
  tokenId: () => string;
  ask: Asker;
  /** Goes to a tab, with what its part reads from the address, such as `{ station: "sy-001" }`. */
  go: (tab: Tab, address?: Record<string, string>) => void;
  /** What the address says of this part. */
  address: () => URLSearchParams;
  /** Writes into the address what this part is at; null takes a name out. No step back is added. */
  setAddress: (names: Record<string, string | null>) => void;
  /** Says in one line what was done, also to screen readers. */
  say: (text: string) => void;
  /** What waits for somebody has changed: counts again what the tabs tell. */
  recount: () => void;
}

/** A part of the page in its own element. */
export interface Panel {
  /** It came into view, or the address changed while it was in view: reads the address and asks what it shows. */
  show: () => void;
  /** Writes everything again, after the language changed. What somebody has typed stays. */
  write: () => void;
  /** Whether something typed here is not saved, so that it is asked before the page is left. */
  isUnsaved?: () => boolean;
}

/** Makes a part in its element; the element belongs to it. */
export type OpenPanel = (root: HTMLElement, shell: Shell) => Panel;
