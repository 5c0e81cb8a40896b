import { Button, Skeleton, Text, Title } from "@mantine/core";
import { type Icon, IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CopyId } from "./CopyId";
import { useUiWords } from "./locale";
import classes from "./ui.module.css";

/** Props of `EmptyState`. */
export interface EmptyStateProps {
  readonly icon: Icon;
  readonly title: string;
  /** 1 where this stands for the whole page. */
  readonly order?: 1 | 2;
  /** The next step, in words. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ icon: StateIcon, title, order = 2, children, action }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      <StateIcon size={28} stroke={1.5} className={classes.stateIcon} aria-hidden />
      <Title order={order} size="h2">
        {title}
      </Title>
      <div className={classes.stateText}>{children}</div>
      {action}
    </div>
  );
}

/** Props of `ErrorState`. */
export interface ErrorStateProps {
  readonly title: string;
  /** 1 where this stands for the whole page. */
  readonly order?: 1 | 2;
  /** What the reader can do. */
  readonly children: ReactNode;
  readonly requestId?: string | undefined;
  readonly onRetry?: (() => void) | undefined;
}

/** Something failed: what to do, and the request id to quote. */
export function ErrorState({ title, order = 2, children, requestId, onRetry }: ErrorStateProps) {
  const words = useUiWords();
  return (
    <div className={classes.state} role="alert">
      <IconAlertTriangle size={28} stroke={1.5} className={classes.stateDanger} aria-hidden />
      <Title order={order} size="h2">
        {title}
      </Title>
      <div className={classes.stateText}>{children}</div>
      {requestId !== undefined && (
        <Text component="div" size="sm" c="dimmed">
          {words.requestId} <CopyId value={requestId} label={words.requestId} />
        </Text>
      )}
      {onRetry !== undefined && (
        <Button variant="default" onClick={onRetry}>
          {words.retry}
        </Button>
      )}
    </div>
  );
}

/** Rows of a table that is on its way. */
export function RowsSkeleton({ rows = 6 }: { readonly rows?: number }) {
  const words = useUiWords();
  return (
    <div className={classes.skeleton} aria-busy="true" role="status" aria-label={words.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={16} radius={3} width={`${String(94 - ((index * 13) % 32))}%`} />
      ))}
    </div>
  );
}
