import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { AgentKey } from "@sealtape/api-client";
import { type Column, CopyId, DataTable, EmptyState, RelativeTime, StateBadge } from "@sealtape/ui";
import { IconBan, IconCircleCheck, IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { agentKeysQuery } from "../../api/queries";
import { NoPermission, useCan } from "../../components/access";
import { ListPanel } from "../../components/ListPanel";
import { Reason } from "../../components/Reason";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n/context";
import { KeyCreate } from "./KeyCreate";
import { KeyRevoke } from "./KeyRevoke";

const active = (key: AgentKey): boolean => key.revoked_at === null;

function useColumns(revoke: (key: AgentKey) => void): readonly Column<AgentKey>[] {
  const { t } = useSpeech();
  const can = useCan();
  return [
    {
      id: "key",
      header: t("key.key"),
      cell: (key) => <CopyId value={key.key} label={t("key.key")} />,
    },
    {
      id: "origins",
      header: t("key.origins"),
      grow: true,
      cell: (key) => <span title={key.origins.join("\n")}>{key.origins.join(", ")}</span>,
    },
    {
      id: "state",
      header: t("column.state"),
      cell: (key) =>
        active(key) ? (
          <StateBadge tone="success" icon={IconCircleCheck}>
            {t("key.active")}
          </StateBadge>
        ) : (
          <StateBadge tone="neutral" icon={IconBan}>
            {t("key.revoked")}
          </StateBadge>
        ),
    },
    { id: "created", header: t("column.created"), cell: (key) => <RelativeTime at={key.created_at} /> },
    {
      id: "acts",
      header: t("column.acts"),
      cell: (key) =>
        active(key) && can("agent-key.revoke") ? (
          <Button variant="subtle" color="danger" size="compact-sm" onClick={() => revoke(key)}>
            {t("key.revoke")}
            <span className="st-visually-hidden"> {key.key}</span>
          </Button>
        ) : null,
    },
  ];
}

function KeyList({ projectId }: { readonly projectId: string }) {
  const { t } = useSpeech();
  const keys = useQuery(agentKeysQuery(projectId));
  const [revoking, setRevoking] = useState<AgentKey>();
  const columns = useColumns(setRevoking);
  return (
    <>
      <ListPanel
        query={keys}
        rows={keys.data?.items}
        expected={2}
        empty={
          <EmptyState icon={IconKey} title={t("keys-empty.title")}>
            {t("keys-empty.text")}
          </EmptyState>
        }
      >
        {(items) => <DataTable label={t("project.keys")} columns={columns} rows={items} rowId={(key) => key.id} />}
      </ListPanel>
      {revoking !== undefined && (
        <KeyRevoke projectId={projectId} agentKey={revoking} onClose={() => setRevoking(undefined)} />
      )}
    </>
  );
}

/** A project's agent keys. */
export function AgentKeys({ projectId }: { readonly projectId: string }) {
  const { t } = useSpeech();
  const can = useCan();
  const [creating, creation] = useDisclosure(false);
  return (
    <Section
      id="keys"
      title={t("project.keys")}
      actions={
        can("agent-key.create") ? (
          <Button variant="default" leftSection={<IconKey size={16} aria-hidden />} onClick={creation.open}>
            {t("key.create")}
          </Button>
        ) : (
          <Reason>{t("key.create.denied")}</Reason>
        )
      }
    >
      {can("agent-key.list") ? <KeyList projectId={projectId} /> : <NoPermission action="agent-key.list" />}
      <KeyCreate projectId={projectId} opened={creating} onClose={creation.close} />
    </Section>
  );
}
