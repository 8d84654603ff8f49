// A newer question gives up the older one.

/** One place where only the newest work counts. */
export class Newest {
  private running: AbortController | null = null;

  /** Gives up what is under way and begins anew; the signal ends when something newer begins or `stop` is called. */
  begin(): AbortSignal {
    this.running?.abort();
    this.running = new AbortController();
    return this.running.signal;
  }

  /** Gives up what is under way. */
  stop(): void {
    this.running?.abort();
    this.running = null;
  }
}

/** Calls `act` once, `wait_ms` after the last call. */
export function settled(act: () => void, wait_ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait_ms);
  };
}
