// Why something could not be done, in one sentence of the language in use.
import { RequestError } from "./api";
import { words } from "./language";

/** Why there is no answer; any other error speaks for itself. */
export function problemText(error: unknown): string {
  if (!(error instanceof RequestError)) return error instanceof Error ? error.message : String(error);
  switch (error.kind) {
    case "network": return words().noNetwork;
    case "timeout": return words().tooSlow;
    case "refused": return words().refused(quoted(error.message));
  }
}

/** Messages mark what they quote as source texts do; people read quotation marks. */
export function quoted(text: string): string {
  return text.replace(/`([^`]*)`/g, "“$1”");
}
