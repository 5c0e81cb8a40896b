import { Button, Checkbox } from "@mantine/core";
import { EmptyState, PageHeader, RowsSkeleton } from "@sealtape/ui";
import { IconHammer, IconShieldCheck } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { brokenQuery } from "../../../api/access";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { readIds } from "../../../components/ask/wanted";
import { Problem } from "../../../components/Problem";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { GrantTable } from "../GrantTable";
import { Pager } from "../Pager";
import { BreakGlassDialog } from "./BreakGlassDialog";
import { ReviewState } from "./Review";

const route = getRouteApi("/app/access/break-glass");

/** What was opened without anybody's approval, and whether somebody has looked at it since. */
function Uses() {
  const { t } = useSpeech();
  const { due, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const uses = useQuery({ ...brokenQuery(due === true, cursor), placeholderData: keepPreviousData });
  return (
    <>
      <div className={classes.views}>
        <Checkbox
          size="sm"
          label={t("glass.due-only")}
          checked={due === true}
          onChange={(event) =>
            void navigate({ search: { due: event.currentTarget.checked ? true : undefined }, replace: true })
          }
        />
      </div>
      <div className="st-panel">
        {uses.isPending && <RowsSkeleton rows={3} />}
        {uses.isError && <Problem error={uses.error} onRetry={() => void uses.refetch()} />}
        {uses.isSuccess && uses.data.items.length === 0 && (
          <EmptyState icon={IconShieldCheck} title={t("glass.none.title")}>
            {t("glass.none.text")}
          </EmptyState>
        )}
        {uses.isSuccess && uses.data.items.length > 0 && (
          <GrantTable
            label={t("menu.break-glass")}
            grants={uses.data.items}
            acts={(grant) => (grant.review === null ? null : <ReviewState review={grant.review} />)}
            actsHeader={t("glass.review")}
          />
        )}
      </div>
      <Pager
        cursor={cursor}
        next={uses.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
    </>
  );
}

function BreakGlass() {
  const { t } = useSpeech();
  const can = useCan();
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHeader
        title={t("menu.break-glass")}
        description={t("glass.text")}
        actions={
          can("break-glass.use") ? (
            <Button
              color="danger"
              variant="light"
              leftSection={<IconHammer size={16} aria-hidden />}
              onClick={() => void navigate({ search: (old) => ({ ...old, open: "" }) })}
            >
              {t("glass.open")}
            </Button>
          ) : (
            <span className={classes.dimmed}>{t("glass.denied")}</span>
          )
        }
      />
      {can("break-glass.review") ? <Uses /> : <p className={classes.dimmed}>{t("glass.own-grants")}</p>}
      {open !== undefined && can("break-glass.use") && (
        <BreakGlassDialog
          sessions={readIds(open)}
          onClose={() => void navigate({ search: (old) => ({ ...old, open: undefined }), replace: true })}
          onBroken={({ id }) => void navigate({ to: "/access/requests/$requestId", params: { requestId: id } })}
        />
      )}
    </>
  );
}

/** Opening sessions in an emergency, and the reviews that follow. */
export function BreakGlassPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.break-glass")}>
      <Needs action={["break-glass.review", "break-glass.use"]}>
        <BreakGlass />
      </Needs>
    </Page>
  );
}
