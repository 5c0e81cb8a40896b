import { IconUser } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { proposalsQuery } from "../api/proposals";
import { meQuery, permissionsQuery } from "../api/queries";
import { changeWords } from "../components/proposal-words";
import { Remaining } from "../components/Remaining";
import { useSpeech } from "../i18n/context";
import classes from "./app.module.css";

/** How often the banner looks whether the mode or what waits in it changed, ms. */
const RENEW_MS = 30_000;

/** What waits in solo mode, with the way to stop it. */
function Waiting() {
  const { t } = useSpeech();
  const open = useQuery({ ...proposalsQuery("open", undefined), refetchInterval: RENEW_MS });
  const solo = open.data?.items.filter((proposal) => proposal.solo) ?? [];
  return solo.map((proposal) => (
    <div key={proposal.id}>
      <Link to="/access/proposals/$proposalId" params={{ proposalId: proposal.id }}>
        {changeWords(proposal, t)}
      </Link>{" "}
      · {t("proposal.executes")} <Remaining until={proposal.execute_after ?? proposal.expires_at} />
    </div>
  ));
}

/** Says on every page that a second person is missing here, and what that means. */
export function SoloBanner() {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery({ ...meQuery(), staleTime: RENEW_MS, refetchInterval: RENEW_MS });
  const { data: permissions } = useSuspenseQuery(permissionsQuery());
  if (!me.tenant.solo_mode) return null;
  return (
    <aside className={classes.solo} aria-label={t("solo.title")}>
      <IconUser size={16} aria-hidden />
      <div>
        <strong>{t("solo.title")}</strong> {t("solo.text")}
        {permissions.has("proposal.list") && <Waiting />}
      </div>
    </aside>
  );
}
