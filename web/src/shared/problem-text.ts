// Why something could not be done, in one sentence of the language in use.
import { RequestError } from "./api";
import { language, words } from "./language";

/** Why there is no answer; any other error speaks for itself. */
export function problemText(error: unknown): string {
  if (!(error instanceof RequestError)) return error instanceof Error ? error.message : String(error);
  switch (error.kind) {
    case "network": return words().noNetwork;
    case "timeout": return words().tooSlow;
    case "refused": return words().refused(refusal(error));
  }
}

// What the service says of it, the title in the language in use, whatever that was when it was asked.
function refusal({ problem, message }: RequestError): string {
  const title = (language() === "zh" ? problem.title_zh : null) ?? problem.title;
  const parts = [title, problem.detail].filter((part) => typeof part === "string" && part !== "");
  return parts.length === 0 ? message : parts.join(" · ");
}
