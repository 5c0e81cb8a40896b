import { Text, Title, UnstyledButton } from "@mantine/core";
import type { Credentials } from "@sealtape/api-client";
import { IconArrowRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { demoQuery } from "../../api/queries";
import { roleWord } from "../../app/roles";
import { useSpeech } from "../../i18n/context";
import classes from "./login.module.css";

interface DemoAccountsProps {
  readonly onChoose: (account: Credentials) => void;
  readonly busy: boolean;
}

/** The sample accounts of a demo, one click each. */
export function DemoAccounts({ onChoose, busy }: DemoAccountsProps) {
  const { t } = useSpeech();
  const { data: demo } = useQuery(demoQuery());
  if (demo === undefined || demo === null) return null;
  return (
    <section className={classes.demo} aria-labelledby="demo-title">
      <Title order={2} id="demo-title">
        {t("login.demo.title")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("login.demo.text")}
      </Text>
      <ul className={classes.accounts}>
        {demo.accounts.map(({ role, email, password }) => (
          <li key={email}>
            <UnstyledButton
              className={classes.account}
              aria-disabled={busy}
              onClick={() => {
                if (!busy) onChoose({ email, password });
              }}
            >
              <span>
                <strong>{roleWord(role, t)}</strong>
                <span className={classes.accountMail}>{email}</span>
              </span>
              <IconArrowRight size={16} aria-hidden />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Text size="sm">
        {t("login.demo.shop")} <a href={demo.shop_url}>{demo.shop_url}</a>
      </Text>
    </section>
  );
}
