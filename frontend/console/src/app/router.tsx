/**
 * Purpose: the console's addresses.
 * Design: everything under the `app` route needs a sign-in, taken up from the refresh cookie on the first visit. A page
 * asks for its permission itself, so that a deep link explains instead of redirecting.
 * How to add one more page: a route here; if it belongs in the menu, a place in `api/permissions.ts`.
 */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from "@tanstack/react-router";
import { api } from "../api/api";
import { readEventSearch } from "../api/event-filters";
import { readFilters } from "../api/filters";
import type { NoticeSearch } from "../api/notices";
import { meQuery, permissionsQuery } from "../api/queries";
import { PageProblem } from "../components/Problem";
import {
  readBreakGlassSearch,
  readGrantsSearch,
  readPermissionsSearch,
  readProposalsSearch,
  readRequestsSearch,
} from "../pages/access/search";
import { readExportsSearch, readSeenSearch } from "../pages/audit/search";
import { HomePage } from "../pages/home/HomePage";
import { LoginPage } from "../pages/login/LoginPage";
import { readDeliveriesSearch, readJobsSearch } from "../pages/operations/search";
import { readListSearch } from "../pages/people/search";
import { ProjectPage } from "../pages/projects/ProjectPage";
import { ProjectsPage } from "../pages/projects/ProjectsPage";
import { readSessionSearch } from "../pages/session/search";
import { SessionsPage } from "../pages/sessions/SessionsPage";
import { isRecord, text } from "../recording/guards";
import { NotFound } from "./NotFound";
import { Shell, ShellSkeleton } from "./Shell";
import { ShellProblem } from "./ShellProblem";

interface RouterContext {
  readonly queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: PageProblem,
});

/** A path of this console, never another site: the value comes from the URL. */
function ownPath(value: unknown): string | undefined {
  const path = text(value);
  return path?.startsWith("/") === true && !path.startsWith("//") && !path.includes("\\") ? path : undefined;
}

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: (search): { next?: string | undefined } =>
    // `undefined`, not left out: the router lays this record over the raw one.
    ({ next: isRecord(search) ? ownPath(search.next) : undefined }),
  component: LoginPage,
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ location }) => {
    if (api.signedIn() || (await api.resume())) return;
    // The router's way to leave is throwing its redirect, which is no Error.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
  },
  loader: async ({ context: { queryClient } }) => {
    await Promise.all([
      queryClient.query({ ...meQuery(), staleTime: "static" }),
      queryClient.query({ ...permissionsQuery(), staleTime: "static" }),
    ]);
  },
  component: Shell,
  pendingComponent: ShellSkeleton,
  errorComponent: ShellProblem,
});

const homeRoute = createRoute({ getParentRoute: () => appRoute, path: "/", component: HomePage });

const sessionsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/sessions",
  validateSearch: readFilters,
  component: SessionsPage,
});

const sessionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/sessions/$sessionId",
  validateSearch: readSessionSearch,
  component: lazyRouteComponent(() => import("../pages/session/SessionPage"), "SessionPage"),
});

const projectsRoute = createRoute({ getParentRoute: () => appRoute, path: "/projects", component: ProjectsPage });

const projectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/projects/$projectId",
  component: ProjectPage,
});

const securityRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/security",
  component: lazyRouteComponent(() => import("../pages/security/SecurityPage"), "SecurityPage"),
});

const requestsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/requests",
  validateSearch: readRequestsSearch,
  component: lazyRouteComponent(() => import("../pages/access/requests/RequestsPage"), "RequestsPage"),
});

const requestRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/requests/$requestId",
  component: lazyRouteComponent(() => import("../pages/access/request/RequestPage"), "RequestPage"),
});

const grantsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/grants",
  validateSearch: readGrantsSearch,
  component: lazyRouteComponent(() => import("../pages/access/grants/GrantsPage"), "GrantsPage"),
});

const breakGlassRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/break-glass",
  validateSearch: readBreakGlassSearch,
  component: lazyRouteComponent(() => import("../pages/access/break-glass/BreakGlassPage"), "BreakGlassPage"),
});

const proposalsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/proposals",
  validateSearch: readProposalsSearch,
  component: lazyRouteComponent(() => import("../pages/access/proposals/ProposalsPage"), "ProposalsPage"),
});

const proposalRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/proposals/$proposalId",
  component: lazyRouteComponent(() => import("../pages/access/proposals/ProposalPage"), "ProposalPage"),
});

const rolesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/roles",
  component: lazyRouteComponent(() => import("../pages/access/roles/RolesPage"), "RolesPage"),
});

const roleCreateRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/roles/new",
  component: lazyRouteComponent(() => import("../pages/access/roles/RoleCreatePage"), "RoleCreatePage"),
});

const roleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/roles/$roleId",
  component: lazyRouteComponent(() => import("../pages/access/roles/RolePage"), "RolePage"),
});

const permissionsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/permissions",
  validateSearch: readPermissionsSearch,
  component: lazyRouteComponent(() => import("../pages/access/permissions/PermissionsPage"), "PermissionsPage"),
});

const rulesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/rules",
  component: lazyRouteComponent(() => import("../pages/access/rules/RulesPage"), "RulesPage"),
});

const jobsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/operations/jobs",
  validateSearch: readJobsSearch,
  component: lazyRouteComponent(() => import("../pages/operations/JobsPage"), "JobsPage"),
});

const eventsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/audit/events",
  validateSearch: readEventSearch,
  component: lazyRouteComponent(() => import("../pages/audit/EventsPage"), "EventsPage"),
});

const eventRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/audit/events/$eventId",
  component: lazyRouteComponent(() => import("../pages/audit/EventPage"), "EventPage"),
});

const checkpointsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/audit/checkpoints",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("../pages/audit/CheckpointsPage"), "CheckpointsPage"),
});

const seenRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/audit/seen",
  validateSearch: readSeenSearch,
  component: lazyRouteComponent(() => import("../pages/audit/SeenPage"), "SeenPage"),
});

const auditExportsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/audit/exports",
  validateSearch: readExportsSearch,
  component: lazyRouteComponent(() => import("../pages/audit/exports/ExportsPage"), "ExportsPage"),
});

const webhooksRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/operations/webhooks",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("../pages/operations/webhooks/WebhooksPage"), "WebhooksPage"),
});

const webhookRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/operations/webhooks/$webhookId",
  validateSearch: readDeliveriesSearch,
  component: lazyRouteComponent(() => import("../pages/operations/webhooks/WebhookPage"), "WebhookPage"),
});

const noticesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/notices",
  validateSearch: (search): NoticeSearch =>
    isRecord(search)
      ? { unread: search.unread === true ? true : undefined, cursor: text(search.cursor) }
      : { unread: undefined, cursor: undefined },
  component: lazyRouteComponent(() => import("../pages/notices/NoticesPage"), "NoticesPage"),
});

const preferencesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/notices/preferences",
  component: lazyRouteComponent(() => import("../pages/notices/PreferencesPage"), "PreferencesPage"),
});

const membersRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/members",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("../pages/people/MembersPage"), "MembersPage"),
});

const memberRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/members/$memberId",
  component: lazyRouteComponent(() => import("../pages/people/MemberPage"), "MemberPage"),
});

const invitationsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/invitations",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("../pages/people/InvitationsPage"), "InvitationsPage"),
});

const keysRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/access/keys",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("../pages/people/ApiKeysPage"), "ApiKeysPage"),
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  component: lazyRouteComponent(() => import("../pages/doors/SetupPage"), "SetupPage"),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  component: lazyRouteComponent(() => import("../pages/doors/InvitationPage"), "InvitationPage"),
});

const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset",
  component: lazyRouteComponent(() => import("../pages/doors/ResetPage"), "ResetPage"),
});

const openExportRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/open-export",
  component: lazyRouteComponent(() => import("../pages/open-export/OpenExportPage"), "OpenExportPage"),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  setupRoute,
  invitationRoute,
  resetRoute,
  openExportRoute,
  appRoute.addChildren([
    homeRoute,
    sessionsRoute,
    sessionRoute,
    projectsRoute,
    projectRoute,
    requestsRoute,
    requestRoute,
    grantsRoute,
    breakGlassRoute,
    proposalsRoute,
    proposalRoute,
    rolesRoute,
    roleCreateRoute,
    roleRoute,
    permissionsRoute,
    rulesRoute,
    eventsRoute,
    eventRoute,
    checkpointsRoute,
    seenRoute,
    auditExportsRoute,
    webhooksRoute,
    webhookRoute,
    jobsRoute,
    securityRoute,
    noticesRoute,
    preferencesRoute,
    membersRoute,
    memberRoute,
    invitationsRoute,
    keysRoute,
  ]),
]);

/** The router; tests give a memory history. */
export function createConsoleRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: PageProblem,
    ...(history === undefined ? {} : { history }),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
