import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { AccountFactors } from "@sealtape/api-client";
import { RelativeTime, StateBadge } from "@sealtape/ui";
import { IconCircleCheck, IconCircleDashed, IconDeviceMobile } from "@tabler/icons-react";
import { removeTotp } from "../../api/account";
import { useSpeech } from "../../i18n/context";
import { isLastFactor } from "./factors";
import { FactorRemove } from "./FactorRemove";
import { FactorRow } from "./FactorRow";
import { TotpEnrol } from "./TotpEnrol";

interface AuthenticatorAppProps {
  readonly factors: AccountFactors;
  readonly onEnrolled: () => void;
}

/** The authenticator app: there or not, set up, removed. */
export function AuthenticatorApp({ factors, onEnrolled }: AuthenticatorAppProps) {
  const { t } = useSpeech();
  const [enrolling, enrolment] = useDisclosure(false);
  const [removing, removal] = useDisclosure(false);
  const { totp } = factors;
  return (
    <FactorRow
      icon={IconDeviceMobile}
      title={t("security.totp")}
      state={
        totp === null ? (
          <StateBadge tone="neutral" icon={IconCircleDashed}>
            {t("security.off")}
          </StateBadge>
        ) : (
          <StateBadge tone="success" icon={IconCircleCheck}>
            {t("security.on")}
          </StateBadge>
        )
      }
      text={
        totp === null ? (
          t("security.totp.text")
        ) : (
          <>
            {t("security.since")} <RelativeTime at={totp.confirmed_at} />
            {" · "}
            {totp.last_used_at === null ? (
              t("security.never-used")
            ) : (
              <>
                {t("security.last-used")} <RelativeTime at={totp.last_used_at} />
              </>
            )}
          </>
        )
      }
      actions={
        totp === null ? (
          <Button variant="default" onClick={enrolment.open}>
            {t("security.totp.enrol")}
          </Button>
        ) : (
          <Button variant="subtle" color="danger" onClick={removal.open}>
            {t("security.totp.remove")}
          </Button>
        )
      }
    >
      {enrolling && <TotpEnrol onClose={enrolment.close} onEnrolled={onEnrolled} />}
      {removing && (
        <FactorRemove
          title={t("security.totp.remove.title")}
          text={t("security.totp.remove.text")}
          last={isLastFactor(factors)}
          remove={removeTotp}
          onClose={removal.close}
        />
      )}
    </FactorRow>
  );
}
