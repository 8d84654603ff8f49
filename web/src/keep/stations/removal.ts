// The way to remove a station: asked once more, with the reason, and refused when somebody has changed it meanwhile.
import { RequestError } from "../../shared/api";
import { make } from "../../shared/dom";
import type { Shell } from "../panel";
import { problemBox } from "../problem";
import { itemPath, type Loaded } from "./api";
import { stationWords } from "./words";
import { MOST_WHY, whyHeaders } from "./why";

export interface RemovalHost {
  removed: () => void;
  /** Loads the station as it is now. */
  reload: () => void;
}

export class Removal {
  readonly root = make("section", { class: "removal" });
  private isAsked = false;
  private why = "";
  private problem: unknown = null;

  constructor(private readonly shell: Shell, private readonly loaded: Loaded, private readonly host: RemovalHost) {}

  write(): void {
    const w = stationWords();
    if (!this.isAsked) {
      this.root.replaceChildren(this.button("st-remove", w.remove, "danger", () => this.turn(true, "#remove-no")));
      return;
    }
    const why = make("input", { class: "input", id: "remove-why", type: "text", autocomplete: "off", maxlength: String(MOST_WHY) });
    why.value = this.why;
    why.addEventListener("input", () => { this.why = why.value; });
    this.root.replaceChildren(make("div", { class: "confirm", role: "group", "aria-labelledby": "remove-heading" },
      make("h3", { id: "remove-heading" }, w.removeHeading), make("p", {}, w.removeHint),
      make("label", { class: "field", for: "remove-why" }, make("span", {}, w.whyLabel), why),
      this.problem === null ? null : this.refused(this.problem),
      make("div", { class: "buttons" }, this.button("remove-no", w.removeNo, "", () => this.turn(false, "#st-remove")),
        this.button("remove-yes", w.removeYes, "danger", () => void this.remove()))));
  }

  private button(id: string, text: string, kind: string, act: () => void): HTMLButtonElement {
    const button = make("button", { type: "button", class: `button ${kind}`.trim(), id }, text);
    button.addEventListener("click", act);
    return button;
  }

  private turn(isAsked: boolean, focus: string): void {
    Object.assign(this, { isAsked, problem: null });
    this.write();
    this.root.querySelector<HTMLElement>(focus)?.focus();
  }

  private refused(error: unknown): HTMLElement {
    const w = stationWords();
    if (!(error instanceof RequestError) || error.status !== 412) return problemBox(error);
    return make("div", { class: "problem", role: "alert" }, make("p", {}, w.changedMeanwhile), this.button("remove-reload", w.reload, "", this.host.reload));
  }

  private async remove(): Promise<void> {
    const yes = this.root.querySelector<HTMLButtonElement>("#remove-yes");
    if (yes !== null) yes.disabled = true;
    const { feature, etag } = this.loaded;
    try {
      await this.shell.ask.response({ path: itemPath(feature.id), method: "DELETE", headers: { ...whyHeaders(this.why), "If-Match": etag } });
    } catch (error) {
      this.problem = error;
      this.write();
      this.root.querySelector<HTMLElement>("#remove-reload, #remove-yes")?.focus();
      return;
    }
    this.host.removed();
  }
}
