import type { AuditCovered } from "@sealtape/api-client";
import { useSpeech } from "../i18n/context";
import { Ago } from "./Ago";

/** How much of the log somebody outside holds, and since when: "Last witnessed 40 sec. ago (1,234 entries)". Nothing where the
 * operator named nobody. */
export function Covered({ by, covered }: CoveredProps) {
  const { t, tn } = useSpeech();
  // An older server does not know it.
  if (covered === null || covered === undefined) return null;
  const { at, size } = covered;
  if (at === null) return <span>{t(`covered.${by}.none`)}</span>;
  return (
    <span>
      {t(`covered.${by}`)} <Ago at={at} /> ({tn("health.entries", size)})
    </span>
  );
}

interface CoveredProps {
  readonly by: "anchored" | "witnessed";
  readonly covered: AuditCovered | null | undefined;
}
