// Why something could not be done, in one sentence of the language in use.
import { RequestError } from "./api";
import { words } from "./language";

/** Why there is no answer; any other error speaks for itself. */
export function problemText(error: unknown): string {
  if (!(error instanceof RequestError)) return error instanceof Error ? error.message : String(error);
  switch (error.kind) {
    case "network": return words().noNetwork;
    case "timeout": return words().tooSlow;
    case "refused": return words().refused(error.message);
  }
}
