import { Skeleton } from "@mantine/core";
import { PageHeader, RelativeTime } from "@sealtape/ui";
import { useQuery } from "@tanstack/react-query";
import { accessRulesQuery } from "../../../api/access";
import { SEES_GRANTS } from "../../../api/permissions";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { Problem } from "../../../components/Problem";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { RulesForm } from "./RulesForm";
import { RulesText } from "./RulesText";

function Rules() {
  const { t } = useSpeech();
  const can = useCan();
  const rules = useQuery(accessRulesQuery());
  return (
    <>
      <PageHeader
        title={t("menu.rules")}
        description={
          <>
            {t("rules.text")}{" "}
            {rules.isSuccess && rules.data.changed_at !== null && (
              <>
                {t("rules.changed")} <RelativeTime at={rules.data.changed_at} />.
              </>
            )}
          </>
        }
      />
      {rules.isPending && <Skeleton height={280} role="status" aria-busy />}
      {rules.isError && <Problem error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isSuccess &&
        (can("tenant.manage") ? (
          <RulesForm key={rules.data.revision} rules={rules.data} />
        ) : (
          <div className={classes.rules}>
            <RulesText rules={rules.data} />
            <p className={classes.dimmed}>{t("rules.denied")}</p>
          </div>
        ))}
    </>
  );
}

/** What the tenant asks for before it gives access. */
export function RulesPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.rules")}>
      <Needs action={SEES_GRANTS}>
        <Rules />
      </Needs>
    </Page>
  );
}
