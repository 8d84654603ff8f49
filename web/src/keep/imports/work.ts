// Says that something is being worked on, how far it is, and lets it be cancelled; one piece of work at a time.
import type { Progress } from "../../shared/ask";
import { make } from "../../shared/dom";
import type { Shell } from "../panel";
import { button } from "./parts";
import { importWords } from "./words";

export type Told = (percent: string) => string;

/** The line that says so. */
export class Work {
  readonly element = make("div", { class: "import-work", hidden: "" });
  private controller: AbortController | null = null;
  private text: (() => string) | null = null;

  /** `changed` is called when work begins and when it ends. */
  constructor(private readonly changed: (isBusy: boolean) => void) {}

  get isBusy(): boolean {
    return this.controller !== null;
  }

  /** Gives the work up; the service then drops it, too. */
  cancel(): void {
    this.controller?.abort();
  }

  /**
   * Does something, and says how far it is. `told` makes the sentence from a percentage. Rejects as the work does, with
   * `AbortError` when it was cancelled.
   */
  async run<T>(told: Told, work: (signal: AbortSignal, progress: (now: Progress) => void) => Promise<T>, first: () => string = () => told("0")): Promise<T> {
    this.cancel();
    const controller = new AbortController();
    this.controller = controller;
    const bar = make("progress", { max: "100", "aria-hidden": "true" });
    const line = make("p", { role: "status" });
    const say = (text: () => string) => {
      this.text = text;
      if (line.textContent !== text()) line.textContent = text();
    };
    this.element.replaceChildren(line, bar, button(importWords().cancel, () => controller.abort(), { class: "button small" }));
    this.element.hidden = false;
    say(first);
    this.changed(true);
    try {
      return await work(controller.signal, ({ done, total }) => {
        if (controller.signal.aborted) return;
        const percent = total > 0 ? Math.floor((done / total) * 100) : 0;
        bar.value = percent;
        // Screen readers hear a step now and then, not each of a hundred.
        say(() => told(String(percent - (percent % 5))));
      });
    } finally {
      if (this.controller === controller) {
        this.controller = null;
        this.text = null;
        this.element.hidden = true;
        this.element.replaceChildren();
        this.changed(false);
      }
    }
  }

  /** Writes the words again, after the language changed. */
  write(): void {
    const line = this.element.querySelector("p");
    const cancel = this.element.querySelector("button");
    if (line !== null && this.text !== null) line.textContent = this.text();
    if (cancel !== null) cancel.textContent = importWords().cancel;
  }
}

const SAID_MS = 8000;
let saidLast: ReturnType<typeof setTimeout> | undefined;

/** Says what was done for a while, long enough to read it twice. */
export function tell(shell: Shell, text: string): void {
  clearTimeout(saidLast);
  shell.say(text);
  saidLast = setTimeout(() => shell.say(""), SAID_MS);
}

/** Whether something ended because it was cancelled. */
export function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
