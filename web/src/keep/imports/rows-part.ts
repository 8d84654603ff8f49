// The part of an import that shows what happens to each row, page by page, and collects what is chosen.
import { make } from "../../shared/dom";
import type { Shell } from "../panel";
import { problemBox } from "../problem";
import { canChoose, Choices, type FieldChoice } from "./choices";
import { button, labelled, option } from "./parts";
import { rowCard } from "./row";
import { count, countOf, fieldName, OPEN, OUTCOMES } from "./shown";
import type { Decision, Import, Outcome, Row, Rows } from "./types";
import { importWords } from "./words";

const PAGE_ROWS = 50;
const MOST_ROWS = 1000;

/** What the part needs of the import that it belongs to. */
export interface RowsHost {
  shell: Shell;
  /** Sends decisions. */
  decide: (decisions: Decision[]) => void;
  /** Somebody else has changed the import. */
  moved: () => void;
  /** Choices were made or dropped. */
  changed: () => void;
}

/** The part. */
export class RowsPart {
  readonly element = make("section", { class: "import-part import-rows", "aria-labelledby": "import-rows-heading" });
  readonly choices = new Choices();
  private readonly chips = make("div", { class: "chips", role: "group" });
  private readonly bulk = make("div", { class: "bulk" });
  private readonly list = make("ol", { class: "row-cards" });
  private readonly end = make("div", { class: "rows-end" });
  private readonly bar = make("div", { class: "choice-bar", hidden: "" });
  private readonly heading = make("h3", { id: "import-rows-heading", tabindex: "-1" });
  private now: Import | null = null;
  private only = new Set<Outcome>();
  private rows: Row[] = [];
  private next: string | null = null;
  private shown: { version: number; only: string } | null = null;
  private problem: unknown = null;
  private isLoading = false;
  private asked = 0;

  constructor(private readonly host: RowsHost) {
    const only = host.shell.address().get("rows")?.split(",") ?? [];
    this.only = new Set(OUTCOMES.filter((outcome) => only.includes(outcome)));
    this.element.append(this.heading, this.chips, this.bulk, this.list, this.end, this.bar);
  }

  /** Shows an import; its rows are asked for when they are not those that are shown. */
  show(now: Import): void {
    this.now = now;
    this.write();
    if (this.shown === null || this.shown.version !== now.version || this.shown.only !== this.key()) void this.load();
  }

  private key(): string {
    return [...this.only].join(",");
  }

  // As many as were shown, so that whoever has decided something finds the place again.
  private async load(): Promise<void> {
    const many = this.shown?.only === this.key() ? this.rows.length : 0;
    await this.ask(null, Math.min(MOST_ROWS, Math.max(PAGE_ROWS, many)));
  }

  private async ask(cursor: string | null, limit: number): Promise<void> {
    const { now } = this;
    if (now === null) return;
    this.asked += 1;
    const turn = this.asked;
    const only = this.key();
    this.isLoading = true;
    this.problem = null;
    this.element.setAttribute("aria-busy", "true");
    const query: Record<string, string> = { limit: String(limit), ...(only === "" ? {} : { outcome: only }), ...(cursor === null ? {} : { cursor }) };
    try {
      const page = await this.host.shell.ask.json<Rows>({ path: `/v1/imports/${now.id}/rows`, query });
      if (turn !== this.asked) return;
      if (page.version !== now.version) {
        this.host.moved();
        return;
      }
      this.rows = cursor === null ? page.rows : [...this.rows, ...page.rows];
      this.next = page.next;
      this.shown = { version: page.version, only };
    } catch (error) {
      if (turn === this.asked) this.problem = error;
    } finally {
      if (turn === this.asked) {
        this.isLoading = false;
        this.element.removeAttribute("aria-busy");
      }
    }
    if (turn !== this.asked) return;
    if (cursor === null) this.writeRows();
    else this.addRows(this.list.children.length);
    this.writeEnd();
    this.writeBulk();
  }

  /** Writes the part, in the language in use. What was chosen stays. */
  write(): void {
    const w = importWords();
    this.heading.textContent = w.rowsHeading;
    this.chips.setAttribute("aria-label", w.filterLabel);
    this.writeChips();
    this.writeRows();
    this.writeEnd();
    this.writeBulk();
    this.writeBar();
  }

  private writeChips(): void {
    const { now } = this;
    if (now === null) return;
    const w = importWords();
    const { counts } = now;
    const chip = (key: string, text: string, isOn: boolean, act: () => void) => {
      const made = make("button", { type: "button", class: "chip", "aria-pressed": String(isOn), "data-only": key }, text);
      made.addEventListener("click", () => {
        act();
        this.filtered(key);
      });
      return made;
    };
    const open = counts.conflict + counts.undecided + counts.duplicate;
    const isOpen = this.key() === OPEN.join(",");
    const outcomes = OUTCOMES.filter((outcome) => (countOf(outcome, counts) ?? (now.decisions.length)) > 0 || this.only.has(outcome));
    this.chips.replaceChildren(
      chip("", w.rowsAll(count(counts.rows + counts.missing)), this.only.size === 0, () => this.only.clear()),
      ...(open > 0 ? [chip("open", w.rowsOpen(count(open)), isOpen, () => { this.only = new Set(isOpen ? [] : OPEN); })] : []),
      ...outcomes.map((outcome) => {
        const number = countOf(outcome, counts);
        const text = number === null ? w.outcomes[outcome] : (outcome === "duplicate" ? w.pairs : w.chip)(w.outcomes[outcome], count(number));
        return chip(outcome, text, this.only.has(outcome), () => {
          const others = new Set(this.only);
          if (!others.delete(outcome)) others.add(outcome);
          this.only = new Set(OUTCOMES.filter((one) => others.has(one)));
        });
      }));
  }

