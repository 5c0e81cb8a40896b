import { ActionIcon, Alert, Skeleton, Text, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { agentKeysQuery, agentScriptQuery } from "../api/queries";
import { useSpeech } from "../i18n/context";
import { useCan } from "./access";
import classes from "./components.module.css";
import { Problem } from "./Problem";
import { installSnippet } from "./snippet-text";

/** Code to copy. */
export function CodeBlock({ code, label }: { readonly code: string; readonly label: string }) {
  const { t } = useSpeech();
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <div className={classes.snippet}>
      {/* Long lines scroll on small screens: the region must take the focus to be scrolled by keys. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} role="group" aria-label={label}>
        {code}
      </pre>
      <Tooltip label={clipboard.copied ? t("copied") : t("copy")}>
        <ActionIcon
          className={classes.snippetCopy}
          variant="default"
          onClick={() => clipboard.copy(code)}
          aria-label={clipboard.copied ? t("copied") : `${t("copy")}: ${label}`}
        >
          {clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function KeyedSnippet({ projectId }: { readonly projectId: string }) {
  const { t } = useSpeech();
  const keys = useQuery(agentKeysQuery(projectId));
  const script = useQuery(agentScriptQuery());
  if (keys.isError) return <Problem error={keys.error} onRetry={() => void keys.refetch()} />;
  if (script.isError) return <Problem error={script.error} onRetry={() => void script.refetch()} />;
  if (keys.isPending || script.isPending) return <Skeleton height={96} />;
  const key = keys.data.items.find((each) => each.revoked_at === null);
  if (key === undefined) {
    return (
      <Alert color="teal" variant="light" title={t("snippet.no-key.title")}>
        <Link to="/projects/$projectId" params={{ projectId }}>
          {t("snippet.no-key.text")}
        </Link>
      </Alert>
    );
  }
  return (
    <CodeBlock label={t("snippet.label")} code={installSnippet(globalThis.location.origin, script.data, key.key)} />
  );
}

/** The two lines that put the agent into a page. */
export function InstallSnippet({ projectId }: { readonly projectId: string }) {
  const { t } = useSpeech();
  const can = useCan();
  if (!can("agent-key.list")) {
    return (
      <Text size="sm" c="dimmed">
        {t("snippet.no-permission")}
      </Text>
    );
  }
  return <KeyedSnippet projectId={projectId} />;
}
