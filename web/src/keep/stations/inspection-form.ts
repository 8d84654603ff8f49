// The form of an inspection: a standard, and what was found item by item.
import { make } from "../../shared/dom";
import { language } from "../../shared/language";
import type { FacilityState } from "../../shared/types";
import { message } from "../data";
import type { Shell } from "../panel";
import { type FieldProblem, fieldProblems, problemBox } from "../problem";
import { keepWords } from "../words";
import { type Inspection, type InspectionReceipt, itemPath, type Standard } from "./api";
import { stationWords } from "./words";

type Result = Inspection["results"][number]["result"];
interface Found { result: Result; state: "" | Exclude<FacilityState, "unknown">; remark: string }

const RESULTS: Result[] = ["pass", "fail", "unknown"];
// What a facility that did not pass may be.
const FAILED: Exclude<FacilityState, "unknown">[] = ["no", "out_of_order", "yes"];
const MOST_REMARK = "500";

export interface InspectionHost { handedIn: (receipt: InspectionReceipt) => void; cancelled: () => void }

export class InspectionForm {
  readonly root = make("form", { class: "card inspection-form", novalidate: "" });
  private date = today();
  private inspector = "";
  private remark = "";
  private standard: string;
  private found = new Map<string, Found>();
  // What the service said, or what was missing before it was asked.
  private error: unknown = null;

