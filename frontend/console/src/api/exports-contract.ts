/**
 * Purpose: what the API says about exports, until its generated schema says it.
 * Design: the paths are laid over the schema's, so that the client is typed as it will be. Once `schema.d.ts` has them this
 * file goes, and `exports.ts` takes the types from `@sealtape/api-client`.
 */
import type { GrantPurpose } from "@sealtape/api-client";

/** A session that was taken out. */
export interface Export {
  readonly id: string;
  readonly session_id: string;
  readonly purpose: GrantPurpose;
  readonly taken_by: { readonly id: string; readonly name: string };
  readonly created_at: string;
  /** It can be downloaded until then. */
  readonly expires_at: string;
  readonly downloads: number;
  readonly last_download_at: string | null;
}

/** The same with its key, which is told this once. */
export interface ExportCreated extends Export {
  readonly key: string;
}

interface Answers<T> {
  readonly content: { readonly "application/json": T };
}

interface Problems {
  readonly content: { readonly "application/problem+json": unknown };
}

declare module "../../../api-client/src/schema" {
  interface paths {
    "/v1/sessions/{id}/export": {
      post: {
        parameters: { path: { id: string }; header?: { "Idempotency-Key"?: string | null } };
        requestBody: { content: { "application/json": { purpose: GrantPurpose } } };
        responses: { 201: Answers<ExportCreated>; default: Problems };
      };
    };
    "/v1/sessions/{id}/exports": {
      get: {
        parameters: { path: { id: string }; query?: { limit?: number; cursor?: string } };
        responses: {
          200: Answers<{ readonly items: Export[]; readonly next_cursor: string | null }>;
          default: Problems;
        };
      };
    };
  }
}
