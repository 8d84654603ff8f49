// One import: how it was read, in which datum, what it does row by row, and the button that writes it.
import { RequestError } from "../../shared/api";
import { make, say } from "../../shared/dom";
import { language } from "../../shared/language";
import { keep } from "../../shared/save";
import { around, DATA } from "../data";
import type { Shell } from "../panel";
import { problemBox } from "../problem";
import { keepWords } from "../words";
import { CommitPart } from "./commit-part";
import { DatumPart } from "./datum-part";
import { countsText, stateTag } from "./list";
import { MappingPart } from "./mapping-part";
import { askedTwice, button } from "./parts";
import { RowsPart } from "./rows-part";
import { count, moment } from "./shown";
import type { Committed, Import } from "./types";
import { whyHeader } from "./undo";
import { isCancelled, tell, type Told, Work } from "./work";
import { importWords } from "./words";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The page of one import. */
export class ImportView {
  readonly element = make("div", { class: "import-view" });
  private readonly head = make("div", { class: "import-head" });
  private readonly notices = make("div", { class: "import-notices" });
  private readonly end = make("div", { class: "import-end" });
  private readonly work = new Work((isBusy) => this.setBusy(isBusy));
  private readonly mapping: MappingPart;
  private readonly datum: DatumPart;
  private readonly rows: RowsPart;
  private readonly commit: CommitPart;
  private problem: { error: unknown; again: (() => void) | null } | null = null;
  private isGone = false;
  private readonly forgetting = { isAsked: false };
  private hasMoved = false;

  constructor(private readonly shell: Shell, private readonly id: string, private now: Import | null) {
    const changed = () => this.writeCommit();
    this.mapping = new MappingPart((patch) => void this.change({ mapping: patch }, () => this.mapping.forget()), changed);
    this.datum = new DatumPart(shell, (coord) => void this.change({ coord }));
    this.rows = new RowsPart({
      shell, changed, moved: () => void this.load(), decide: (decisions) => void this.change({ decisions }, () => this.rows.choices.clear()),
    });
    this.commit = new CommitPart({ shell, work: this.work, commit: (why) => void this.commitNow(why), undone: () => void this.load(), isUnsaved: () => this.isUnsaved });
    if (now !== null) this.show(now);
    else this.write();
  }

  get isUnsaved(): boolean {
    return this.rows.choices.size > 0 || this.mapping.isUnsaved;
  }

  /** It came into view: asks how the import is by now. */
  async load(): Promise<void> {
    if (this.work.isBusy) return;
    this.datum.resize();
    try {
      this.show(await this.shell.ask.json<Import>({ path: `/v1/imports/${this.id}` }));
    } catch (error) {
      this.failed(error, () => void this.load());
    }
  }

  /** It is not looked at any more. */
  close(): void {
    this.datum.close();
  }

  private show(now: Import): void {
    this.now = now;
    this.problem = null;
    this.hasMoved = false;
    this.write();
  }

  private failed(error: unknown, again: () => void): void {
    this.isGone = error instanceof RequestError && error.status === 404;
    const code = error instanceof RequestError ? error.problem.code : undefined;
    if (code === "another_version") this.hasMoved = true;
    else this.problem = { error, again };
    if (code === "committed") void this.load();
    // The register has moved on: how far is said with the import.
    if (code === "base_moved" && this.now !== null) {
      this.now = { ...this.now, is_current: false };
      this.problem = null;
    }
    this.write();
  }

  private setBusy(isBusy: boolean): void {
    this.element.setAttribute("aria-busy", String(isBusy));
    this.element.classList.toggle("busy", isBusy);
  }

  /** Sends a change and shows the import that is worked out anew; `sent` is called once the service has it. */
  private async change(body: object, sent: () => void = () => undefined): Promise<void> {
    const { now } = this;
    if (now === null || this.work.isBusy) return;
    const w = importWords();
    await this.attempt((percent) => importWords().workingOut(percent), async (signal, progress) => {
      const changed = await this.shell.ask.events<Import>({ path: `/v1/imports/${this.id}`, method: "PATCH", body: { version: now.version, ...body }, signal }, progress);
      sent();
      this.show(changed);
      tell(this.shell, `${w.workedOut}${keepWords().colon}${countsText(changed.counts)}`);
    }, () => void this.change(body, sent));
  }

  private async commitNow(why: string): Promise<void> {
    const { now } = this;
    if (now === null || this.work.isBusy) return;
    const w = importWords();
    await this.attempt((percent) => importWords().committing(percent), async (signal, progress) => {
      const done = await this.shell.ask.events<Committed>({
        path: `/v1/imports/${this.id}/commit`, query: { version: String(now.version) }, method: "POST", headers: whyHeader(why), signal,
      }, progress);
      tell(this.shell, done.revision === null ? w.committedNothing : w.committedAs(done.revision, moment(done.at ?? now.made_at)));
      this.show(await this.shell.ask.json<Import>({ path: `/v1/imports/${this.id}`, signal }));
      this.commit.element.querySelector("h3")?.focus();
    }, () => void this.commitNow(why));
  }

