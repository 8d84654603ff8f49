// Why something could not be done, in one sentence of the language in use.
import { detailOf, RequestError } from "./api";
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

// What the service says of it in the language in use, whatever that was when it was asked: in Chinese under its title; in
// English the title is only the name of the status.
function refusal({ problem, message }: RequestError): string {
  const { title, title_zh } = problem;
  const detail = detailOf(problem);
  const told = language() === "zh" ? [title_zh ?? title, detail] : [detail ?? title];
  const parts = told.filter((part) => typeof part === "string" && part !== "");
  return parts.length === 0 ? message : parts.join(" · ");
}

/** Messages mark what they quote as source texts do; where only text can stand, people read quotation marks. */
export function quoted(text: string): string {
  return text.replace(/`([^`]*)`/g, "“$1”");
}
