/**
 * Purpose: the table of every list.
 * Design: columns are data; the row is opened by the link in its first cell, so that mouse, keyboard and screen reader
 * use the same element. Under 48em a row turns into a card with the column's title beside each value.
 * How to add one more column: give it an id, a header and a cell.
 */
import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./ui.module.css";

// Said explicitly, because a browser may forget what a table is once its display changes on small screens.
const ROLES = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  head: { role: "columnheader" },
  cell: { role: "cell" },
};

/** One column of a `DataTable`. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand right. */
  readonly numeric?: boolean;
  /** Takes the room the others leave. */
  readonly grow?: boolean;
  /** Not shown as a line of the card on small screens. */
  readonly wideOnly?: boolean;
  /** Offers sorting by this column. */
  readonly sortable?: boolean;
}

/** The order of the rows. */
export interface SortState {
  readonly column: string;
  readonly descending: boolean;
}

/** Props of `DataTable`. */
export interface DataTableProps<Row> {
  /** The table's accessible name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly sort?: SortState | undefined;
  readonly onSort?: ((column: string) => void) | undefined;
  /** Says what sorting covers, as the header's title. */
  readonly sortHint?: string;
}

function SortIcon({ direction }: { readonly direction: "ascending" | "descending" | "none" }) {
  switch (direction) {
    case "ascending":
      return <IconArrowUp size={14} aria-hidden />;
    case "descending":
      return <IconArrowDown size={14} aria-hidden />;
    case "none":
      return <IconArrowsSort size={14} aria-hidden className={classes.sortIdle} />;
  }
}

function direction(sort: SortState | undefined, column: string): "ascending" | "descending" | "none" {
  if (sort?.column !== column) return "none";
  return sort.descending ? "descending" : "ascending";
}

/** A table whose rows are compared; see the file's head. */
export function DataTable<Row>({ label, columns, rows, rowId, sort, onSort, sortHint }: DataTableProps<Row>) {
  return (
    <table className={classes.table} aria-label={label} {...ROLES.table}>
      <thead {...ROLES.group}>
        <tr {...ROLES.row}>
          {columns.map((column) => (
            <th
              key={column.id}
              scope="col"
              {...ROLES.head}
              data-numeric={column.numeric}
              data-grow={column.grow}
              aria-sort={column.sortable === true && onSort ? direction(sort, column.id) : undefined}
            >
              {column.sortable === true && onSort ? (
                <UnstyledButton
                  className={classes.sort}
                  title={sortHint}
                  onClick={() => {
                    onSort(column.id);
                  }}
                >
                  {column.header}
                  <SortIcon direction={direction(sort, column.id)} />
                </UnstyledButton>
              ) : (
                column.header
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...ROLES.group}>
        {rows.map((row) => (
          <tr key={rowId(row)} {...ROLES.row} data-row={rowId(row)}>
            {columns.map((column) => (
              <td
                key={column.id}
                {...ROLES.cell}
                data-label={column.header}
                data-numeric={column.numeric}
                data-grow={column.grow}
                data-wide-only={column.wideOnly}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
