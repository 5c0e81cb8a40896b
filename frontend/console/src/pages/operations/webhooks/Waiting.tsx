import { Alert } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { proposalsQuery } from "../../../api/proposals";
import { useCan } from "../../../components/access";
import { changeWords } from "../../../components/proposal-words";
import { Remaining } from "../../../components/Remaining";
import { useSpeech } from "../../../i18n/context";
import classes from "./webhooks.module.css";

/** What waits for a second person about this receiver. */
export function Waiting({ webhook }: { readonly webhook: string }) {
  const { t } = useSpeech();
  const can = useCan();
  const { data } = useQuery({ ...proposalsQuery("open", undefined), enabled: can("proposal.list") });
  const about = data?.items.filter(
    ({ change }) => change !== null && "webhook" in change && change.webhook === webhook,
  );
  if (about === undefined || about.length === 0) return null;
  return (
    <Alert
      className={classes.section ?? ""}
      color="warning"
      variant="light"
      icon={<IconUsersGroup size={18} aria-hidden />}
      title={t("webhook.proposed")}
    >
      <ul className={classes.waiting}>
        {about.map((proposal) => (
          <li key={proposal.id}>
            <Link to="/access/proposals/$proposalId" params={{ proposalId: proposal.id }} preload={false}>
              {changeWords(proposal, t)}
            </Link>
            <span>
              {t(proposal.execute_after === null ? "proposal.expires" : "proposal.executes")}{" "}
              <Remaining until={proposal.execute_after ?? proposal.expires_at} />
            </span>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
