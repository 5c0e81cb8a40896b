import { Button, Textarea, Title } from "@mantine/core";
import { ApiError, type Grant } from "@sealtape/api-client";
import { IconCircleCheck, IconCircleX, IconKey } from "@tabler/icons-react";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { approveRequest, cancelRequest, denyRequest, isInForce, isOpen, renewAccess } from "../../../api/access";
import { meQuery } from "../../../api/queries";
import { useCan } from "../../../components/access";
import { AskForAccess } from "../../../components/ask/AskForAccess";
import { FormError } from "../../../components/FormError";
import { roleList } from "../../../components/grant-words";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { RevokeButton } from "../RevokeButton";

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="decision">
      <Title order={2} id="decision">
        {title}
      </Title>
      <div className={classes.form}>{children}</div>
    </section>
  );
}

/** What one can do with a request of one's own. */
function Own({ grant }: { readonly grant: Grant }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const cancel = useMutation({ mutationFn: () => cancelRequest(grant.id), onSettled: () => renewAccess(cache) });
  return (
    <Panel title={t("own.title")}>
      <p className={classes.dimmed}>
        {grant.kind === "break-glass" ? t("own.glass") : isInForce(grant) ? t("own.in-force") : t("own.pending")}
      </p>
      <FormError error={cancel.error} />
      <div className={classes.buttons}>
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {isInForce(grant) ? t("own.give-up") : t("own.take-back")}
        </Button>
      </div>
    </Panel>
  );
}

/** After the end the same can be asked again. */
function Again({ grant }: { readonly grant: Grant }) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <Panel title={t("own.over")}>
      <p className={classes.dimmed}>{t("own.over.text")}</p>
      <div className={classes.buttons}>
        <Button variant="default" leftSection={<IconKey size={16} aria-hidden />} onClick={() => setAsking(true)}>
          {t("ask.again")}
        </Button>
      </div>
      {asking && (
        <AskForAccess
          subject={{ sessions: grant.named.map(({ id }) => id) }}
          onClose={() => setAsking(false)}
          onAsked={({ id }) => void navigate({ to: "/access/requests/$requestId", params: { requestId: id } })}
        />
      )}
    </Panel>
  );
}

/** Whether a need names roles, and none of them is the reader's: their approval alone would not meet it. */
function useUnmetByMe(grant: Grant): readonly string[] {
  const { data: me } = useSuspenseQuery(meQuery());
  const held = new Set<string>(me.roles);
  return grant.needs.flatMap(({ reviewers }) =>
    reviewers.length > 0 && !reviewers.some((role) => held.has(role)) ? reviewers : [],
  );
}

function Vote({ grant, approved }: { readonly grant: Grant; readonly approved: boolean }) {
  const { t, language } = useSpeech();
  const cache = useQueryClient();
  const [comment, setComment] = useState("");
  const [unsaid, setUnsaid] = useState(false);
  const unmet = useUnmetByMe(grant);
  const vote = useMutation({
    mutationFn: (yes: boolean) => {
      const said = comment.trim() === "" ? null : comment.trim();
      return yes ? approveRequest(grant.id, grant.seen ?? "", said) : denyRequest(grant.id, said);
    },
    // Also after a refusal: it may say that the request is not what was shown.
    onSettled: () => renewAccess(cache),
  });
  const deny = (): void => {
    if (comment.trim() === "") setUnsaid(true);
    else vote.mutate(false);
  };
  const changed = vote.error instanceof ApiError && vote.error.code === "request-changed";
  return (
    <Panel title={t("decide.title")}>
      <p className={classes.dimmed}>{approved ? t("decide.approved") : t("decide.text")}</p>
      {!approved && unmet.length > 0 && (
        <p className={classes.dimmed}>
          {t("decide.not-enough", { roles: roleList([...new Set(unmet)], t, language) })}
        </p>
      )}
      <Textarea
        label={t("decide.comment")}
        description={t("decide.comment.hint")}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1000}
        value={comment}
        error={unsaid && comment.trim() === "" ? t("decide.comment.missing") : undefined}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {changed ? <p role="alert">{t("decide.changed")}</p> : <FormError error={vote.error} />}
      <div className={classes.buttons}>
        {!approved && (
          <Button
            leftSection={<IconCircleCheck size={16} aria-hidden />}
            loading={vote.isPending && vote.variables}
            onClick={() => vote.mutate(true)}
          >
            {t("decide.approve")}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconCircleX size={16} aria-hidden />}
          loading={vote.isPending && !vote.variables}
          onClick={deny}
        >
          {t("decide.deny")}
        </Button>
      </div>
    </Panel>
  );
}

/** What the reader can do here now; or why they can do nothing, and who can. */
export function Decision({ grant }: { readonly grant: Grant }) {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  if (grant.requester.id === me.id) return isOpen(grant) ? <Own grant={grant} /> : <Again grant={grant} />;
  if (isInForce(grant)) {
    return (
      <Panel title={t("revoke.panel")}>
        <p className={classes.dimmed}>{can("grant.revoke") ? t("revoke.panel.text") : t("revoke.denied")}</p>
        <div className={classes.buttons}>{can("grant.revoke") && <RevokeButton grant={grant} />}</div>
      </Panel>
    );
  }
  if (grant.state !== "pending") return null;
  if (!can("grant.review")) {
    return (
      <Panel title={t("decide.title")}>
        <p className={classes.dimmed}>{t("decide.denied")}</p>
      </Panel>
    );
  }
  const approved = grant.votes.some(({ by, vote }) => by.id === me.id && vote === "approve");
  return <Vote key={grant.seen} grant={grant} approved={approved} />;
}
