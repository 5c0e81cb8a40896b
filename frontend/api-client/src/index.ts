/**
 * Purpose: the public API as TypeScript sees it.
 * Design: `schema.d.ts` is generated from `openapi.json` and never edited (`npm run generate`); a test fails when it is
 * stale. The names below are what surfaces use, so that a renamed schema is mended here once.
 */
import type { components, paths } from "./schema";

export {
  type Api,
  type ApiOptions,
  createApi,
  type Credentials,
  done,
  type Download,
  type MfaAnswer,
  MfaRequired,
  type StreamOptions,
  take,
} from "./client";
export { ApiError, apiError, type ApiErrorParts, type FieldError, type StepUpNeeded } from "./errors";
export type { paths } from "./schema";

type Schemas = components["schemas"];

export type AccessRequestCreate = Schemas["AccessRequestCreate"];
export type AccessRule = Schemas["AccessRule"];
export type AccessRules = Schemas["AccessRulesView"];
export type AccessRulesUpdate = Schemas["AccessRulesUpdate"];
export type AccountFactors = Schemas["MfaOverview"];
export type AgentKey = Schemas["AgentKeyView"];
export type ApiKey = Schemas["ApiKeyView"];
export type ApiKeyCreate = Schemas["ApiKeyCreate"];
export type Assertion = Schemas["AssertionCredential"];
export type Attestation = Schemas["AttestationCredential"];
export type AuditCheckpoint = Schemas["AuditCheckpoint"];
export type AuditCovered = Schemas["AuditCovered"];
export type AuditDetailPart = Schemas["AuditDetail"]["parts"][number];
export type AuditEvent = Schemas["AuditEvent"];
/** Which events: every field that is set must match. */
export type AuditEventFilter = Omit<
  NonNullable<paths["/v1/audit/events"]["get"]["parameters"]["query"]>,
  "limit" | "cursor"
>;
export type AuditExport = Schemas["AuditExport"];
export type AuditExportFilter = Schemas["AuditExportFilter"];
export type AuditExportFormat = Schemas["AuditExportFormat"];
export type AuditHealth = Schemas["AuditHealth"];
export type BreakGlassOpen = Schemas["BreakGlassOpen"];
export type Challenge = Schemas["ChallengeView"];
export type CustomRole = Schemas["RoleView"];
export type Demo = Schemas["DemoSheet"];
export type Deployment = Schemas["DeploymentView"];
export type Export = Schemas["Export"];
export type ExportCreated = Schemas["ExportCreated"];
export type FirstRun = Schemas["FirstRun"];
export type Grant = Schemas["GrantView"];
export type GrantNeed = Schemas["GrantNeed"];
export type GrantPurpose = Schemas["GrantPurpose"];
export type GrantState = Schemas["GrantState"];
export type GrantSummary = Schemas["GrantSummary"];
export type GrantVerb = Schemas["GrantVerb"];
export type Invitation = Schemas["InvitationView"];
export type InvitationLink = Schemas["InvitationLink"];
export type Job = Schemas["JobView"];
export type MailChoice = Schemas["MailChoice"];
export type Manifest = Schemas["SessionManifest"];
export type MatrixRole = Schemas["MatrixRole"];
export type Me = Schemas["MeView"];
export type Member = Schemas["MemberView"];
export type MemberPermissions = Schemas["MemberPermissions"];
export type Notice = Schemas["NoticeView"];
export type NoticePreference = Schemas["NoticePreference"];
export type Permission = Schemas["PermissionView"];
export type Preferences = Schemas["PreferencesView"];
export type Project = Schemas["ProjectView"];
export type Proposal = Schemas["ProposalView"];
export type ProposalChange = Schemas["ProposalChange"];
export type ReviewOutcome = Schemas["ReviewOutcome"];
export type RoleBinding = Schemas["RoleBindingView"];
export type RoleCondition = Schemas["RoleCondition"];
export type RoleCreate = Schemas["RoleCreate"];
export type RoleMatrix = Schemas["RoleMatrix"];
export type RoleReason = Schemas["ReasonView"];
export type RoleUpdate = Schemas["RoleUpdate"];
export type SecurityKey = Schemas["SecurityKeyView"];
export type SessionDetail = Schemas["SessionDetail"];
export type SessionSummary = Schemas["SessionSummary"];
export type SignIn = Schemas["SignIn"];
export type StepUp = Schemas["StepUp"];
export type Tenant = Schemas["TenantView"];
export type TotpEnrolment = Schemas["TotpEnrolment"];
export type View = Schemas["Viewing"];
export type WantedSessions = Schemas["WantedSessions"];
export type Webhook = Schemas["Webhook"];
export type WebhookCreate = Schemas["WebhookCreate"];
export type WebhookDelivery = Schemas["Delivery"];
export type WebhookUpdate = Schemas["WebhookUpdate"];