  private filtered(key: string): void {
    this.host.shell.setAddress({ rows: this.only.size === 0 ? null : this.key() });
    this.writeChips();
    this.chips.querySelector<HTMLElement>(`[data-only="${key}"]`)?.focus();
    void this.load();
  }

  private writeRows(): void {
    this.list.replaceChildren();
    this.addRows(0);
  }

  private addRows(from: number): void {
    const { now } = this;
    if (now === null) return;
    const host = { choices: this.choices, decided: now.decisions, isLocked: now.committed_revision !== null, chosen: () => this.chosen() };
    this.list.append(...this.rows.slice(from).map((row) => rowCard(row, host)));
  }

  private chosen(): void {
    this.writeBar();
    this.host.changed();
  }

  private writeEnd(): void {
    const w = importWords();
    if (this.problem !== null) {
      this.end.replaceChildren(problemBox(this.problem, () => void this.load()));
      return;
    }
    const number = count(this.rows.length);
    const said = this.isLoading && this.rows.length === 0 ? w.loading : this.rows.length === 0 ? w.rowsNone : this.next === null ? w.rowsShownAll(number) : w.rowsShown(number);
    this.end.replaceChildren(make("p", { class: "hint", role: "status" }, said), ...(this.next === null ? [] : [button(w.more, () => {
      const first = this.rows.length;
      void this.ask(this.next, PAGE_ROWS * 2).then(() => {
        const card = this.list.children[first];
        if (!(card instanceof HTMLElement)) return;
        card.tabIndex = -1;
        card.focus();
      });
    }, { class: "button", id: "more-rows" })]));
  }

  // What can be said of all rows that are shown, or of all conflicts, where one kind of row is looked at.
  private writeBulk(): void {
    const { now } = this;
    const w = importWords();
    const [only] = this.only;
    this.bulk.replaceChildren();
    if (now === null || now.committed_revision !== null || this.only.size !== 1 || this.rows.length === 0) return;
    if (only === "conflict") {
      this.writeBulkConflicts();
      return;
    }
    const all = (act: (row: Row) => void) => () => {
      this.rows.forEach(act);
      this.writeRows();
      this.chosen();
    };
    const choose = (choice: (row: Row) => Parameters<Choices["setRow"]>[1] | null) => all((row) => {
      const made = choice(row);
      if (canChoose(row) && made !== null) this.choices.setRow(row.row ?? 0, made, now.decisions);
    });
    const skip = button(w.bulkSkip, choose(() => ({ kind: "skip" })), { class: "button small" });
    const isDeleted = (row: Row) => row.outcomes.includes("deleted");
    const buttons: Partial<Record<Outcome, HTMLElement[]>> = {
      duplicate: [button(w.bulkTake, choose(() => ({ kind: "take" })), { class: "button small" }), skip],
      undecided: [
        button(w.bulkFirst, choose(({ candidates: [first] = [] }) => (first === undefined ? null : { kind: "match", station: first.id })), { class: "button small" }),
        button(w.bulkNew, choose(() => ({ kind: "new" })), { class: "button small" }), skip],
      missing: [
        button(w.bulkDelete, all((row) => this.choices.setDeleted(row.id ?? "", true, isDeleted(row))), { class: "button small danger" }),
        button(w.bulkKeep, all((row) => this.choices.setDeleted(row.id ?? "", false, isDeleted(row))), { class: "button small" })],
      new: [skip], changed: [skip], warning: [skip],
    };
    const there = only === undefined ? undefined : buttons[only];
    if (there !== undefined) this.bulk.append(make("p", {}, w.bulkLabel(count(this.rows.length))), make("div", { class: "buttons" }, ...there));
  }

  private writeBulkConflicts(): void {
    const w = importWords();
    const fields = [...new Set(this.rows.flatMap(({ conflicts = [] }) => conflicts.map(({ field }) => field)))];
    const select = make("select", { class: "input" }, option("", w.bulkAnyField), ...fields.map((field) => option(field, fieldName(field))));
    const set = (side: FieldChoice) => () => {
      this.choices.setEverywhere(select.value, side);
      this.chosen();
    };
    this.bulk.append(make("p", {}, w.bulkConflicts), labelled(w.bulkField, select), make("div", { class: "buttons" },
      button(w.bulkOurs, set("ours"), { class: "button small" }), button(w.bulkTheirs, set("theirs"), { class: "button small" })));
  }

  /** Writes what is not sent yet, and buttons to send it. */
  writeBar(): void {
    const w = importWords();
    const { size } = this.choices;
    this.bar.hidden = size === 0;
    if (size === 0) {
      this.bar.replaceChildren();
      return;
    }
    const everywhere = this.choices.ofAll().map(([field, side]) =>
      w.bulkNoted(field === "" ? w.bulkAnyField : fieldName(field), side === "ours" ? w.ourSide : w.theirSide)).join(w.between);
    this.bar.replaceChildren(make("p", { role: "status" }, w.bar(count(size)), everywhere === "" ? null : make("span", { class: "hint" }, everywhere)),
      make("div", { class: "buttons" },
        button(w.barSend, () => this.host.decide(this.choices.entries(this.now?.decisions ?? [])), { class: "button main", id: "send-choices" }),
        button(w.barDiscard, () => {
          this.choices.clear();
          this.write();
          this.host.changed();
        }, { class: "button quiet" })));
  }
}
