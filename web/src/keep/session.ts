// The token: in memory, or in the storage of this tab when asked; never in an address, a cookie or lasting storage.
import { RequestError } from "../shared/api";
import { type Ask, askJson, askWithProgress, send } from "../shared/ask";
import type { Asker } from "./panel";

const STORAGE_KEY = "yizhan.token";

export type Role = "reader" | "editor" | "admin";

/** Whose token it is. */
export interface Me { id: string; name: string; role: Role; made_at: string; expires_at: string | null }

let token: string | null = null;

/** Asks with the token of this page; `ended` is called with the reason when it is no longer good. */
export function asker(ended: (why: RequestError) => void): Asker {
  const watched = async <T>(ask: Ask, work: (signed: Ask) => Promise<T>): Promise<T> => {
    const used = token;
    try {
      return await work(used === null ? ask : { ...ask, headers: { ...ask.headers, Authorization: `Bearer ${used}` } });
    } catch (error) {
      // An answer to a token that was given up meanwhile says nothing of the one in use.
      if (isRefused(error) && used === token) ended(error);
      throw error;
    }
  };
  return {
    json: (ask) => watched(ask, (signed) => askJson(signed)),
    events: (ask, progress) => watched(ask, (signed) => askWithProgress(signed, progress)),
    response: (ask, accept) => watched(ask, (signed) => send(signed, accept)),
  };
}

/** Whether it failed because there is no good token, which the page itself sees to. */
export function isRefused(error: unknown): error is RequestError {
  return error instanceof RequestError && error.status === 401;
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
