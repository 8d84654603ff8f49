// The form that makes a token, and the one place where its secret is shown, once: it is in no other variable and in no
// storage, and gone when it is put away or the part is.
import { make } from "../../shared/dom";
import type { Token } from "../../shared/types";
import { message } from "../data";
import { choice, labelled, line, tellProblems } from "../labelled";
import type { Shell } from "../panel";
import { isRefused, type Role } from "../session";
import { keepWords } from "../words";
import { tokenWords } from "./words";

const EMPTY = { name: "", role: "editor" as Role, days: "365" };
const ROLES: Role[] = ["reader", "editor", "admin"];

/** The form, and what is typed into it. */
export class MakeForm {
  readonly root = make("div", { class: "making" });
  private readonly fold = make("details", { class: "fold add" });
  private typed = { ...EMPTY };
  private problem: unknown = null;
  private made: { token: Token; secret: string } | null = null;

  constructor(private readonly shell: Shell, private readonly isMade: () => void) {
    this.write();
  }

  isUnsaved(): boolean {
    return this.made !== null || this.typed.name.trim() !== "";
  }

  /** Writes the form again, with what is typed, and the secret that nobody has put away yet. */
  write(): void {
    const w = tokenWords();
    const name = line("token-name", this.typed.name, { maxlength: "80" });
    const role = choice("token-role", this.typed.role, ROLES.map((each) => [each, keepWords().roles[each]]));
    const mayDo = make("span", {});
    const days = line("token-days", this.typed.days, { type: "number", min: "1", max: "3650", inputmode: "numeric" });
    const read = () => {
      this.typed = { name: name.value, role: ROLES.find((each) => each === role.value) ?? "editor", days: days.value };
      mayDo.textContent = w.roles[this.typed.role];
    };
    const submit = make("button", { type: "submit", class: "button main" }, w.makeButton);
    const problem = make("div", { class: "problem", role: "alert", hidden: "" });
    const form = make("form", { class: "make", novalidate: "" },
      make("div", { class: "fields" }, labelled("name", w.name, [name], w.nameHint), labelled("role", w.role, [role], mayDo), labelled("days", w.days, [days], w.daysHint)),
      problem, submit);
    form.addEventListener("input", read);
    form.addEventListener("submit", (event) => { event.preventDefault(); void this.send(form, submit, problem); });
    read();
    this.fold.replaceChildren(make("summary", {}, w.make), form);
    this.root.replaceChildren(...(this.made === null ? [] : [this.secretBox(this.made)]), this.fold);
    if (this.problem !== null) this.tell(form, problem);
  }

  private secretBox({ token, secret }: { token: Token; secret: string }): HTMLElement {
    const w = tokenWords();
    const field = make("input", { class: "input secret", readonly: "", autocomplete: "off", spellcheck: "false", id: "new-secret" });
    field.value = secret;
    field.addEventListener("focus", () => field.select());
    const copy = make("button", { type: "button", class: "button main" }, w.copy);
    copy.addEventListener("click", () => void this.copy(field));
    const away = make("button", { type: "button", class: "button" }, w.stored);
    away.addEventListener("click", () => {
      this.made = null;
      field.value = "";
      this.write();
      this.fold.querySelector("summary")?.focus();
    });
    return make("section", { class: "secret-box", "aria-labelledby": "secret-heading" },
      make("h3", { id: "secret-heading", tabindex: "-1" }, w.made(token.name)),
      make("p", { class: "note" }, w.once),
      make("div", { class: "side" }, make("label", { class: "hidden", for: "new-secret" }, w.secret), field, copy),
      away);
  }

  private async copy(field: HTMLInputElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(field.value);
      this.shell.say(tokenWords().copied);
    } catch {
      // No clipboard without https, or not allowed: the text is selected for the hand to copy.
      field.focus();
      field.select();
      this.shell.say(tokenWords().notCopied);
    }
  }

  private async send(form: HTMLElement, submit: HTMLButtonElement, problem: HTMLElement): Promise<void> {
    const { name, role, days } = this.typed;
    submit.disabled = true;
    this.problem = null;
    this.tell(form, problem);
    try {
      // What is no number goes as it is: the service says what it expects.
      const number = days.trim() === "" || !Number.isFinite(Number(days)) ? days : Number(days);
      this.made = await this.shell.ask.json<{ token: Token; secret: string }>({ path: "/v1/tokens", method: "POST", body: { name: name.trim(), role, days: number } });
      this.typed = { ...EMPTY };
      this.fold.open = false;
      this.write();
      this.root.querySelector<HTMLElement>("#secret-heading")?.focus();
      this.isMade();
    } catch (error) {
      if (isRefused(error)) return;
      this.problem = error;
      this.tell(form, problem);
    } finally {
      submit.disabled = false;
    }
  }

  private tell(form: HTMLElement, problem: HTMLElement): void {
    const w = tokenWords();
    const rest = tellProblems(form, this.problem, { "name.empty": w.required, "days.out_of_range": w.daysHint, "days.wrong_kind": w.daysHint });
    problem.replaceChildren(make("p", {}, ...message(rest)));
    problem.hidden = rest === "";
  }
}
