import { ApiError } from "@sealtape/api-client";
import { ErrorState } from "@sealtape/ui";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useSpeech } from "../i18n/context";
import type { PlainKey, Translate } from "../i18n/translate";
import { problemWord } from "./problem-words";

interface Advice {
  readonly title: PlainKey;
  readonly todo: PlainKey;
}

function advice(error: unknown): Advice {
  if (!(error instanceof ApiError)) return { title: "error.here.title", todo: "error.here.todo" };
  if (error.status === 0) {
    return error.code === "network"
      ? { title: "error.network.title", todo: "error.network.todo" }
      : { title: "error.stream.title", todo: "error.stream.todo" };
  }
  // Nobody was faster and nobody needs a permission: what is stored contradicts its seal.
  if (error.code === "integrity-fail") return { title: "error.integrity.title", todo: "error.integrity.todo" };
  if (error.code === "step-up-required") return { title: "error.step-up.title", todo: "error.step-up.todo" };
  if (error.status === 401) return { title: "error.401.title", todo: "error.401.todo" };
  if (error.status === 403) return { title: "error.403.title", todo: "error.403.todo" };
  if (error.status === 404) return { title: "error.404.title", todo: "error.404.todo" };
  if (error.status === 409) return { title: "error.409.title", todo: "error.409.todo" };
  if (error.status === 410) return { title: "error.410.title", todo: "error.410.todo" };
  if (error.status === 429) return { title: "error.429.title", todo: "error.429.todo" };
  if (error.status === 503) return { title: "error.503.title", todo: "error.503.todo" };
  if (error.status >= 500) return { title: "error.500.title", todo: "error.500.todo" };
  return { title: "error.400.title", todo: "error.400.todo" };
}

/** One line for a place too small for a whole state: a form, a toast. */
export function problemLine(error: unknown, t: Translate): string {
  const { title, todo } = advice(error);
  // A refused form is best explained by the server, which knows the field.
  const word = error instanceof ApiError ? problemWord(error.code) : undefined;
  if (word !== undefined) return t(word);
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  if (refused && error.code !== "step-up-required" && error.detail !== undefined) return error.detail;
  return `${t(title)}. ${t(todo)}`;
}

/** The request id of a failure, to quote. */
export function requestId(error: unknown): string | undefined {
  return error instanceof ApiError ? error.requestId : undefined;
}

interface ProblemProps {
  readonly error: unknown;
  /** 1 where this stands for the whole page. */
  readonly order?: 1 | 2;
  readonly onRetry?: (() => void) | undefined;
}

/** A failed load: what happened, what to do, which request. */
export function Problem({ error, order = 2, onRetry }: ProblemProps) {
  const { t } = useSpeech();
  const { title, todo } = advice(error);
  return (
    <ErrorState title={t(title)} order={order} requestId={requestId(error)} onRetry={onRetry}>
      {t(todo)}
    </ErrorState>
  );
}

/** The same for the router. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  return <Problem error={error} order={1} onRetry={reset} />;
}
