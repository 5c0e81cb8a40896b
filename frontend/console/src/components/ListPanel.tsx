import { RowsSkeleton } from "@sealtape/ui";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Problem } from "./Problem";

interface ListPanelProps<Row> {
  /** Where the rows come from. */
  readonly query: Pick<UseQueryResult, "error" | "refetch">;
  /** Nothing while they are on their way. */
  readonly rows: readonly Row[] | undefined;
  /** About so many are expected. */
  readonly expected: number;
  /** Where there is none: what that means, and the next step. */
  readonly empty: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** The panel of a list: on its way, failed, empty, or there. */
export function ListPanel<Row>({ query, rows, expected, empty, children }: ListPanelProps<Row>) {
  return <div className="st-panel">{content()}</div>;
  function content(): ReactNode {
    if (query.error !== null) return <Problem error={query.error} onRetry={() => void query.refetch()} />;
    if (rows === undefined) return <RowsSkeleton rows={expected} />;
    return rows.length === 0 ? empty : children(rows);
  }
}
