import { Button, Checkbox } from "@mantine/core";
import { EmptyState, PageHeader } from "@sealtape/ui";
import { IconHammer, IconShieldCheck } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { brokenQuery } from "../../../api/access";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { readIds } from "../../../components/ask/wanted";
import { ListPanel } from "../../../components/ListPanel";
import { Pager } from "../../../components/Pager";
import { Reason } from "../../../components/Reason";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { GrantTable } from "../GrantTable";
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
      <ListPanel
        query={uses}
        rows={uses.data?.items}
        expected={3}
        empty={
          <EmptyState icon={IconShieldCheck} title={t("glass.none.title")}>
            {t("glass.none.text")}
          </EmptyState>
        }
      >
        {(items) => (
          <GrantTable
            label={t("menu.break-glass")}
            grants={items}
            acts={(grant) => (grant.review === null ? null : <ReviewState review={grant.review} />)}
            actsHeader={t("glass.review")}
          />
        )}
      </ListPanel>
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
            <Reason>{t("glass.denied")}</Reason>
          )
        }
      />
      {can("break-glass.review") ? <Uses /> : <Reason>{t("glass.own-grants")}</Reason>}
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
