import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { AccountFactors, SecurityKey } from "@sealtape/api-client";
import { RelativeTime, StateBadge } from "@sealtape/ui";
import { IconCircleCheck, IconCircleDashed, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { removeSecurityKey } from "../../api/account";
import { keysSupported } from "../../api/webauthn";
import { useSpeech } from "../../i18n/context";
import type { PlainKey } from "../../i18n/translate";
import { isLastFactor } from "./factors";
import { FactorRemove } from "./FactorRemove";
import { FactorRow } from "./FactorRow";
import { KeyAdd } from "./KeyAdd";
import { KeyRename } from "./KeyRename";
import classes from "./security.module.css";

/** As many as the server keeps for one member. */
const MOST = 10;

interface SecurityKeysProps {
  readonly factors: AccountFactors;
  readonly onEnrolled: () => void;
}

interface KeyLineProps {
  readonly securityKey: SecurityKey;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}

function KeyLine({ securityKey, onRename, onRemove }: KeyLineProps) {
  const { t } = useSpeech();
  const hidden = <span className="st-visually-hidden"> {securityKey.name}</span>;
  return (
    <li className={classes.key}>
      <span className={classes.keyText}>
        <strong>{securityKey.name}</strong>
        <Text component="span" size="sm" c="dimmed">
          {t("security.since")} <RelativeTime at={securityKey.created_at} />
          {" · "}
          {securityKey.last_used_at === null || securityKey.last_used_at === undefined ? (
            t("security.never-used")
          ) : (
            <>
              {t("security.last-used")} <RelativeTime at={securityKey.last_used_at} />
            </>
          )}
        </Text>
      </span>
      <span>
        <Button variant="subtle" size="compact-sm" onClick={onRename}>
          {t("security.key.rename")}
          {hidden}
        </Button>
        <Button variant="subtle" color="danger" size="compact-sm" onClick={onRemove}>
          {t("security.key.remove")}
          {hidden}
        </Button>
      </span>
    </li>
  );
}

/** Why no key can be added here; nothing when one can. */
function refusal(factors: AccountFactors): PlainKey | undefined {
  if (!factors.webauthn_available) return "security.keys.unavailable";
  if (!keysSupported()) return "factor.key.unsupported";
  return factors.security_keys.length >= MOST ? "security.keys.full" : undefined;
}

/** The reader's security keys and passkeys. */
export function SecurityKeys({ factors, onEnrolled }: SecurityKeysProps) {
  const { t, tn } = useSpeech();
  const [adding, addition] = useDisclosure(false);
  const [renaming, setRenaming] = useState<SecurityKey>();
  const [removing, setRemoving] = useState<SecurityKey>();
  const keys = factors.security_keys;
  const reason = refusal(factors);
  return (
    <FactorRow
      icon={IconKey}
      title={t("security.keys")}
      state={
        keys.length === 0 ? (
          <StateBadge tone="neutral" icon={IconCircleDashed}>
            {t("security.off")}
          </StateBadge>
        ) : (
          <StateBadge tone="success" icon={IconCircleCheck}>
            {tn("security.keys.count", keys.length)}
          </StateBadge>
        )
      }
      text={t("security.keys.text")}
      actions={
        reason === undefined ? (
          <Button variant="default" onClick={addition.open}>
            {t("security.key.add")}
          </Button>
        ) : (
          <span className={classes.reason}>{t(reason)}</span>
        )
      }
    >
      {keys.length > 0 && (
        <ul className={classes.keys} aria-label={t("security.keys")}>
          {keys.map((key) => (
            <KeyLine
              key={key.id}
              securityKey={key}
              onRename={() => setRenaming(key)}
              onRemove={() => setRemoving(key)}
            />
          ))}
        </ul>
      )}
      {adding && <KeyAdd onClose={addition.close} onEnrolled={onEnrolled} />}
      {renaming !== undefined && <KeyRename securityKey={renaming} onClose={() => setRenaming(undefined)} />}
      {removing !== undefined && (
        <FactorRemove
          title={t("security.key.remove.title", { name: removing.name })}
          text={t("security.key.remove.text")}
          last={isLastFactor(factors)}
          remove={() => removeSecurityKey(removing.id)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </FactorRow>
  );
}
