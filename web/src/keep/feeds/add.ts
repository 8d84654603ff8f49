// The form that adds a feed; what is typed stays when the language changes or the service refuses it.
import { make } from "../../shared/dom";
import type { Feed } from "../../shared/types";
import { message } from "../data";
import { isRefused } from "../session";
import { choice, labelled, line, tellProblems } from "../labelled";
import type { Shell } from "../panel";
import { minutesOf, shareOf, type Unit, UNITS } from "./feed";
import { feedWords } from "./words";

const EMPTY = { name: "", url: "", every: "6", unit: "hours" as Unit, coord: "", isAuto: false, share: "5" };

/** The form, and what is typed into it. */
export class AddForm {
  readonly root = make("details", { class: "fold add" });
  private typed = { ...EMPTY };
  private problem: unknown = null;

  constructor(private readonly shell: Shell, private readonly added: (feed: Feed) => void) {
    this.write();
  }

  isUnsaved(): boolean {
    return this.typed.name.trim() !== "" || this.typed.url.trim() !== "";
  }

  /** Writes the form again, with what is typed. */
  write(): void {
    const w = feedWords();
    const name = line("feed-name", this.typed.name, { maxlength: "100" });
    const url = line("feed-url", this.typed.url, { type: "url", inputmode: "url", placeholder: "https://" });
    const every = line("feed-every", this.typed.every, { type: "number", min: "1", inputmode: "numeric" });
    const unit = choice("feed-unit", this.typed.unit, UNITS.map((each) => [each, w.units[each]]));
    unit.setAttribute("aria-label", w.everyLabel);
    const coord = choice("feed-coord", this.typed.coord, Object.entries(w.datumChoices));
    const auto = make("input", { type: "checkbox", id: "feed-auto", "aria-describedby": "feed-auto-hint" });
    auto.checked = this.typed.isAuto;
    const share = line("feed-share", this.typed.share, { type: "number", min: "0", max: "100", step: "any", inputmode: "decimal" });
    const shareField = labelled("max_changed_share", w.share, [share], w.shareHint);
    const read = () => {
      this.typed = {
        name: name.value, url: url.value, every: every.value, unit: UNITS.find((each) => each === unit.value) ?? "hours",
        coord: coord.value, isAuto: auto.checked, share: share.value,
      };
      shareField.hidden = !auto.checked;
    };
    const submit = make("button", { type: "submit", class: "button main" }, w.addButton);
    const problem = make("div", { class: "problem", role: "alert", hidden: "" });
    // The service says what it cannot use, at the field and in the language of the page.
    const form = make("form", { class: "make", novalidate: "" },
      make("div", { class: "fields" }, labelled("name", w.name, [name], w.nameHint), labelled("url", w.url, [url], w.urlHint),
        labelled("every_min", w.everyLabel, [every, unit], w.everyHint), labelled("coord", w.datum, [coord], w.datumHint)),
      make("label", { class: "switch" }, auto, make("span", {}, w.auto)),
      make("p", { class: "hint", id: "feed-auto-hint" }, w.autoHint), shareField, problem, submit);
    form.addEventListener("input", read);
    form.addEventListener("submit", (event) => { event.preventDefault(); void this.send(form, submit, problem); });
    read();
    this.root.replaceChildren(make("summary", {}, w.add), form);
    if (this.problem !== null) this.tell(form, problem);
  }

  private async send(form: HTMLElement, submit: HTMLButtonElement, problem: HTMLElement): Promise<void> {
    const { name, url, every, unit, coord, isAuto, share } = this.typed;
    submit.disabled = true;
    this.problem = null;
    this.tell(form, problem);
    try {
      const feed = await this.shell.ask.json<Feed>({ path: "/v1/feeds", method: "POST", body: {
        name: name.trim(), url: url.trim(), every_min: minutesOf(every, unit), ...(coord === "" ? {} : { coord }),
        ...(isAuto ? { max_changed_share: shareOf(share) } : {}),
      } });
      this.typed = { ...EMPTY };
      this.root.open = false;
      this.write();
      this.added(feed);
    } catch (error) {
      if (isRefused(error)) return;
      this.problem = error;
      this.tell(form, problem);
    } finally {
      submit.disabled = false;
    }
  }

  private tell(form: HTMLElement, problem: HTMLElement): void {
    const w = feedWords();
    const rest = tellProblems(form, this.problem, {
      "name.empty": w.required, "name.feed_exists": w.taken, "url.empty": w.required, "url.bad_url": w.badUrl, "every_min.out_of_range": w.everyHint,
      "every_min.wrong_kind": w.everyHint, "max_changed_share.out_of_range": w.shareHint, "max_changed_share.wrong_kind": w.shareHint,
    });
    problem.replaceChildren(make("p", {}, ...message(rest)));
    problem.hidden = rest === "";
  }
}
