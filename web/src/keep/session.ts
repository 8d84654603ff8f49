// The token: in memory, or in the storage of this tab when asked; never in an address, a cookie or lasting storage.
import { RequestError } from "../shared/api";
import { type Ask, askJson, askWithProgress, send } from "../shared/ask";
import type { Asker } from "./panel";

const STORAGE_KEY = "yizhan.token";

export type Role = "reader" | "editor" | "admin";

/** Whose token it is. */
export interface Me { id: string; name: string; role: Role; made_at: string; expires_at: string | null }

let token: string | null = null;

/** Asks with the token of this page; `ended` is called when it is no longer good. */
export function asker(ended: () => void): Asker {
  const signed = (ask: Ask): Ask => (token === null ? ask : { ...ask, headers: { ...ask.headers, Authorization: `Bearer ${token}` } });
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof RequestError && error.status === 401) ended();
      throw error;
    }
  };
  return {
    json: (ask) => watched(askJson(signed(ask))),
    events: (ask, progress) => watched(askWithProgress(signed(ask), progress)),
    response: (ask, accept) => watched(send(signed(ask), accept)),
  };
}

/** Whether a role may do what another may. */
export function isAtLeast(role: Role, needed: Role): boolean {
  const order: Role[] = ["reader", "editor", "admin"];
  return order.indexOf(role) >= order.indexOf(needed);
}

/** Asks whose token this is, and takes it when it is good; throws `RequestError` when it is not. */
export async function signIn(secret: string, isKept: boolean): Promise<Me> {
  // A header takes no other characters, and no token has any.
  if (!/^[\x21-\x7e]+$/.test(secret)) throw new RequestError("refused", "", 401);
  const me = await askJson<Me>({ path: "/v1/me", headers: { Authorization: `Bearer ${secret}` } });
  token = secret;
  if (isKept) store(secret);
  return me;
}

/** The token that this tab keeps, or null. */
export function keptToken(): string | null {
  try {
    return sessionStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** Forgets the token. */
export function signOut(): void {
  token = null;
  try {
    sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // It was never kept.
  }
}

function store(secret: string): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, secret);
  } catch {
    // Storage is forbidden: the token lasts as long as the page.
  }
}
