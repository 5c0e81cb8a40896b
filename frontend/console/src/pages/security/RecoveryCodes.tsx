import { Button } from "@mantine/core";
import type { AccountFactors } from "@sealtape/api-client";
import { RelativeTime, StateBadge } from "@sealtape/ui";
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconLifebuoy } from "@tabler/icons-react";
import { useSpeech } from "../../i18n/context";
import { hasFactor, usableCodes } from "./factors";
import { FactorRow } from "./FactorRow";
import classes from "./security.module.css";

/** With so few left it is time for new ones. */
const FEW = 3;

function State({ factors }: { readonly factors: AccountFactors }) {
  const { t, tn } = useSpeech();
  const codes = usableCodes(factors);
  if (codes === undefined) {
    return hasFactor(factors) ? (
      <StateBadge tone="warning" icon={IconAlertTriangle}>
        {t("recovery.none")}
      </StateBadge>
    ) : (
      <StateBadge tone="neutral" icon={IconCircleDashed}>
        {t("security.off")}
      </StateBadge>
    );
  }
  return codes.left <= FEW ? (
    <StateBadge tone="warning" icon={IconAlertTriangle}>
      {tn("recovery.left", codes.left)}
    </StateBadge>
  ) : (
    <StateBadge tone="success" icon={IconCircleCheck}>
      {tn("recovery.left", codes.left)}
    </StateBadge>
  );
}

interface RecoveryCodesProps {
  readonly factors: AccountFactors;
  readonly onMake: () => void;
}

/** How many codes are left for the day that the factors are lost. */
export function RecoveryCodes({ factors, onMake }: RecoveryCodesProps) {
  const { t } = useSpeech();
  const codes = usableCodes(factors);
  return (
    <FactorRow
      icon={IconLifebuoy}
      title={t("recovery.title")}
      state={<State factors={factors} />}
      text={
        <>
          {t("recovery.text")}
          {codes !== undefined && (
            <>
              {" "}
              {t("recovery.made")} <RelativeTime at={codes.created_at} />.
            </>
          )}
        </>
      }
      actions={
        hasFactor(factors) ? (
          <Button variant={codes === undefined ? "filled" : "default"} onClick={onMake}>
            {codes === undefined ? t("recovery.make") : t("recovery.make-new")}
          </Button>
        ) : (
          <span className={classes.reason}>{t("recovery.needs-factor")}</span>
        )
      }
    />
  );
}
