import type { ComponentChildren } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";

import { number } from "./format";

export interface Column {
  name: string;
  /** What the short name means, for a tooltip. */
  about: string;
  /** What the column is sorted by, and shown as unless `cell` says otherwise. */
  value: (row: number) => number | string;
  cell?: (row: number) => ComponentChildren;
}

interface Properties {
  label: string;
  columns: Column[];
  rowCount: number;
  /** What the search looks in. */
  searched: (row: number) => string;
  isMarked: (row: number) => boolean;
  /** Changes when the columns' values do. */
  version: unknown;
}

const ROW_HEIGHT = 28;
const TABLE_HEIGHT = 420;
const SPARE_ROWS = 6;

function compare(left: number | string, right: number | string): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), "en", { numeric: true });
}

/** A table with search and sorting, of which only the rows that show are in the document. */
export function DataTable({ label, columns, rowCount, searched, isMarked, version }: Properties) {
  const [query, setQuery] = useState("");
  const [sort, setSort] = useState<{ column: number; descending: boolean }>({ column: -1, descending: false });
  const [scrolled, setScrolled] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);

  const rows = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    const found = Array.from({ length: rowCount }, (_, row) => row).filter(
      (row) => wanted === "" || searched(row).toLowerCase().includes(wanted),
    );
    if (sort.column < 0) return found;
    const values = new Map(found.map((row) => [row, columns[sort.column].value(row)]));
    const sign = sort.descending ? -1 : 1;
    return found.sort((left, right) => sign * compare(values.get(left)!, values.get(right)!) || left - right);
  }, [query, sort, rowCount, version]);

  const isNumeric = (column: Column) => rowCount > 0 && typeof column.value(0) === "number";
  const toTop = () => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setScrolled(0);
  };
  // Numbers are looked at from the largest down, names from the first on.
  const sortBy = (column: number) => {
    setSort((before) => ({ column, descending: before.column === column ? !before.descending : isNumeric(columns[column]) }));
    toTop();
  };
  const first = Math.max(0, Math.floor(scrolled / ROW_HEIGHT) - SPARE_ROWS);
  const last = Math.min(rows.length, Math.ceil((scrolled + TABLE_HEIGHT) / ROW_HEIGHT) + SPARE_ROWS);
  return (
    <div class="data-table">
      <div class="controls">
        <input
          type="search"
          placeholder="Search ids"
          aria-label={`Search ${label}`}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            toTop();
          }}
        />
        <span class="muted" role="status">
          {rows.length === rowCount ? number(rowCount) : `${number(rows.length)} of ${number(rowCount)}`} {label}
        </span>
      </div>
      <div
        class="table-scroller"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={`Table of ${label}`}
        style={{ maxHeight: `${TABLE_HEIGHT}px` }}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      >
        <table aria-rowcount={rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column, index) => (
                <th
                  key={column.name}
                  class={isNumeric(column) ? "figure" : ""}
                  scope="col"
                  aria-sort={sort.column !== index ? "none" : sort.descending ? "descending" : "ascending"}
                >
                  <button title={column.about} onClick={() => sortBy(index)}>
                    {column.name}
                    <span aria-hidden="true">{sort.column !== index ? "" : sort.descending ? " \u25be" : " \u25b4"}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr aria-hidden="true" style={{ height: `${first * ROW_HEIGHT}px` }} />
            {rows.slice(first, last).map((row, index) => (
              <tr key={row} aria-rowindex={first + index + 2} class={isMarked(row) ? "marked" : ""}>
                {columns.map((column) => {
                  const value = column.value(row);
                  return (
                    <td key={column.name} class={typeof value === "number" ? "figure" : ""}>
                      {column.cell ? column.cell(row) : typeof value === "number" ? number(value) : value}
                    </td>
                  );
                })}
              </tr>
            ))}
            <tr aria-hidden="true" style={{ height: `${(rows.length - last) * ROW_HEIGHT}px` }} />
          </tbody>
        </table>
      </div>
    </div>
  );
}
