/** What the first line of an export says of it. */
import { isRecord, number, text } from "../recording/guards";
import { OpenFailure } from "./failure";

/** An export and the session in it, as they were when it was made. */
export interface ExportFacts {
  readonly exportId: string;
  readonly sessionId: string;
  readonly projectId: string;
  /** RFC 3339. */
  readonly exportedAt: string;
  readonly purpose: string;
  /** The grant it was taken under. */
  readonly grant: string | undefined;
  readonly masked: boolean;
  /** Which streams it holds. */
  readonly panes: readonly string[];
  readonly session: ExportedSession;
}

/** A session as an export tells of it. */
export interface ExportedSession {
  readonly state: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly release: string | undefined;
  readonly browser: string | undefined;
  readonly os: string | undefined;
  readonly environment: string | undefined;
  readonly policyVersion: number | undefined;
  readonly manifest: { readonly rev: number; readonly hash: string } | undefined;
}

const FORMAT = /^sealtape-session@(?<version>\d+)$/u;

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new OpenFailure("unreadable");
  return value;
}

function time(value: unknown): string {
  const at = required(text(value));
  if (Number.isNaN(Date.parse(at))) throw new OpenFailure("unreadable");
  return at;
}

function readManifest(value: unknown): ExportedSession["manifest"] {
  if (!isRecord(value)) return undefined;
  return { rev: required(number(value.rev)), hash: required(text(value.hash)) };
}

function readSession(value: unknown): ExportedSession {
  const session = required(isRecord(value) ? value : undefined);
  return {
    state: required(text(session.state)),
    startedAt: time(session.started_at),
    durationMs: required(number(session.duration_ms)),
    release: text(session.release),
    browser: text(session.browser),
    os: text(session.os),
    environment: text(session.environment),
    policyVersion: number(session.policy_version),
    manifest: readManifest(session.manifest),
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new OpenFailure("unreadable");
  }
}

/** Reads the first line. */
export function readFacts(line: string): ExportFacts {
  const value = parsed(line);
  const told = required(isRecord(value) && isRecord(value.export) ? value.export : undefined);
  const version = FORMAT.exec(text(told.format) ?? "")?.groups?.version;
  if (version !== "1") throw new OpenFailure(version === undefined ? "unreadable" : "newer");
  return {
    exportId: required(text(told.export_id)),
    sessionId: required(text(told.session_id)),
    projectId: required(text(told.project_id)),
    exportedAt: time(told.exported_at),
    purpose: required(text(told.purpose)),
    grant: text(told.grant),
    masked: told.masked !== false,
    panes: Array.isArray(told.panes) ? told.panes.flatMap((pane: unknown) => text(pane) ?? []) : [],
    session: readSession(told.session),
  };
}
