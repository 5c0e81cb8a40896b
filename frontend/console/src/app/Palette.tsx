import { useMantineColorScheme } from "@mantine/core";
import { Spotlight, spotlight, type SpotlightActionData } from "@mantine/spotlight";
import {
  IconAlertTriangle,
  IconArrowRight,
  IconBell,
  IconBroadcast,
  IconFileUpload,
  IconFolders,
  IconHome,
  IconKeyboard,
  IconLanguage,
  IconMoon,
  IconMovie,
  IconSearch,
  IconShieldLock,
  IconSun,
} from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { places } from "../api/permissions";
import { permissionsQuery, projectsQuery } from "../api/queries";
import { useSpeech } from "../i18n/context";

/** Opens the palette. */
export const openPalette = spotlight.open;

interface Entry {
  readonly action: SpotlightActionData;
  /** Shown only with this permission. */
  readonly needs?: string;
}

/** Everything that can be reached by typing its name. */
export function Palette({ onHelp }: { readonly onHelp: () => void }) {
  const { t, language, setLanguage } = useSpeech();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const { data: permissions } = useSuspenseQuery(permissionsQuery());
  const { data: projects } = useQuery({ ...projectsQuery(), enabled: permissions.has("project.list") });
  const icon = { size: 18, stroke: 1.6, "aria-hidden": true };

  const entries: readonly Entry[] = [
    {
      action: {
        id: "home",
        label: t("menu.home"),
        leftSection: <IconHome {...icon} />,
        onClick: () => void navigate({ to: "/" }),
      },
    },
    {
      needs: "session.list",
      action: {
        id: "sessions",
        label: t("menu.sessions"),
        leftSection: <IconMovie {...icon} />,
        onClick: () => void navigate({ to: "/sessions" }),
      },
    },
    {
      needs: "session.list",
      action: {
        id: "live",
        label: t("palette.live"),
        leftSection: <IconBroadcast {...icon} />,
        onClick: () => void navigate({ to: "/sessions", search: { state: "live" } }),
      },
    },
    {
      needs: "session.list",
      action: {
        id: "errors",
        label: t("palette.errors"),
        leftSection: <IconAlertTriangle {...icon} />,
        onClick: () => void navigate({ to: "/sessions", search: { errors: true, range: "24h" } }),
      },
    },
    {
      needs: "project.list",
      action: {
        id: "projects",
        label: t("menu.projects"),
        leftSection: <IconFolders {...icon} />,
        onClick: () => void navigate({ to: "/projects" }),
      },
    },
    ...places(permissions)
      .filter(({ area }) => area !== undefined)
      .map(({ id, to }) => ({
        action: {
          id,
          label: t(`menu.${id}`),
          leftSection: <IconArrowRight {...icon} />,
          onClick: () => void navigate({ to }),
        },
      })),
    ...(projects?.items ?? []).map((project) => ({
      action: {
        id: `project-${project.id}`,
        label: project.name,
        description: t("palette.project"),
        leftSection: <IconFolders {...icon} />,
        onClick: () => void navigate({ to: "/projects/$projectId", params: { projectId: project.id } }),
      },
    })),
    {
      action: {
        id: "notices",
        label: t("notices.title"),
        leftSection: <IconBell {...icon} />,
        onClick: () => void navigate({ to: "/notices" }),
      },
    },
    {
      action: {
        id: "security",
        label: t("user.security"),
        leftSection: <IconShieldLock {...icon} />,
        onClick: () => void navigate({ to: "/security" }),
      },
    },
    {
      action: {
        id: "open-export",
        label: t("opener.title"),
        leftSection: <IconFileUpload {...icon} />,
        onClick: () => void navigate({ to: "/open-export" }),
      },
    },
    {
      action: {
        id: "scheme",
        label: colorScheme === "dark" ? t("palette.to-light") : t("palette.to-dark"),
        leftSection: colorScheme === "dark" ? <IconSun {...icon} /> : <IconMoon {...icon} />,
        onClick: () => setColorScheme(colorScheme === "dark" ? "light" : "dark"),
      },
    },
    {
      action: {
        id: "language",
        label: language === "en" ? "Deutsch" : "English",
        description: t("language.label"),
        leftSection: <IconLanguage {...icon} />,
        onClick: () => setLanguage(language === "en" ? "de" : "en"),
      },
    },
    { action: { id: "keys", label: t("keys.title"), leftSection: <IconKeyboard {...icon} />, onClick: onHelp } },
  ];
  const actions = entries
    .filter(({ needs }) => needs === undefined || permissions.has(needs))
    .map(({ action }) => action);

  return (
    <Spotlight
      actions={actions}
      shortcut="mod + K"
      nothingFound={t("palette.nothing")}
      scrollable
      attributes={{ content: { "aria-label": t("palette.open") } }}
      maxHeight={420}
      transitionProps={{ duration: 100, transition: "fade" }}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t("palette.placeholder"),
        "aria-label": t("palette.placeholder"),
      }}
    />
  );
}
