// Tables whose heads sort.
import { make } from "../shared/dom";
import { firstStop, oneStop } from "./figures";

export interface Column<Row> {
  key: string;
  head: string;
  /** Numbers stand on the right. */
  isNumber?: boolean;
  /** What is sorted by; without it the column does not sort. Null goes last either way. */
  by?: (row: Row) => number | string | null;
  cell: (row: Row) => Node | string;
}

export interface Sorting { key: string; down: boolean }

/** The rows in the order asked for; equal ones stay in the order they had. */
export function sorted<Row>(rows: Row[], columns: Column<Row>[], sorting: Sorting | null): Row[] {
  const by = columns.find(({ key }) => key === sorting?.key)?.by;
  if (by === undefined || sorting === null) return rows;
  const sign = sorting.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [by(a), by(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (typeof x === "string" || typeof y === "string" ? String(x).localeCompare(String(y), "zh-CN") : x - y);
  });
}

export interface TableOptions<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  /** Where the order is kept while the page is open. */
  sorting: { now: Sorting | null };
  /** Called for each row with its element, for marks and events. */
  eachRow?: (row: Row, element: HTMLTableRowElement) => void;
}

/** A table in a frame that scrolls; a press on a head sorts, and sorts the other way when it is pressed again. */
export function sortableTable<Row>(options: TableOptions<Row>): HTMLElement {
  const frame = make("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": options.caption });
  const draw = () => {
    frame.replaceChildren(tableOf(options, (key) => {
      const { now } = options.sorting;
      options.sorting.now = { key, down: now?.key === key ? !now.down : options.columns.find((column) => column.key === key)?.isNumber === true };
      draw();
      frame.querySelector<HTMLElement>(`[data-sort="${key}"]`)?.focus();
    }));
    firstStop(frame);
  };
  draw();
  oneStop(frame);
  return frame;
}

function tableOf<Row>({ caption, columns, rows, sorting, eachRow }: TableOptions<Row>, sortBy: (key: string) => void): HTMLTableElement {
  const heads = columns.map((column) => {
    const isNow = sorting.now?.key === column.key;
    const direction = sorting.now?.down === true ? "descending" : "ascending";
    const th = make("th", { scope: "col", class: column.isNumber === true ? "number" : "", ...(isNow ? { "aria-sort": direction } : {}) });
    if (column.by === undefined) th.append(column.head);
    else {
      const mark = make("span", { "aria-hidden": "true", class: "sort-mark" }, isNow ? (sorting.now?.down === true ? "▼" : "▲") : "↕");
      const button = make("button", { type: "button", class: "sort", "data-sort": column.key }, column.head, mark);
      button.addEventListener("click", () => sortBy(column.key));
      th.append(button);
    }
    return th;
  });
  const body = sorted(rows, columns, sorting.now).map((row) => {
    const cells = columns.map(({ cell, isNumber }, at) => (at === 0
      ? make("th", { scope: "row" }, cell(row))
      : make("td", { class: isNumber === true ? "number" : "" }, cell(row))));
    const tr = make("tr", {}, ...cells);
    eachRow?.(row, tr);
    return tr;
  });
  return make("table", { class: "table" }, make("caption", { class: "hidden" }, caption), make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body));
}
