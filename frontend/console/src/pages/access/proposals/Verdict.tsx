import { Button, Title } from "@mantine/core";
import type { Proposal } from "@sealtape/api-client";
import { IconCircleCheck, IconCircleX, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { renewAccess } from "../../../api/access";
import { approveProposal, cancelProposal, rejectProposal } from "../../../api/proposals";
import { meQuery } from "../../../api/queries";
import { useCan } from "../../../components/access";
import { FormError } from "../../../components/FormError";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";

type Act = "approve" | "reject" | "cancel";

const ACTS: Readonly<Record<Act, (proposal: Proposal) => Promise<void>>> = {
  approve: ({ id, hash }) => approveProposal(id, hash),
  reject: ({ id }) => rejectProposal(id),
  cancel: ({ id }) => cancelProposal(id),
};

interface Choices {
  readonly approve: boolean;
  readonly reject: boolean;
  readonly cancel: boolean;
  /** Why something is not there. */
  readonly why: string | undefined;
}

/** What the reader may try. Whether their approval counts depends on what only the server knows; it says so. */
function useChoices({ proposer, change, solo }: Proposal): Choices {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const own = proposer.id === me.id;
  const gains = change?.kind === "role-grant" && change.member === me.id;
  const votes = can("proposal.vote");
  const why = own ? t("verdict.own") : gains ? t("verdict.gains") : votes ? undefined : t("verdict.denied");
  return { approve: votes && !own && !gains && change !== null, reject: votes && !own, cancel: own || solo, why };
}

/** What the reader can do about an open proposal, and why not more. */
export function Verdict({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery());
  const choices = useChoices(proposal);
  const act = useMutation({ mutationFn: (which: Act) => ACTS[which](proposal), onSettled: () => renewAccess(cache) });
  const button = (which: Act) => ({
    loading: act.isPending && act.variables === which,
    onClick: () => act.mutate(which),
  });
  if (proposal.state !== "open") return null;
  return (
    <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="verdict">
      <Title order={2} id="verdict">
        {t("decide.title")}
      </Title>
      <div className={classes.form}>
        {proposal.solo && <p className={classes.dimmed}>{t("verdict.solo")}</p>}
        {choices.approve && <p className={classes.dimmed}>{t("verdict.counts")}</p>}
        {choices.why !== undefined && <p className={classes.dimmed}>{choices.why}</p>}
        <FormError error={act.error} />
        <div className={classes.buttons}>
          {choices.approve && (
            <Button leftSection={<IconCircleCheck size={16} aria-hidden />} {...button("approve")}>
              {t("verdict.approve")}
            </Button>
          )}
          {choices.reject && (
            <Button variant="default" leftSection={<IconCircleX size={16} aria-hidden />} {...button("reject")}>
              {t("verdict.reject")}
            </Button>
          )}
          {choices.cancel && (
            <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} {...button("cancel")}>
              {proposal.proposer.id === me.id ? t("own.take-back") : t("verdict.stop")}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}
