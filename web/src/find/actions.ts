// What can be done with a station: copy its address, share it, report a problem, say that one used it.
import { RequestError, send } from "../shared/api";
import { make, say } from "../shared/dom";
import { FACILITIES } from "../shared/facilities";
import { words } from "../shared/language";
import { EMBEDDED } from "../shared/memory";
import type { StationFeature } from "../shared/types";
import { addressOf } from "./address";
import { problemText } from "./list";

const KINDS = ["door_locked", "no_water", "broken_facility", "wrong_place", "wrong_hours", "closed_for_good", "other"] as const;
const MOST_CHARACTERS = 500;

/** Once the service has said that it keeps no reports, none is offered any more. */
let keepsReports = !EMBEDDED;

/** The buttons that copy and share, with the line that says what happened. */
export function shareButtons(station: StationFeature): HTMLElement {
  const { name, address } = station.properties;
  const said = make("p", { class: "said", role: "status" });
  const copy = make("button", { type: "button", class: "button" }, words().copyAddress);
  copy.addEventListener("click", () => void copyText([name, address ?? ""].filter((part) => part !== "").join(" "))
    .then((done) => { said.textContent = done ? words().copied : words().notCopied; }));
  const share = make("button", { type: "button", class: "button" }, words().share);
  share.addEventListener("click", () => void shareLink(name, addressOf(station.id))
    .then((how) => { said.textContent = how === "copied" ? words().linkCopied : how === "failed" ? words().notCopied : ""; }));
  return make("div", { class: "share" }, make("div", { class: "buttons" }, copy, share), said);
}

/** The form that reports a problem and the button "I used it"; null where the service keeps neither. */
export function reportForm(station: StationFeature): HTMLElement | null {
  if (!keepsReports) return null;
  const part = make("div", { class: "report" });
  const said = make("p", { class: "said", role: "status" });
  const used = make("button", { type: "button", class: "button" }, words().usedIt);
  used.addEventListener("click", () => void post(station, "visits", {}, part, said, words().usedItThanks).then((done) => { used.disabled = done; }));
  const kind = make("select", { class: "input", id: "report-kind" }, ...KINDS.map((value) => make("option", { value }, words().reportKinds[value])));
  const facility = make("select", { class: "input", id: "report-facility" }, ...FACILITIES.map((value) => make("option", { value }, words().facilities[value])));
  const which = make("label", { class: "field", hidden: "" }, make("span", {}, words().reportFacility), facility);
  kind.addEventListener("change", () => { which.hidden = kind.value !== "broken_facility"; });
  const text = make("textarea", { class: "input", id: "report-text", maxlength: String(MOST_CHARACTERS) });
  const form = make("form", { class: "report-form" },
    make("label", { class: "field" }, make("span", {}, words().reportKind), kind), which,
    make("label", { class: "field" }, make("span", {}, words().reportText), text),
    make("button", { type: "submit", class: "button main" }, words().reportSend));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const report: Record<string, string> = { kind: kind.value };
    if (kind.value === "broken_facility") report["facility"] = facility.value;
    if (text.value.trim() !== "") report["text"] = text.value.trim();
    void post(station, "reports", report, part, said, words().reportThanks).then((done) => { if (done) form.hidden = true; });
  });
  part.append(used, make("details", { class: "fold" }, make("summary", {}, words().reportProblem), form), said);
  return part;
}

async function post(
  station: StationFeature, what: "reports" | "visits", body: Record<string, string>, part: HTMLElement, said: HTMLElement, thanks: string,
): Promise<boolean> {
  try {
    await send(`/v1/collections/stations/items/${encodeURIComponent(station.id)}/${what}`, body);
    say(said, thanks);
    return true;
  } catch (error) {
    if (error instanceof RequestError && (error.status === 404 || error.status === 405)) {
      keepsReports = false;
      part.replaceChildren(said);
      say(said, words().notKeptHere);
    } else {
      say(said, problemText(error, words()));
    }
    return false;
  }
}

/** Copies a text; apps around a WebView often forbid the newer way, so the older one is tried, too. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { class: "hidden", readonly: "" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

async function shareLink(title: string, url: string): Promise<"shared" | "copied" | "failed"> {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ title, url });
      return "shared";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return "shared";
    }
  }
  return (await copyText(url)) ? "copied" : "failed";
}

/** Says whether this service keeps reports at all. */
export function offerReports(isKept: boolean): void {
  keepsReports = keepsReports && isKept;
}
