import { Alert, Skeleton } from "@mantine/core";
import type { AccountFactors } from "@sealtape/api-client";
import { PageHeader } from "@sealtape/ui";
import { IconShieldExclamation } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { factorsQuery } from "../../api/account";
import { Page } from "../../app/Page";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n/context";
import { AuthenticatorApp } from "./AuthenticatorApp";
import { hasFactor, usableCodes } from "./factors";
import { Password } from "./Password";
import { RecoveryCodes } from "./RecoveryCodes";
import { RecoveryCodesMake } from "./RecoveryCodesMake";
import classes from "./security.module.css";
import { SecurityKeys } from "./SecurityKeys";
import { SignIns } from "./SignIns";

function FactorList({ factors }: { readonly factors: AccountFactors }) {
  const { t } = useSpeech();
  const [making, setMaking] = useState(false);
  // Whoever has just made their first factor is shown the way back in at once.
  const onFirst = (): void => {
    if (usableCodes(factors) === undefined) setMaking(true);
  };
  return (
    <>
      {!hasFactor(factors) && (
        <Alert
          role="note"
          color="warning"
          variant="light"
          icon={<IconShieldExclamation size={20} aria-hidden />}
          title={t("security.none.title")}
          mb="md"
        >
          {t("security.none.text")}
        </Alert>
      )}
      <ul className={`st-panel ${classes.factors ?? ""}`}>
        <AuthenticatorApp factors={factors} onEnrolled={onFirst} />
        <SecurityKeys factors={factors} onEnrolled={onFirst} />
        <RecoveryCodes factors={factors} onMake={() => setMaking(true)} />
      </ul>
      {making && <RecoveryCodesMake again={usableCodes(factors) !== undefined} onClose={() => setMaking(false)} />}
    </>
  );
}

function Factors() {
  const factors = useQuery(factorsQuery());
  if (factors.isPending) return <Skeleton height={240} />;
  if (factors.isError) return <Problem error={factors.error} onRetry={() => void factors.refetch()} />;
  return <FactorList factors={factors.data} />;
}

/** What protects the reader's own account. */
export function SecurityPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("security.title")}>
      <div className={classes.page}>
        <PageHeader title={t("security.title")} description={t("security.text")} />
        <Section id="factors" title={t("security.factors")} text={t("security.factors.text")}>
          <Factors />
        </Section>
        <Password />
        <SignIns />
      </div>
    </Page>
  );
}
