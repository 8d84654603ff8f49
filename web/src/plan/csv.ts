// Tables as text: commas (also semicolons or tabs), quotes doubled inside quotes.

/** The rows of a table, each as its cells; empty lines are left out. */
export function parseCsv(text: string): string[][] {
  const clean = text.replace(/^\ufeff/, "");
  const separator = separatorOf(clean);
  if (!clean.includes('"')) {
    return clean.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "").map((line) => line.split(separator));
  }
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.some((value) => value.trim() !== "")) rows.push(row);
    [row, cell] = [[], ""];
  };
  for (let at = 0; at < clean.length; at += 1) {
    const letter = clean[at] ?? "";
    if (quoted && letter === '"' && clean[at + 1] === '"') {
      cell += letter;
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === separator) {
      row.push(cell);
      cell = "";
    } else if (!quoted && (letter === "\n" || letter === "\r")) endRow();
    else cell += letter;
  }
  endRow();
  return rows;
}

// The one of which the first line has most.
function separatorOf(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const count = (separator: string) => head.split(separator).length;
  return [",", ";", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
}