  private async attempt(told: Told, work: Parameters<Work["run"]>[1], again: () => void): Promise<void> {
    this.problem = null;
    this.writeNotices();
    try {
      await this.work.run(told, work);
    } catch (error) {
      if (isCancelled(error)) tell(this.shell, importWords().cancelledWork);
      else this.failed(error, again);
    }
  }

  private async download(format: "csv" | "xlsx"): Promise<void> {
    const w = importWords();
    const { now } = this;
    if (now === null || this.work.isBusy) return;
    await this.attempt(() => importWords().making, async (signal) => {
      const query = { f: format, lang: language() };
      const response = await this.shell.ask.response({ path: `/v1/imports/${this.id}/rows`, query, signal }, format === "csv" ? "text/csv" : XLSX);
      const name = `${now.filename.replace(/\.[^.]*$/, "")}-remarks.${format}`;
      keep(name, await response.blob());
      tell(this.shell, w.downloaded(name));
    }, () => void this.download(format));
  }

  private async forget(): Promise<void> {
    const w = importWords();
    try {
      await this.shell.ask.response({ path: `/v1/imports/${this.id}`, method: "DELETE" });
      this.rows.choices.clear();
      this.mapping.forget();
      tell(this.shell, w.forgotten);
      this.shell.go("imports");
    } catch (error) {
      this.failed(error, () => void this.forget());
    }
  }

  /** Writes everything, in the language in use. What was chosen stays. */
  write(): void {
    const { now } = this;
    const w = importWords();
    this.work.write();
    this.writeHead();
    this.writeNotices();
    if (now === null) {
      this.element.replaceChildren(this.head, this.work.element, this.notices, ...(this.problem === null ? [make("p", { class: "hint" }, w.loading)] : []));
      return;
    }
    this.mapping.write(now);
    this.datum.show(now);
    this.rows.show(now);
    this.writeCommit();
    this.writeEnd(now);
    if (this.commit.element.parentElement === null) {
      this.element.replaceChildren(this.head, this.work.element, this.notices, this.mapping.element, this.datum.element, this.rows.element, this.commit.element, this.end);
    }
  }

  private writeCommit(): void {
    if (this.now !== null) this.commit.write(this.now);
  }

  private writeHead(): void {
    const w = importWords();
    const { now } = this;
    const back = button(`← ${w.back}`, () => this.shell.go("imports"), { class: "button quiet", id: "import-back" });
    this.head.replaceChildren(back, ...(now === null ? [] : [
      make("div", { class: "import-title" }, make("h2", DATA, now.filename), stateTag(now.state),
        ...(now.committed_revision === null ? [] : [make("span", { class: "hint" }, w.revision(now.committed_revision))])),
      make("p", { class: "hint" }, ...around([w.from(now.source, now.who, moment(now.made_at)), w.basedOn(now.base_revision), w.expires(moment(now.expires_at))].join(" · "), now.source, now.who)),
      make("p", { class: "import-sum" }, `${w.rows(count(now.counts.rows))}${w.between}${countsText(now.counts)}`),
    ]));
  }

  // What has to be known before anything is done: the register or the import has moved on, or something did not work.
  private writeNotices(): void {
    const w = importWords();
    const { now, problem } = this;
    const notice = (text: string, act: HTMLElement) => make("div", { class: "note import-notice", role: "alert" }, make("p", {}, text), act);
    this.notices.replaceChildren(
      ...(this.hasMoved ? [notice(w.otherVersion, button(w.reloadKept, () => void this.load(), { class: "button small", id: "reload-import" }))] : []),
      ...(now !== null && !now.is_current && now.committed_revision === null
        ? [notice(w.registerMoved, button(w.workOutAnew, () => void this.change({}), { class: "button small", id: "work-out-anew" }))] : []),
      ...(this.isGone ? [make("p", { class: "note", role: "alert" }, w.gone)] : problem === null ? [] : [problemBox(problem.error, problem.again ?? undefined)]));
  }

  private writeEnd(now: Import): void {
    const w = importWords();
    const label = make("p", { class: "hint" });
    say(label, w.download);
    this.end.replaceChildren(
      make("div", { class: "buttons" }, label, button(w.downloadCsv, () => void this.download("csv"), { id: "remarks-csv", "aria-label": `${w.download} ${w.downloadCsv}` }),
        button(w.downloadXlsx, () => void this.download("xlsx"), { id: "remarks-xlsx", "aria-label": `${w.download} ${w.downloadXlsx}` })),
      askedTwice(w.forget, now.committed_revision === null ? w.forgetSure : w.forgetCommittedSure, { yes: w.forgetYes, no: w.keepIt, danger: true }, () => void this.forget(), this.forgetting));
  }
}
