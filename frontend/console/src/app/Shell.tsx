import { ActionIcon, AppShell, Burger, NavLink, Tooltip, UnstyledButton } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { Mark, RowsSkeleton } from "@sealtape/ui";
import {
  type Icon,
  IconFileExport,
  IconFolders,
  IconHammer,
  IconHome,
  IconInbox,
  IconShieldLock,
  IconKeyboard,
  IconListCheck,
  IconListDetails,
  IconKey,
  IconMailPlus,
  IconMovie,
  IconRosetteDiscountCheck,
  IconSearch,
  IconSubtask,
  IconTable,
  IconUserQuestion,
  IconUserSearch,
  IconUsersGroup,
  IconUsers,
  IconWebhook,
} from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { requestsQuery } from "../api/access";
import { type Place, places } from "../api/permissions";
import { meQuery, permissionsQuery } from "../api/queries";
import { StepUp } from "../components/proof/StepUp";
import { useSpeech } from "../i18n/context";
import type { PlainKey } from "../i18n/translate";
import { Bell } from "./Bell";
import { Help } from "./Help";
import { focusSearch, moveRow } from "./keyboard";
import { LiveProvider, LiveSign } from "./live";
import { openPalette, Palette } from "./Palette";
import classes from "./app.module.css";
import { SoloBanner } from "./SoloBanner";
import { StoppedBanner } from "./StoppedBanner";
import { UserMenu } from "./UserMenu";

/** How often the menu looks what waits for a decision, ms. */
const INBOX_MS = 20_000;

const LOOKS: Readonly<Record<Place["id"], { readonly icon: Icon; readonly word: PlainKey }>> = {
  home: { icon: IconHome, word: "menu.home" },
  sessions: { icon: IconMovie, word: "menu.sessions" },
  projects: { icon: IconFolders, word: "menu.projects" },
  requests: { icon: IconInbox, word: "menu.requests" },
  grants: { icon: IconShieldLock, word: "menu.grants" },
  "break-glass": { icon: IconHammer, word: "menu.break-glass" },
  proposals: { icon: IconUsersGroup, word: "menu.proposals" },
  roles: { icon: IconTable, word: "menu.roles" },
  permissions: { icon: IconUserQuestion, word: "menu.permissions" },
  rules: { icon: IconListCheck, word: "menu.rules" },
  members: { icon: IconUsers, word: "menu.members" },
  invitations: { icon: IconMailPlus, word: "menu.invitations" },
  keys: { icon: IconKey, word: "menu.keys" },
  events: { icon: IconListDetails, word: "menu.events" },
  checkpoints: { icon: IconRosetteDiscountCheck, word: "menu.checkpoints" },
  seen: { icon: IconUserSearch, word: "menu.seen" },
  "audit-exports": { icon: IconFileExport, word: "menu.audit-exports" },
  jobs: { icon: IconSubtask, word: "menu.jobs" },
  webhooks: { icon: IconWebhook, word: "menu.webhooks" },
};

const AREAS: Readonly<Record<NonNullable<Place["area"]>, PlainKey>> = {
  access: "menu.access",
  audit: "menu.audit",
  operations: "menu.operations",
};

/** How many requests wait for this member's decision; nothing for who decides on none. */
function useToDecide(): number {
  const { data: permissions } = useSuspenseQuery(permissionsQuery());
  const { data: me } = useSuspenseQuery(meQuery());
  const { data } = useQuery({
    ...requestsQuery({ state: "pending" }),
    enabled: permissions.has("grant.review"),
    refetchInterval: INBOX_MS,
  });
  return data?.items.filter(({ requester }) => requester.id !== me.id).length ?? 0;
}

