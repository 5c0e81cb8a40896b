/**
 * Purpose: the public API as TypeScript sees it.
 * Design: `schema.d.ts` is generated from `openapi.json` and never edited (`npm run generate`); a test fails when it is
 * stale. The names below are what surfaces use, so that a renamed schema is mended here once.
 */
import type { components } from "./schema";

export {
  type Api,
  type ApiOptions,
  createApi,
  type Credentials,
  done,
  type MfaAnswer,
  MfaRequired,
  type StreamOptions,
  take,
} from "./client";
export { ApiError, apiError, type ApiErrorParts, type FieldError } from "./errors";
export type { paths } from "./schema";

type Schemas = components["schemas"];

export type AgentKey = Schemas["AgentKeyView"];
export type Demo = Schemas["DemoSheet"];
export type Deployment = Schemas["DeploymentView"];
export type Manifest = Schemas["SessionManifest"];
export type Me = Schemas["MeView"];
export type Project = Schemas["ProjectView"];
export type SessionDetail = Schemas["SessionDetail"];
export type SessionSummary = Schemas["SessionSummary"];
export type View = Schemas["Viewing"];
