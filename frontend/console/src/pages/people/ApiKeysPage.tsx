import { Button, Text } from "@mantine/core";
import type { ApiKey } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime, StateBadge, useNow } from "@sealtape/ui";
import { IconBan, IconCircleCheck, IconClockOff, IconKey } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { apiKeysQuery, membersQuery, revokeApiKey } from "../../api/people";
import { projectsQuery } from "../../api/queries";
import { Page } from "../../app/Page";
import { Needs, useCan } from "../../components/access";
import { ListPanel } from "../../components/ListPanel";
import { Pager } from "../../components/Pager";
import { Reason } from "../../components/Reason";
import rows from "../../components/rows.module.css";
import { TypedConfirm } from "../../components/TypedConfirm";
import { useSpeech } from "../../i18n/context";
import { ApiKeyCreate } from "./ApiKeyCreate";

const route = getRouteApi("/app/access/keys");

function useKeyState(): (key: ApiKey) => "active" | "revoked" | "over" {
  const now = useNow();
  return (key) => (key.revoked_at !== null ? "revoked" : Date.parse(key.expires_at) <= now ? "over" : "active");
}

function KeyState({ state }: { readonly state: "active" | "revoked" | "over" }) {
  const { t } = useSpeech();
  switch (state) {
    case "active":
      return (
        <StateBadge tone="success" icon={IconCircleCheck}>
          {t("key.active")}
        </StateBadge>
      );
    case "revoked":
      return (
        <StateBadge tone="neutral" icon={IconBan}>
          {t("key.revoked")}
        </StateBadge>
      );
    case "over":
      return (
        <StateBadge tone="neutral" icon={IconClockOff}>
          {t("api-key.over")}
        </StateBadge>
      );
  }
}

/** Ids in names, as far as the reader may know them. */
function useNames(): { readonly member: (id: string) => string; readonly project: (id: string) => string } {
  const can = useCan();
  const members = useQuery({ ...membersQuery(), enabled: can("member.list") });
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const short = (id: string): string => `…${id.slice(-8)}`;
  return {
    member: (id) => members.data?.items.find((each) => each.id === id)?.name ?? short(id),
    project: (id) => projects.data?.items.find((each) => each.id === id)?.name ?? short(id),
  };
}

function useColumns(revoke: (key: ApiKey) => void): readonly Column<ApiKey>[] {
  const { t, tn } = useSpeech();
  const can = useCan();
  const stateOf = useKeyState();
  const names = useNames();
  return [
    {
      id: "name",
      header: t("api-key.name"),
      grow: true,
      cell: (key) => (
        <span className={rows.rowLink}>
          <strong className={rows.rowTitle}>{key.name}</strong>
          <span className={rows.rowMore}>{names.member(key.member_id)}</span>
        </span>
      ),
    },
    {
      id: "scopes",
      header: t("api-key.scopes"),
      cell: (key) => <span title={key.scopes.join("\n")}>{tn("api-key.scopes.count", key.scopes.length)}</span>,
    },
    {
      id: "bounds",
      header: t("api-key.bounds"),
      cell: (key) =>
        [...(key.project_id === null ? [] : [names.project(key.project_id)]), ...key.networks].join(", ") ||
        t("api-key.no-bounds"),
    },
    {
      id: "used",
      header: t("api-key.used"),
      cell: (key) => (key.last_used_at === null ? t("security.never-used") : <RelativeTime at={key.last_used_at} />),
    },
    {
      id: "expires",
      header: t("api-key.expires"),
      cell: (key) => <Ends at={key.expires_at} />,
    },
    { id: "state", header: t("column.state"), cell: (key) => <KeyState state={stateOf(key)} /> },
    {
      id: "acts",
      header: t("column.acts"),
      cell: (key) =>
        stateOf(key) === "active" && can("api-key.revoke") ? (
          <Button variant="subtle" color="danger" size="compact-sm" onClick={() => revoke(key)}>
            {t("key.revoke")}
            <span className="st-visually-hidden"> {key.name}</span>
          </Button>
        ) : null,
    },
  ];
}

/** A day in the future or the past. */
function Ends({ at }: { readonly at: string }) {
  const { language } = useSpeech();
  return <time dateTime={at}>{new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(Date.parse(at))}</time>;
}

function Revoke({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeApiKey(apiKey.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["api-keys"] });
      onClose();
    },
  });
  return (
    <TypedConfirm
      title={t("api-key.revoke.title", { name: apiKey.name })}
      word={apiKey.name}
      submit={t("key.revoke.do")}
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <Text>{t("api-key.revoke.text")}</Text>
    </TypedConfirm>
  );
}

function KeyList() {
  const { t } = useSpeech();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const keys = useQuery(apiKeysQuery(cursor));
  const [revoking, setRevoking] = useState<ApiKey>();
  const columns = useColumns(setRevoking);
  return (
    <>
      <ListPanel
        query={keys}
        rows={keys.data?.items}
        expected={3}
        empty={
          <EmptyState icon={IconKey} title={t("api-keys.none.title")}>
            {t("api-keys.none.text")}
          </EmptyState>
        }
      >
        {(items) => <DataTable label={t("menu.keys")} columns={columns} rows={items} rowId={(key) => key.id} />}
      </ListPanel>
      <Pager
        cursor={cursor}
        next={keys.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: { cursor: next } })}
      />
      {revoking !== undefined && <Revoke apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  );
}

function Keys() {
  const { t } = useSpeech();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHeader
        title={t("menu.keys")}
        description={t("api-keys.text")}
        actions={
          can("api-key.create") ? (
            <Button
              leftSection={<IconKey size={16} aria-hidden />}
              onClick={() => void navigate({ search: { ...search, new: true } })}
            >
              {t("api-key.create")}
            </Button>
          ) : (
            <Reason>{t("api-key.create.denied")}</Reason>
          )
        }
      />
      <KeyList />
      {search.new === true && can("api-key.create") && (
        <ApiKeyCreate onClose={() => void navigate({ search: { ...search, new: undefined } })} />
      )}
    </>
  );
}

/** Keys that act for members. */
export function ApiKeysPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.keys")}>
      <Needs action="api-key.list">
        <Keys />
      </Needs>
    </Page>
  );
}