function PlaceLink({ place, onChoose }: { readonly place: Place; readonly onChoose: () => void }) {
  const { t, tn } = useSpeech();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const toDecide = useToDecide();
  const { icon: PlaceIcon, word } = LOOKS[place.id];
  const active = place.to === "/" ? path === "/" : path.startsWith(place.to);
  const count = place.id === "requests" ? toDecide : 0;
  return (
    <NavLink
      renderRoot={(props: object) => <Link to={place.to} {...props} />}
      label={t(word)}
      leftSection={<PlaceIcon size={18} stroke={1.6} aria-hidden />}
      rightSection={
        count > 0 && (
          <span className={classes.count}>
            <span aria-hidden>{count}</span>
            <span className="st-visually-hidden">{tn("menu.requests.waiting", count)}</span>
          </span>
        )
      }
      active={active}
      aria-current={active ? "page" : undefined}
      className={classes.navLink}
      onClick={onChoose}
    />
  );
}

function Menu({ onChoose }: { readonly onChoose: () => void }) {
  const { t } = useSpeech();
  const { data: permissions } = useSuspenseQuery(permissionsQuery());
  const all = places(permissions);
  const areas = [undefined, "access", "audit", "operations"] as const;
  return (
    <nav aria-label={t("menu.label")}>
      {areas.map((area) => {
        const here = all.filter((place) => place.area === area);
        return (
          here.length > 0 && (
            <div key={area ?? "top"} className={classes.area}>
              {area !== undefined && <div className={classes.areaName}>{t(AREAS[area])}</div>}
              {here.map((place) => (
                <PlaceLink key={place.id} place={place} onChoose={onChoose} />
              ))}
            </div>
          )
        );
      })}
    </nav>
  );
}

function Header({ onHelp }: { readonly onHelp: () => void }) {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const { data: permissions } = useSuspenseQuery(permissionsQuery());
  return (
    <>
      <Link to="/" className={classes.brand} aria-label={t("brand.home")}>
        <Mark size={24} />
        <span className={classes.brandName}>Sealtape</span>
      </Link>
      <span className={classes.tenant} title={me.tenant.slug}>
        {me.tenant.name}
      </span>
      <span className={classes.spacer} />
      {permissions.has("session.list") && (
        <span className={classes.wide}>
          <LiveSign />
        </span>
      )}
      <UnstyledButton className={classes.paletteButton} onClick={openPalette} aria-label={t("palette.open")}>
        <IconSearch size={16} aria-hidden />
        <span className={classes.wide}>{t("palette.short")}</span>
        <kbd className={classes.wide}>⌘K</kbd>
      </UnstyledButton>
      <Tooltip label={t("keys.title")}>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.headIcon}
          onClick={onHelp}
          aria-label={t("keys.title")}
        >
          <IconKeyboard size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Bell />
      <UserMenu me={me} />
    </>
  );
}

/** The frame around every page of a signed-in member. */
export function Shell() {
  const { t } = useSpeech();
  const [menu, menuState] = useDisclosure(false);
  const [help, helpState] = useDisclosure(false);
  const { data: me } = useSuspenseQuery(meQuery());
  const { data: permissions } = useSuspenseQuery(permissionsQuery());
  useHotkeys([
    ["/", focusSearch],
    ["j", () => moveRow(1)],
    ["k", () => moveRow(-1)],
    ["shift+?", helpState.open],
    ["?", helpState.open],
  ]);
  const frame = (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 184, breakpoint: "sm", collapsed: { mobile: !menu } }}
      padding={0}
    >
      <AppShell.Header className={classes.header}>
        <Burger
          opened={menu}
          onClick={menuState.toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={menu ? t("menu.close") : t("menu.open")}
        />
        <Header onHelp={helpState.open} />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Menu onChoose={menuState.close} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main}>
        <SoloBanner />
        <StoppedBanner />
        <StepUp>
          <Outlet />
        </StepUp>
      </AppShell.Main>
      <Palette onHelp={helpState.open} />
      <Help opened={help} onClose={helpState.close} />
    </AppShell>
  );
  return permissions.has("session.list") ? <LiveProvider member={me.id}>{frame}</LiveProvider> : frame;
}

/** The frame while the sign-in is taken up. */
export function ShellSkeleton() {
  return (
    <div className={classes.main}>
      <RowsSkeleton />
    </div>
  );
}
