// What somebody has chosen about the rows of an import and not sent yet, and the decisions that it comes to.
import type { Decision, Row } from "./types";

/** What becomes of a row; `found` leaves it as the service finds it. */
export type RowChoice = { kind: "found" | "take" | "skip" | "new" } | { kind: "match"; station: string };
/** What goes into a field in conflict: nobody has said, the register's value, or the sheet's. */
export type FieldChoice = "undecided" | "ours" | "theirs";

/** What is decided about a row in a list of decisions. */
export function rowChoice(row: number, decided: Decision[]): RowChoice {
  let choice: RowChoice = { kind: "found" };
  for (const { decide, station } of decided.filter((one) => one.row === row && one.field === undefined)) {
    if (decide === "skip") choice = { kind: "skip" };
    else if (decide === "match" && station !== undefined) choice = { kind: "match", station };
    else if (decide === "new") choice = { kind: "new" };
    else if (decide === "take" && choice.kind === "found") choice = { kind: "take" };
    else if (decide === "undecided") choice = { kind: "found" };
  }
  return choice;
}

export function isSameChoice(one: RowChoice, other: RowChoice): boolean {
  return one.kind === other.kind && (one.kind !== "match" || (other.kind === "match" && one.station === other.station));
}

/** The choices that are not sent yet. A choice that goes back to what is decided already is none. */
export class Choices {
  private readonly rows = new Map<number, RowChoice>();
  private readonly fields = new Map<number, Map<string, FieldChoice>>();
  private readonly missing = new Map<string, boolean>();
  private readonly everywhere = new Map<string, FieldChoice>();

  /** How many there are. */
  get size(): number {
    const fields = [...this.fields.values()].reduce((sum, one) => sum + one.size, 0);
    return this.rows.size + fields + this.missing.size + this.everywhere.size;
  }

  /** What becomes of a row. */
  row(row: number, decided: Decision[]): RowChoice {
    return this.rows.get(row) ?? rowChoice(row, decided);
  }

  setRow(row: number, choice: RowChoice, decided: Decision[]): void {
    if (isSameChoice(choice, rowChoice(row, decided))) this.rows.delete(row);
    else this.rows.set(row, choice);
  }

  /** What goes into a field of a row; `now` is what is decided already. */
  field(row: number, field: string, now: FieldChoice): FieldChoice {
    return this.fields.get(row)?.get(field) ?? now;
  }

  setField(row: number, field: string, choice: FieldChoice, now: FieldChoice): void {
    const fields = this.fields.get(row) ?? new Map<string, FieldChoice>();
    if (choice === now) fields.delete(field);
    else fields.set(field, choice);
    if (fields.size === 0) this.fields.delete(row);
    else this.fields.set(row, fields);
  }

  /** Whether a station that the sheet lacks is deleted. */
  isDeleted(station: string, now: boolean): boolean {
    return this.missing.get(station) ?? now;
  }

  setDeleted(station: string, isDeleted: boolean, now: boolean): void {
    if (isDeleted === now) this.missing.delete(station);
    else this.missing.set(station, isDeleted);
  }

  /** What goes into all conflicts of which nothing else is said, or into those of one field; the field "" is all. */
  setEverywhere(field: string, choice: FieldChoice): void {
    this.everywhere.set(field, choice);
  }

  /** What is chosen for all conflicts, by field; the field "" is all. */
  ofAll(): [string, FieldChoice][] {
    return [...this.everywhere];
  }

  clear(): void {
    for (const one of [this.rows, this.fields, this.missing, this.everywhere]) one.clear();
  }

  /** The decisions to send, on top of those that there are. */
  entries(decided: Decision[]): Decision[] {
    const entries: Decision[] = [...this.everywhere].map(([field, decide]) => withField({ decide }, field));
    for (const [row, choice] of this.rows) {
      // Taking back what was decided about a row takes back its fields, too; those are said again.
      entries.push({ row, decide: "undecided" });
      if (choice.kind === "match") entries.push({ row, decide: "match", station: choice.station });
      else if (choice.kind !== "found") entries.push({ row, decide: choice.kind });
      entries.push(...decided.filter((one) => one.row === row && (one.decide === "ours" || one.decide === "theirs")));
    }
    for (const [row, fields] of this.fields) for (const [field, decide] of fields) entries.push({ row, decide, field });
    for (const [station, isDeleted] of this.missing) entries.push({ decide: isDeleted ? "delete" : "undecided", station });
    return entries;
  }
}

// Without a field and without a row "undecided" would take back everything; there the register's value is what stays anyway.
function withField(entry: Decision, field: string): Decision {
  return field === "" ? entry : { ...entry, field };
}

/** What can be chosen of a row besides leaving it as it is found. */
export function optionsOf(row: Row, now: RowChoice): RowChoice[] {
  const stations = (row.candidates ?? []).map(({ id }) => id);
  if (now.kind === "match" && !stations.includes(now.station)) stations.push(now.station);
  const isAsked = row.outcomes.includes("undecided") || stations.length > 0 || now.kind === "new";
  return [
    ...stations.map((station): RowChoice => ({ kind: "match", station })),
    ...(isAsked || row.match !== undefined ? [{ kind: "new" } as const] : []),
    ...((row.duplicates ?? []).length > 0 || now.kind === "take" ? [{ kind: "take" } as const] : []),
    { kind: "skip" },
  ];
}

/** Whether something can be chosen of a row: one that could not be read, or has no place, changes nothing whatever is said. */
export function canChoose(row: Row): boolean {
  return row.row !== undefined && !row.outcomes.includes("rejected") && !row.outcomes.includes("unplaced");
}
