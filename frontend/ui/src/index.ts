/**
 * Purpose: Sealtape's design system: tokens, the Mantine theme and the parts every surface shares.
 * Design: no router, no API, no catalogue; words come in through props and `UiWordsProvider`.
 * How to add one more part: a file named after it, its classes in `ui.module.css`, a line here.
 */
export { CopyId, type CopyIdProps } from "./CopyId";
export { type Column, DataTable, type DataTableProps, type SortState } from "./DataTable";
export { type UiWords, UiWordsProvider, useUiWords } from "./locale";
export { Mark, type MarkProps } from "./Mark";
export { PageHeader, type PageHeaderProps } from "./PageHeader";
export { exactTime, RelativeTime, relativeTime, useNow } from "./RelativeTime";
export { SealSign, type SealSignProps, type SealState } from "./SealSign";
export { StateBadge, type StateBadgeProps, type Tone } from "./StateBadge";
export { EmptyState, type EmptyStateProps, ErrorState, type ErrorStateProps, RowsSkeleton } from "./states";
export { cssVariables, theme } from "./theme";
export { dark, light, radius, rowHeight, type SchemeTokens, typeSizes } from "./tokens";
