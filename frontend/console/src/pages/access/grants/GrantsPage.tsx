import { SegmentedControl, Select } from "@mantine/core";
import { EmptyState, PageHeader, RowsSkeleton } from "@sealtape/ui";
import { IconShieldLock } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { grantsInForceQuery, grantsQuery, isInForce } from "../../../api/access";
import { SEES_GRANTS } from "../../../api/permissions";
import { meQuery } from "../../../api/queries";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { GRANT_STATES, stateWord } from "../../../components/grant-words";
import { Problem } from "../../../components/Problem";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { GrantTable } from "../GrantTable";
import { Pager } from "../Pager";
import { RevokeButton } from "../RevokeButton";
import { GRANT_VIEWS } from "../search";

const route = getRouteApi("/app/access/grants");

/** States a grant, and not only a request, can be in. */
const STATES = GRANT_STATES.filter((state) => state !== "pending" && state !== "denied");

function useActs() {
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  if (!can("grant.revoke")) return undefined;
  // One's own is given up on its page, which is not the same act.
  return (grant: Parameters<typeof isInForce>[0] & Parameters<typeof RevokeButton>[0]["grant"]) =>
    isInForce(grant) && grant.requester.id !== me.id ? <RevokeButton grant={grant} compact /> : null;
}

function InForce({ own }: { readonly own: boolean }) {
  const { t } = useSpeech();
  const grants = useQuery(grantsInForceQuery());
  const acts = useActs();
  return (
    <div className="st-panel">
      {grants.isPending && <RowsSkeleton rows={4} />}
      {grants.isError && <Problem error={grants.error} onRetry={() => void grants.refetch()} />}
      {grants.isSuccess && grants.data.length === 0 && (
        <EmptyState icon={IconShieldLock} title={t("grants.none.title")}>
          {t("grants.none.text")}
        </EmptyState>
      )}
      {grants.isSuccess && grants.data.length > 0 && (
        <GrantTable label={t("menu.grants")} grants={grants.data} own={own} {...(acts === undefined ? {} : { acts })} />
      )}
    </div>
  );
}

function All({ own }: { readonly own: boolean }) {
  const { t } = useSpeech();
  const { state, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const grants = useQuery({ ...grantsQuery({ state, cursor }), placeholderData: keepPreviousData });
  const acts = useActs();
  return (
    <>
      <div className="st-panel">
        {grants.isPending && <RowsSkeleton rows={6} />}
        {grants.isError && <Problem error={grants.error} onRetry={() => void grants.refetch()} />}
        {grants.isSuccess && grants.data.items.length === 0 && (
          <EmptyState icon={IconShieldLock} title={t("grants.none.ever.title")}>
            {t("grants.none.ever.text")}
          </EmptyState>
        )}
        {grants.isSuccess && grants.data.items.length > 0 && (
          <GrantTable
            label={t("menu.grants")}
            grants={grants.data.items}
            own={own}
            {...(acts === undefined ? {} : { acts })}
          />
        )}
      </div>
      <Pager
        cursor={cursor}
        next={grants.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
    </>
  );
}

function Grants() {
  const { t } = useSpeech();
  const can = useCan();
  const { view = "in-force", state } = route.useSearch();
  const navigate = route.useNavigate();
  const own = !can("grant.list");
  return (
    <>
      <PageHeader title={t("menu.grants")} description={own ? t("grants.text.own") : t("grants.text")} />
      <div className={classes.views}>
        <SegmentedControl
          aria-label={t("grants.view")}
          value={view}
          data={GRANT_VIEWS.map((each) => ({ value: each, label: t(`grants.view.${each}`) }))}
          onChange={(value) =>
            void navigate({ search: { view: GRANT_VIEWS.find((each) => each === value) }, replace: true })
          }
        />
        {view === "all" && (
          <Select
            aria-label={t("filter.state")}
            placeholder={t("grant.state.any")}
            clearable
            clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("filter.state") }) }}
            value={state ?? null}
            data={STATES.map((each) => ({ value: each, label: stateWord(each, t) }))}
            onChange={(value) =>
              void navigate({
                search: (old) => ({ ...old, cursor: undefined, state: STATES.find((each) => each === value) }),
                replace: true,
              })
            }
          />
        )}
      </div>
      {view === "all" ? <All own={own} /> : <InForce own={own} />}
    </>
  );
}

/** Who may watch what now, and who might in the past. */
export function GrantsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.grants")}>
      <Needs action={SEES_GRANTS}>
        <Grants />
      </Needs>
    </Page>
  );
}
