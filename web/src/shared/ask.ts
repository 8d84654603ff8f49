// Asks the service: with progress as events where it may take long, given up when the signal says so, and every way to
// fail as one error.
import { detailOf, RequestError } from "./api";
import { EventReader } from "./events";
import { language } from "./language";
import type { Told } from "./types";

export interface Progress { done: number; total: number }

export interface Ask {
  path: string;
  query?: Record<string, string>;
  /** GET, or POST with a body, unless it is given. */
  method?: "POST" | "PUT" | "PATCH" | "DELETE";
  /** What goes into the body as JSON; without a method an empty one asks by GET, whose answers can be kept. */
  body?: object;
  /** A file that is the body, byte by byte. */
  file?: Blob;
  headers?: Record<string, string>;
  /** `no-cache` where an answer that was kept may be too old to build on. */
  cache?: RequestCache;
  signal?: AbortSignal;
}

const DOCUMENTS = "application/geo+json, application/json;q=0.9, application/problem+json;q=0.8";

/** The answer as JSON. Throws `RequestError`, or `AbortError` when the signal ends. */
export async function askJson<T>(ask: Ask): Promise<T> {
  const response = await send(ask);
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
      if (event === "problem") {
        const problem = JSON.parse(data) as Told;
        throw refusal(problem, problem.status ?? 0);
      }
      if (event === "progress") progress(JSON.parse(data) as Progress);
    }
    if (done) throw new RequestError("network", "the answer ended in the middle");
  }
}

/** The answer as it is, for its headers; the body is not read yet. Throws like the others. */
export async function send(ask: Ask, accept = DOCUMENTS): Promise<Response> {
  const { path, query = {}, method, file, cache = "default", signal } = ask;
  const search = new URLSearchParams(query).toString();
  const isJson = ask.body !== undefined && (method !== undefined || Object.keys(ask.body).length > 0);
  const body = file ?? (isJson ? JSON.stringify(ask.body) : undefined);
  const response = await unlessAborted(signal, () => fetch(search === "" ? path : `${path}?${search}`, {
    method: method ?? (body === undefined ? "GET" : "POST"), cache,
    headers: { Accept: accept, ...(isJson ? { "Content-Type": "application/json" } : {}), ...ask.headers },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  }));
  if (response.ok) return response;
  let problem: Told = {};
  try {
    problem = (await response.json()) as Told;
  } catch {
    // Not JSON: a proxy between us and the service answered.
  }
  throw refusal(problem, response.status);
}

function refusal(problem: Told, status: number): RequestError {
  return new RequestError("refused", problemText(problem, status), status, problem);
}

// What the service says of a problem: in Chinese under its title; in English the title is only the name of the status.
function problemText(problem: Told, status: number): string {
  const { title, title_zh } = problem;
  const detail = detailOf(problem);
  const told = language() === "zh" ? [title_zh ?? title, detail] : [detail ?? title];
  const parts = told.filter((part) => typeof part === "string" && part !== "");
  return parts.length === 0 ? `HTTP ${status}` : parts.join(" · ");
}

async function unlessAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted === true) throw new DOMException("given up", "AbortError");
    if (error instanceof RequestError) throw error;
    throw new RequestError("network", String(error));
  }
}