  constructor(private readonly shell: Shell, private readonly id: string, private readonly standards: Standard[], private readonly host: InspectionHost) {
    this.standard = standards[0]?.id ?? "";
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.handIn();
    });
  }

  isUnsaved(): boolean {
    return this.inspector !== "" || this.remark !== "" || this.found.size > 0;
  }

  write(): void {
    const w = stationWords();
    const text = (id: string, label: string, value: string, take: (value: string) => void, more: Record<string, string> = {}, hint = "") => {
      const input = make("input", { class: "input", id, type: "text", autocomplete: "off", ...more, ...this.wrong(id) });
      input.value = value;
      input.addEventListener("input", () => take(input.value));
      return make("div", { class: "field" }, make("label", { for: id }, label), input, hint === "" ? null : make("p", { class: "hint" }, hint), ...this.wrongTexts(id));
    };
    const standard = make("select", { class: "input", id: "in-standard" }, ...this.standards.map(({ id, name }) => make("option", { value: id }, name[language()])));
    standard.value = this.standard;
    standard.addEventListener("change", () => {
      this.standard = standard.value;
      this.found.clear();
      this.write();
      document.getElementById("in-standard")?.focus();
    });
    const now = this.standards.find(({ id }) => id === this.standard);
    const cancel = make("button", { type: "button", class: "button", id: "in-cancel" }, w.cancel);
    cancel.addEventListener("click", this.host.cancelled);
    this.root.replaceChildren(...[
      make("h3", {}, w.newInspection), this.problem(),
      make("div", { class: "fields" },
        make("div", { class: "field" }, make("label", { for: "in-standard" }, w.standard), standard),
        text("in-date", w.inspectionDate, this.date, (value) => { this.date = value; }, { type: "date", max: today() }),
        text("in-inspector", w.inspector, this.inspector, (value) => { this.inspector = value; }, { maxlength: "100" }, w.inspectorHint)),
      make("h3", {}, w.itemsHeading),
      make("div", { class: "items" }, ...(now?.items ?? []).map((item) => this.item(item))),
      text("in-remark", w.remarkWhole, this.remark, (value) => { this.remark = value; }, { maxlength: MOST_REMARK }),
      make("div", { class: "buttons" }, make("button", { type: "submit", class: "button main", id: "in-send" }, w.handIn), cancel),
    ].filter((part) => part !== null));
  }

  private item({ id, name, requirement }: Standard["items"][number]): HTMLElement {
    const w = stationWords();
    const title = name[language()];
    const found = this.found.get(id) ?? { result: "unknown", state: "", remark: "" };
    const box = make("div", { class: "item", "data-item": id });
    const take = (more: Partial<Found>) => {
      Object.assign(found, more);
      this.found.set(id, found);
    };
    const choices = RESULTS.map((result) => {
      const radio = make("input", { type: "radio", name: `in-${id}`, value: result });
      radio.checked = found.result === result;
      radio.addEventListener("change", () => {
        take({ result, state: "" });
        states.hidden = result !== "fail";
        state.value = "";
      });
      return make("label", {}, radio, make("span", {}, w.results[result] ?? result));
    });
    const state = make("select", { class: "input", id: `in-state-${id}` }, make("option", { value: "" }, w.leaveOut), ...FAILED.map((word) => make("option", { value: word }, w.states[word])));
    state.value = found.state;
    state.addEventListener("change", () => take({ state: state.value as Found["state"] }));
    const states = make("label", { class: "field item-state", for: state.id }, make("span", {}, w.itemState), state);
    states.hidden = found.result !== "fail";
    const remark = make("input", { class: "input", type: "text", id: `in-remark-${id}`, maxlength: MOST_REMARK, autocomplete: "off", placeholder: w.remark, "aria-label": w.itemRemark(title) });
    remark.value = found.remark;
    remark.addEventListener("input", () => take({ remark: remark.value }));
    box.append(make("span", { class: "choice-label", id: `in-label-${id}` }, title), make("div", { class: "segment", role: "radiogroup", "aria-labelledby": `in-label-${id}` }, ...choices));
    // Of what is no single facility there is no state to tell.
    if (requirement.facility !== undefined) box.append(states);
    box.append(remark);
    return box;
  }

  private problems(): FieldProblem[] {
    return typeof this.error === "function" ? (this.error as () => FieldProblem[])() : fieldProblems(this.error);
  }

  private wrong(id: string): Record<string, string> {
    return this.wrongTexts(id).length > 0 ? { "aria-invalid": "true", "aria-describedby": `${id}-wrong` } : {};
  }

  private wrongTexts(id: string): HTMLElement[] {
    const texts = this.problems().filter(({ field }) => `in-${field ?? ""}` === id).map(({ text }) => text);
    return texts.length === 0 ? [] : [make("p", { class: "wrong", id: `${id}-wrong` }, ...message(texts.join(" ")))];
  }

  private problem(): HTMLElement | null {
    const problems = this.problems();
    if (problems.length === 0) return this.error === null ? null : problemBox(this.error);
    const w = stationWords();
    const labels: Record<string, string> = { date: w.inspectionDate, inspector: w.inspectorShort, standard: w.standard, remark: w.remark };
    return make("div", { class: "problem", role: "alert" }, make("p", {}, w.problemsHeading(problems.length)),
      make("ul", {}, ...problems.map(({ field, text }) => make("li", {}, ...message(field === null ? text : `${labels[field] ?? field}${keepWords().colon}${text}`)))));
  }

  private async handIn(): Promise<void> {
    if (this.inspector.trim() === "") return this.fail(() => [{ field: "inspector", text: stationWords().needInspector }]);
    const results = [...this.found].map(([item, { result, state, remark }]) => ({
      item, result, ...(state === "" ? {} : { state }), ...(remark.trim() === "" ? {} : { remark: remark.trim() }),
    }));
    const body: Inspection = {
      date: this.date, inspector: this.inspector.trim(), standard: this.standard, results, ...(this.remark.trim() === "" ? {} : { remark: this.remark.trim() }),
    };
    const send = this.root.querySelector<HTMLButtonElement>("#in-send");
    if (send !== null) Object.assign(send, { disabled: true, textContent: stationWords().handingIn });
    try {
      this.host.handedIn(await this.shell.ask.json<InspectionReceipt>({ path: itemPath(this.id, "/inspections"), method: "POST", body }));
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.error = error;
    this.write();
    this.root.querySelector<HTMLElement>("[aria-invalid], #in-send")?.focus();
  }
}

// The day here; the service judges by its own clock.
function today(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
