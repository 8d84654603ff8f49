// Asks the service that served the page, and turns every way to fail into one error with words for it.
import { language } from "./language";
import type { Told } from "./types";

const TIMEOUT_MS = 15_000;

/** Why a request failed: no answer at all, too late an answer, or a problem the service named. */
export class RequestError extends Error {
  constructor(
    readonly kind: "network" | "timeout" | "refused", detail: string, readonly status: number | null = null, readonly problem: Told = {},
  ) {
    super(detail);
  }
}

/** GETs JSON from a path of the service. Throws `RequestError`, or `AbortError` when `signal` says so. */
export async function getJson<T>(
  path: string, query: Record<string, string>, signal?: AbortSignal, cache: RequestCache = "default",
): Promise<T> {
  const search = new URLSearchParams(query).toString();
  const headers = { Accept: "application/geo+json, application/json;q=0.9, application/problem+json;q=0.8" };
  return answerTo(search === "" ? path : `${path}?${search}`, { headers, cache }, (response) => response.json() as Promise<T>, signal);
}

/** POSTs JSON to a path of the service. Throws `RequestError`. */
export async function send(path: string, body: unknown): Promise<void> {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  await answerTo(path, options, (response) => response.text());
}

async function answerTo<T>(
  url: string, options: RequestInit, read: (response: Response) => Promise<T>, signal?: AbortSignal,
): Promise<T> {
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), TIMEOUT_MS);
  const stop = () => timer.abort();
  signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(url, { ...options, signal: timer.signal });
    if (!response.ok) throw new RequestError("refused", await problemText(response), response.status);
    return await read(response);
  } catch (error) {
    if (signal?.aborted === true) throw new DOMException("replaced by a newer request", "AbortError");
    if (error instanceof RequestError) throw error;
    throw new RequestError(timer.signal.aborted ? "timeout" : "network", String(error));
  } finally {
    clearTimeout(timeout);
    signal?.removeEventListener("abort", stop);
  }
}

/** What the service says of a problem in the language in use; the English where it has no Chinese. */
export function detailOf({ detail, detail_zh }: Told): string | undefined {
  return (language() === "zh" ? detail_zh : undefined) ?? detail;
}

// The detail of a problem+json body, or the status when the body is something else.
async function problemText(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as Told;
    const text = detailOf(problem) ?? problem.title;
    if (typeof text === "string" && text !== "") return `${text} (${response.status})`;
  } catch {
    // Not JSON: a proxy between us and the service answered.
  }
  return `HTTP ${response.status}`;
}
