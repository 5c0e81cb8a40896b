import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import type { Me } from "@sealtape/api-client";
import {
  IconCheck,
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconShieldLock,
  IconSun,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSpeech } from "../i18n/context";
import type { Language, PlainKey } from "../i18n/translate";
import classes from "./app.module.css";
import { useLeave } from "./leave";
import { roleWord } from "./roles";
import { type Door, DoorDialog, OtherTenants } from "./SwitchTenant";

const SCHEMES = [
  { value: "light", icon: IconSun, word: "scheme.light" },
  { value: "dark", icon: IconMoon, word: "scheme.dark" },
  { value: "auto", icon: IconDeviceDesktop, word: "scheme.auto" },
] as const satisfies readonly { value: string; icon: unknown; word: PlainKey }[];

const LANGUAGES: readonly { readonly value: Language; readonly name: string }[] = [
  { value: "en", name: "English" },
  { value: "de", name: "Deutsch" },
];

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join("");
}

/** Choices of colours and language; shared by the shell and the sign-in page. */
export function Choices() {
  const { t, language, setLanguage } = useSpeech();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t("scheme.label")}</Menu.Label>
      {SCHEMES.map(({ value, icon: SchemeIcon, word }) => (
        <Menu.RadioItem
          key={value}
          value={value}
          checked={colorScheme === value}
          closeMenuOnClick
          checkIcon={<IconCheck size={16} aria-hidden />}
          rightSection={<SchemeIcon size={16} aria-hidden />}
          onChange={() => {
            setColorScheme(value);
          }}
        >
          {t(word)}
        </Menu.RadioItem>
      ))}
      <Menu.Divider />
      <Menu.Label>{t("language.label")}</Menu.Label>
      {LANGUAGES.map(({ value, name }) => (
        <Menu.RadioItem
          key={value}
          value={value}
          checked={language === value}
          lang={value}
          closeMenuOnClick
          checkIcon={<IconCheck size={16} aria-hidden />}
          rightSection={<IconLanguage size={16} aria-hidden />}
          onChange={() => {
            setLanguage(value);
          }}
        >
          {name}
        </Menu.RadioItem>
      ))}
    </>
  );
}

/** Who is signed in, their choices, and the way out. */
export function UserMenu({ me }: { readonly me: Me }) {
  const { t } = useSpeech();
  const [door, setDoor] = useState<Door>();
  const leave = useLeave();
  return (
    <>
      <Menu position="bottom-end" width={240} transitionProps={{ duration: 100 }}>
        <Menu.Target>
          <UnstyledButton className={classes.avatar} aria-label={t("user.menu", { name: me.name })}>
            <Avatar size={28} radius="xl" color="teal" variant="light" aria-hidden>
              {initials(me.name)}
            </Avatar>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.userHead}>
            <Text fw={600}>{me.name}</Text>
            <Text size="sm" c="dimmed">
              {me.email}
            </Text>
            <Text size="sm" c="dimmed">
              {[...me.roles.map((role) => roleWord(role, t)), ...me.own_roles].join(", ")}
            </Text>
          </div>
          <Menu.Divider />
          <OtherTenants onDoor={setDoor} />
          <Menu.Item
            renderRoot={(props: object) => <Link to="/security" {...props} />}
            leftSection={<IconShieldLock size={16} aria-hidden />}
          >
            {t("user.security")}
          </Menu.Item>
          <Menu.Divider />
          <Choices />
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLogout size={16} aria-hidden />}
            onClick={() => {
              void leave();
            }}
          >
            {t("user.sign-out")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {door !== undefined && <DoorDialog door={door} onClose={() => setDoor(undefined)} />}
    </>
  );
}
