// The part with the tokens, for administrators: who may do what and until when, making one, ending one.
import "../../styles/keep-desk.css";
import { make } from "../../shared/dom";
import type { Token } from "../../shared/types";
import { askBefore } from "../confirm";
import { DATA } from "../data";
import type { OpenPanel, Panel, Shell } from "../panel";
import { problemBox } from "../problem";
import { isRefused } from "../session";
import { day } from "../when";
import { keepWords } from "../words";
import { MakeForm } from "./make";
import { tokenWords } from "./words";

/** Makes the part. */
export const openPanel: OpenPanel = (root, shell) => new Tokens(root, shell);

class Tokens implements Panel {
  private tokens: Token[] | null = null;
  private withOld = false;
  private problem: unknown = null;
  private refusal: { id: string; error: unknown } | null = null;
  private readonly asked = new Set<string>();
  private newest: AbortController | null = null;
  private readonly list = make("ul", { class: "entries" });
  private readonly old = make("div", { class: "old" });
  private readonly status = make("p", { class: "hint", role: "status" });
  private readonly after = make("div", { class: "after" });
  private readonly refresh = make("button", { type: "button", class: "button" });
  private readonly form: MakeForm;

  constructor(private readonly root: HTMLElement, private readonly shell: Shell) {
    this.form = new MakeForm(shell, () => void this.load());
    this.refresh.addEventListener("click", () => void this.load());
    this.write();
  }

  show(): void {
    void this.load();
  }

  write(): void {
    const w = tokenWords();
    this.refresh.textContent = w.refresh;
    this.list.setAttribute("aria-label", w.heading);
    this.form.write();
    this.root.replaceChildren(
      make("div", { class: "panel-head" }, make("h2", {}, w.heading), this.status, this.refresh),
      make("p", { class: "hint" }, w.about), this.form.root, this.list, this.old, this.after);
    this.writeList();
  }

  isUnsaved(): boolean {
    return this.form.isUnsaved();
  }

  private async load(): Promise<void> {
    this.newest?.abort();
    const now = new AbortController();
    this.newest = now;
    this.list.setAttribute("aria-busy", "true");
    this.status.textContent = tokenWords().loading;
    try {
      this.tokens = (await this.shell.ask.json<{ tokens: Token[] }>({ path: "/v1/tokens", signal: now.signal })).tokens;
      this.problem = null;
      this.writeList();
    } catch (error) {
      if (now.signal.aborted || isRefused(error)) return;
      this.problem = error;
      this.writeList();
    } finally {
      if (this.newest === now) {
        this.list.removeAttribute("aria-busy");
        this.status.textContent = "";
      }
    }
  }

  private writeList(): void {
    this.after.replaceChildren(...(this.problem === null ? [] : [problemBox(this.problem, () => void this.load())]));
    if (this.tokens === null) return;
    const shown = this.tokens.filter(({ state }) => this.withOld || state === "good");
    this.list.replaceChildren(...shown.map((token) => this.card(token)));
    this.writeOld(this.tokens.filter(({ state }) => state !== "good").length);
  }

  // The switch stays where it is when it is used.
  private writeOld(count: number): void {
    const known = this.old.querySelector("span");
    const text = tokenWords().showOld(count);
    if (count === 0) this.old.replaceChildren();
    else if (known !== null) known.textContent = text;
    else {
      const box = make("input", { type: "checkbox", id: "with-old" });
      box.checked = this.withOld;
      box.addEventListener("change", () => { this.withOld = box.checked; this.writeList(); });
      this.old.append(make("label", { class: "switch" }, box, make("span", {}, text)));
    }
  }

  private card(token: Token): HTMLLIElement {
    const w = tokenWords();
    const isOwn = token.id === this.shell.tokenId();
    const card = make("li", { class: "entry token", "data-id": token.id, tabindex: "-1" },
      make("div", { class: "entry-head" }, make("h3", DATA, token.name),
        make("span", { class: "tag" }, keepWords().roles[token.role]),
        make("span", { class: `tag state ${token.state}` }, w.states[token.state]),
        isOwn ? make("span", { class: "tag own" }, w.inUse) : null),
      make("p", { class: "hint number" }, [token.id, w.madeAt(day(token.made_at)), endText(token)].join(" · ")),
      this.refusal?.id === token.id ? problemBox(this.refusal.error) : null);
    if (isOwn) card.append(make("p", { class: "hint" }, w.inUseWhy));
    else if (token.state === "good") card.append(make("div", { class: "buttons" }, this.revokeButton(token)));
    return card;
  }

  private revokeButton(token: Token): HTMLElement {
    const w = tokenWords();
    const button = make("button", { type: "button", class: "button danger" }, w.revoke);
    const question = { text: w.revokeSure(token.name, token.id), yes: w.revokeYes, no: w.cancel };
    return askBefore(button, question, (yes) => void this.revoke(token, yes), this.asked, token.id);
  }

  private async revoke(token: Token, yes: HTMLButtonElement): Promise<void> {
    yes.disabled = true;
    this.refusal = null;
    try {
      await this.shell.ask.response({ path: `/v1/tokens/${encodeURIComponent(token.id)}`, method: "DELETE" });
      this.shell.say(tokenWords().revoked(token.name));
      this.refresh.focus();
      await this.load();
    } catch (error) {
      yes.disabled = false;
      if (isRefused(error)) return;
      this.refusal = { id: token.id, error };
      const card = this.card(token);
      this.list.querySelector(`[data-id="${CSS.escape(token.id)}"]`)?.replaceWith(card);
      card.focus();
    }
  }
}

function endText({ state, expires_at, revoked_at }: Token): string {
  const w = tokenWords();
  if (state === "revoked" && revoked_at !== null) return w.revokedAt(day(revoked_at));
  if (expires_at === null) return w.forEver;
  return state === "expired" ? w.expiredAt(day(expires_at)) : w.until(day(expires_at));
}
