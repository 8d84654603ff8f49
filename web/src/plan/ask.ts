// Asks the planner's endpoints: with progress as events where it may take long, and given up when the signal says so.
import { RequestError } from "../shared/api";
import type { Problem } from "../shared/types";
import { language } from "../shared/language";
import { EventReader } from "./events";
import type { PlanBody } from "./types";

/** A problem as the service sends it: the title is there in Chinese too. */
type Told = Partial<Problem> & { title_zh?: string };

export interface Progress { done: number; total: number }

export interface Ask {
  path: string;
  query: Record<string, string>;
  /** What goes into the body; an empty one asks by GET, whose answers can be kept. */
  body?: PlanBody;
  signal: AbortSignal;
}

/** The answer as JSON. Throws `RequestError`, or `AbortError` when the signal ends. */
export async function askJson<T>(ask: Ask): Promise<T> {
  const response = await send(ask, "application/geo+json, application/json;q=0.9, application/problem+json;q=0.8");
  return unlessAborted(ask.signal, async () => (await response.json()) as T);
}

/** The answer as bytes, for a file to keep. */
export async function askBlob(ask: Ask): Promise<Blob> {
  const response = await send(ask, "*/*");
  return unlessAborted(ask.signal, () => response.blob());
}

/** The answer as text. */
export async function askText(ask: Ask): Promise<string> {
  const response = await send(ask, "*/*");
  return unlessAborted(ask.signal, () => response.text());
}

/** The answer as JSON, with `progress` called while the service works on it. */
export async function askWithProgress<T>(ask: Ask, progress: (now: Progress) => void): Promise<T> {
  const response = await send(ask, "text/event-stream");
  if (response.body === null) throw new RequestError("network", "the answer has no body");
  const body = response.body.getReader();
  return unlessAborted(ask.signal, async () => {
    try {
      return await readEvents<T>(body, progress);
    } finally {
      // Whatever comes after the result is of no interest.
      void body.cancel().catch(() => undefined);
    }
  });
}

async function readEvents<T>(body: ReadableStreamDefaultReader<Uint8Array>, progress: (now: Progress) => void): Promise<T> {
  const decoder = new TextDecoder();
  const events = new EventReader();
  for (;;) {
    const { done, value } = await body.read();
    for (const { event, data } of events.push(done ? "" : decoder.decode(value, { stream: true }))) {
      if (event === "result") return JSON.parse(data) as T;
      if (event === "problem") throw new RequestError("refused", problemText(JSON.parse(data) as Told, 0));
      if (event === "progress") progress(JSON.parse(data) as Progress);
    }
    if (done) throw new RequestError("network", "the answer ended in the middle");
  }
}

async function send({ path, query, body, signal }: Ask, accept: string): Promise<Response> {
  const search = new URLSearchParams(query).toString();
  const url = search === "" ? path : `${path}?${search}`;
  const content = body === undefined || Object.keys(body).length === 0 ? undefined : JSON.stringify(body);
  const response = await unlessAborted(signal, () => fetch(url, {
    headers: content === undefined ? { Accept: accept } : { Accept: accept, "Content-Type": "application/json" },
    ...(content === undefined ? {} : { method: "POST", body: content }),
    signal,
  }));
  if (response.ok) return response;
  let problem: Told = {};
  try {
    problem = (await response.json()) as Told;
  } catch {
    // Not JSON: a proxy between us and the service answered.
  }
  throw new RequestError("refused", problemText(problem, response.status));
}

// What the service says of a problem, the title in the language of the page.
function problemText(problem: Told, status: number): string {
  const title = (language() === "zh" ? problem.title_zh : null) ?? problem.title;
  const parts = [title, problem.detail].filter((part) => typeof part === "string" && part !== "");
  return parts.length === 0 ? `HTTP ${status}` : parts.join(" · ");
}

async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw new DOMException("given up", "AbortError");
    if (error instanceof RequestError) throw error;
    throw new RequestError("network", String(error));
  }
}
