import { SegmentedControl, Select, Skeleton, Switch, Text, Title } from "@mantine/core";
import type { NoticePreference, Preferences } from "@sealtape/api-client";
import { PageHeader } from "@sealtape/ui";
import { IconLock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { changePreferences, preferencesQuery } from "../../api/notices";
import { Page } from "../../app/Page";
import { BackLink } from "../../components/BackLink";
import { FormError } from "../../components/FormError";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import type { PlainKey } from "../../i18n/translate";
import { noticeWord, TOPICS, topicOf, topicWord } from "./kinds";
import classes from "./notices.module.css";

type Choice = Pick<NoticePreference, "kind" | "inbox" | "mail">;

const MAIL: readonly { readonly value: NoticePreference["mail"]; readonly word: PlainKey }[] = [
  { value: "now", word: "preferences.mail.now" },
  { value: "digest", word: "preferences.mail.digest" },
  { value: "off", word: "preferences.mail.off" },
];

interface KindRowProps {
  readonly preference: NoticePreference;
  readonly onChange: (choice: Choice) => void;
}

function KindRow({ preference, onChange }: KindRowProps) {
  const { t } = useSpeech();
  const { kind, inbox, mail, mandatory } = preference;
  const word = noticeWord(kind, t);
  return (
    <li className={classes.kind}>
      <span className={classes.kindWord}>
        {word}
        {mandatory && (
          <Text component="span" size="sm" c="dimmed" className={classes.always}>
            <IconLock size={14} aria-hidden /> {t("preferences.always")}
          </Text>
        )}
      </span>
      {mandatory ? (
        <span className={classes.inbox}>{t("preferences.inbox.always")}</span>
      ) : (
        <Switch
          className={classes.inbox}
          label={t("preferences.inbox")}
          aria-label={`${t("preferences.inbox")}: ${word}`}
          checked={inbox}
          onChange={(event) => onChange({ kind, mail, inbox: event.currentTarget.checked })}
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label={`${t("preferences.mail")}: ${word}`}
        value={mail}
        data={MAIL.map(({ value, word: key }) => ({ value, label: t(key) }))}
        onChange={(value) => {
          const chosen = MAIL.find((each) => each.value === value);
          if (chosen !== undefined) onChange({ kind, inbox, mail: chosen.value });
        }}
      />
    </li>
  );
}

/** What holds once a change is made: shown at once, taken back when the server refuses. */
function changed(preferences: Preferences, choice: Choice): Preferences {
  return {
    ...preferences,
    notices: preferences.notices.map((each) => (each.kind === choice.kind ? { ...each, ...choice } : each)),
  };
}

function Choices({ preferences }: { readonly preferences: Preferences }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const { queryKey } = preferencesQuery();
  const change = useMutation({
    mutationFn: changePreferences,
    onMutate: ({ notice }) => {
      if (notice !== undefined) cache.setQueryData(queryKey, changed(preferences, notice));
    },
    onSuccess: (kept) => cache.setQueryData(queryKey, kept),
    onError: () => cache.setQueryData(queryKey, preferences),
  });
  return (
    <>
      <FormError error={change.error} />
      <p role="status" className="st-visually-hidden">
        {change.isSuccess && t("preferences.kept")}
      </p>
      {TOPICS.map((topic) => {
        const kinds = preferences.notices.filter(({ kind }) => topicOf(kind) === topic);
        if (kinds.length === 0) return null;
        return (
          <section key={topic} aria-labelledby={`topic-${topic}`} className={classes.topic}>
            <Title order={2} id={`topic-${topic}`} mb="xs">
              {topicWord(topic, t)}
            </Title>
            <ul className={`st-panel ${classes.notices ?? ""}`}>
              {kinds.map((preference) => (
                <KindRow
                  key={preference.kind}
                  preference={preference}
                  onChange={(notice) => change.mutate({ notice })}
                />
              ))}
            </ul>
          </section>
        );
      })}
      <section aria-labelledby="letters" className={classes.topic}>
        <Title order={2} id="letters" mb="xs">
          {t("preferences.letters")}
        </Title>
        <Select
          label={t("preferences.language")}
          description={t("preferences.language.hint")}
          maw={320}
          allowDeselect={false}
          value={preferences.language}
          data={[
            { value: "en", label: "English" },
            { value: "de", label: "Deutsch" },
          ]}
          onChange={(value) => {
            if (value === "en" || value === "de") change.mutate({ language: value });
          }}
        />
      </section>
    </>
  );
}

/** Which notices the reader gets, and how. */
export function PreferencesPage() {
  const { t } = useSpeech();
  const preferences = useQuery(preferencesQuery());
  return (
    <Page title={t("preferences.title")}>
      <div className={classes.page}>
        <PageHeader
          title={t("preferences.title")}
          description={t("preferences.text")}
          back={<BackLink to="/notices">{t("notices.title")}</BackLink>}
        />
        {preferences.isPending && <Skeleton height={320} />}
        {preferences.isError && <Problem error={preferences.error} onRetry={() => void preferences.refetch()} />}
        {preferences.isSuccess && <Choices preferences={preferences.data} />}
      </div>
    </Page>
  );
}
