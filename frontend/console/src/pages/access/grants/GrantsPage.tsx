import { SegmentedControl } from "@mantine/core";
import type { GrantSummary } from "@sealtape/api-client";
import { EmptyState, PageHeader } from "@sealtape/ui";
import { IconShieldLock } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { grantsInForceQuery, grantsQuery, isInForce } from "../../../api/access";
import { SEES_GRANTS } from "../../../api/permissions";
import { meQuery } from "../../../api/queries";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { GRANT_STATES, stateWord } from "../../../components/grant-words";
import { ListPanel } from "../../../components/ListPanel";
import { Pager } from "../../../components/Pager";
import { StateFilter } from "../../../components/StateFilter";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { GrantTable } from "../GrantTable";
import { RevokeButton } from "../RevokeButton";
import { GRANT_VIEWS } from "../search";

const route = getRouteApi("/app/access/grants");

/** States a grant, and not only a request, can be in. */
const STATES = GRANT_STATES.filter((state) => state !== "pending" && state !== "denied");

/** The grants, with the way to end one for who may. */
function OfGrants({ grants, own }: { readonly grants: readonly GrantSummary[]; readonly own: boolean }) {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  if (!can("grant.revoke")) return <GrantTable label={t("menu.grants")} grants={grants} own={own} />;
  return (
    <GrantTable
      label={t("menu.grants")}
      grants={grants}
      own={own}
      // One's own is given up on its page, which is not the same act.
      acts={(grant) =>
        isInForce(grant) && grant.requester.id !== me.id ? <RevokeButton grant={grant} compact /> : null
      }
    />
  );
}

function InForce({ own }: { readonly own: boolean }) {
  const { t } = useSpeech();
  const grants = useQuery(grantsInForceQuery());
  return (
    <ListPanel
      query={grants}
      rows={grants.data}
      expected={4}
      empty={
        <EmptyState icon={IconShieldLock} title={t("grants.none.title")}>
          {t("grants.none.text")}
        </EmptyState>
      }
    >
      {(items) => <OfGrants grants={items} own={own} />}
    </ListPanel>
  );
}

function All({ own }: { readonly own: boolean }) {
  const { t } = useSpeech();
  const { state, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const grants = useQuery({ ...grantsQuery({ state, cursor }), placeholderData: keepPreviousData });
  return (
    <>
      <ListPanel
        query={grants}
        rows={grants.data?.items}
        expected={6}
        empty={
          <EmptyState icon={IconShieldLock} title={t("grants.none.ever.title")}>
            {t("grants.none.ever.text")}
          </EmptyState>
        }
      >
        {(items) => <OfGrants grants={items} own={own} />}
      </ListPanel>
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
          <StateFilter
            states={STATES}
            value={state}
            word={(each) => stateWord(each, t)}
            any={t("grant.state.any")}
            onChange={(next) =>
              void navigate({ search: (old) => ({ ...old, cursor: undefined, state: next }), replace: true })
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
