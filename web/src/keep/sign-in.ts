// The form that lets somebody in: what it says when a token is not taken, and how it comes back when one ends.
import { RequestError } from "../shared/api";
import { askJson } from "../shared/ask";
import { byId, say } from "../shared/dom";
import { words } from "../shared/language";
import type { Settings } from "../shared/types";
import { isRefused, keptToken, type Me, signIn, signOut } from "./session";
import { keepWords } from "./words";

// Why the form is here, to be said in the language in use; null when it is only waiting for a token.
let why: (() => string) | null = null;

/** Connects the form; `enter` is called with whose token it is, `tell` with what goes on. */
export function bindSignIn(enter: (me: Me) => void, tell: (text: string) => void): void {
  const take = (secret: string, isKept: boolean) => void tryToken(secret, isKept, enter, tell);
  byId("sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    take(byId<HTMLInputElement>("token").value.trim(), byId<HTMLInputElement>("keep-token").checked);
  });
  byId("sign-in-again").addEventListener("click", () => {
    const secret = keptToken();
    if (secret !== null) take(secret, true);
  });
  const secret = keptToken();
  if (secret !== null) {
    byId<HTMLInputElement>("keep-token").checked = true;
    take(secret, true);
    return;
  }
  askToken();
  void askForRegister();
}

/** Shows the form, and why it is there. */
export function askToken(reason: (() => string) | null = null): void {
  why = reason;
  byId("sign-in").hidden = false;
  byId<HTMLAnchorElement>("skip").hash = "#token";
  writeSignIn();
  byId<HTMLInputElement>("token").focus();
}

/** Says again why the form is there. */
export function writeSignIn(): void {
  say(byId("sign-in-problem"), why?.() ?? "");
}

/** Why a token is no longer good, and that nothing is lost. */
export function endedText(error: RequestError): string {
  return `${refusedText(error)} ${keepWords().tokenEnded}`;
}

/** Whether the form is there. */
export function isAsking(): boolean {
  return !byId("sign-in").hidden;
}

async function tryToken(secret: string, isKept: boolean, enter: (me: Me) => void, tell: (text: string) => void): Promise<void> {
  const button = byId<HTMLButtonElement>("sign-in-button");
  button.disabled = true;
  byId("sign-in-again").hidden = true;
  tell(keepWords().checking);
  try {
    const me = await signIn(secret, isKept);
    byId<HTMLInputElement>("token").value = "";
    byId("sign-in").hidden = true;
    byId<HTMLAnchorElement>("skip").hash = "#work";
    tell("");
    enter(me);
  } catch (error) {
    tell("");
    if (isRefused(error)) signOut();
    if (error instanceof RequestError && error.status === 405) showNoRegister();
    else askToken(() => whyNot(error));
    // What this tab keeps is still there, and may do when the service is.
    byId("sign-in-again").hidden = isRefused(error) || keptToken() === null;
  } finally {
    button.disabled = false;
  }
}

function whyNot(error: unknown): string {
  if (!(error instanceof RequestError)) return String(error);
  if (error.kind !== "refused") return words().noNetwork;
  if (error.status === 401) return refusedText(error);
  if (error.status === 429) return keepWords().tooManyTries;
  return words().refused(error.message);
}

function refusedText(error: RequestError): string {
  const detail = error.problem.detail ?? "";
  if (detail.includes("expired")) return keepWords().tokenExpired;
  return detail.includes("revoked") ? keepWords().tokenRevoked : keepWords().tokenRefused;
}

// A service that serves files needs no token, and takes none.
async function askForRegister(): Promise<void> {
  try {
    const { changes_cursor } = await askJson<Settings>({ path: "/v1/settings" });
    if (changes_cursor === null) showNoRegister();
  } catch (error) {
    console.info("it is not known whether there is a register:", error);
  }
}

function showNoRegister(): void {
  byId("sign-in").hidden = true;
  byId("no-register").hidden = false;
}
