// Gives files to the browser to keep.
import { make } from "./dom";

const REVOKE_MS = 60_000;

/** Gives a file to the browser to keep. */
export function keep(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = make("a", { href: url, download: name, class: "hidden" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
}
