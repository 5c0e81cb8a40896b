import { Button, SegmentedControl, Textarea, Title } from "@mantine/core";
import type { Grant, GrantSummary, ReviewOutcome } from "@sealtape/api-client";
import { RelativeTime, StateBadge } from "@sealtape/ui";
import { IconCircleCheck, IconCircleX, IconClockExclamation, IconHourglass } from "@tabler/icons-react";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isInForce, renewAccess, reviewBroken } from "../../../api/access";
import { meQuery } from "../../../api/queries";
import { useCan } from "../../../components/access";
import { FormError } from "../../../components/FormError";
import { personName } from "../../../components/grant-words";
import { Remaining } from "../../../components/Remaining";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";

type ReviewFacts = NonNullable<GrantSummary["review"]>;

/** Whether a use was reviewed, and what came of it; or by when it must be. */
export function ReviewState({ review }: { readonly review: ReviewFacts }) {
  const { t } = useSpeech();
  if (review.outcome === "justified") {
    return (
      <StateBadge tone="success" icon={IconCircleCheck}>
        {t("review.justified")}
      </StateBadge>
    );
  }
  if (review.outcome === "unjustified") {
    return (
      <StateBadge tone="danger" icon={IconCircleX}>
        {t("review.unjustified")}
      </StateBadge>
    );
  }
  const late = Date.parse(review.due_at) <= Date.now();
  return (
    <span className={classes.line}>
      <StateBadge tone={late ? "danger" : "warning"} icon={late ? IconClockExclamation : IconHourglass}>
        {late ? t("review.late") : t("review.due")}
      </StateBadge>
      {!late && <Remaining until={review.due_at} />}
    </span>
  );
}

function Done({ review }: { readonly review: ReviewFacts }) {
  const { t } = useSpeech();
  const { reviewed_by: by, reviewed_at: at, comment } = review;
  return (
    <>
      <p className={classes.dimmed}>
        {by !== null && personName(by, t)} {at !== null && <RelativeTime at={at} />}
      </p>
      {comment !== null && <p className={classes.reason}>{comment}</p>}
    </>
  );
}

function ReviewForm({ grant }: { readonly grant: Grant }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [outcome, setOutcome] = useState<ReviewOutcome>("justified");
  const [comment, setComment] = useState("");
  const [unsaid, setUnsaid] = useState(false);
  const review = useMutation({
    mutationFn: () => reviewBroken(grant.id, outcome, comment.trim()),
    onSettled: () => renewAccess(cache),
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (comment.trim() === "") setUnsaid(true);
        else review.mutate();
      }}
    >
      <p className={classes.dimmed}>{t("review.text")}</p>
      <SegmentedControl
        aria-label={t("review.outcome")}
        value={outcome}
        data={[
          { value: "justified", label: t("review.justified") },
          { value: "unjustified", label: t("review.unjustified") },
        ]}
        onChange={(value) => setOutcome(value === "unjustified" ? "unjustified" : "justified")}
      />
      <Textarea
        label={t("review.comment")}
        description={t("review.comment.hint")}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1000}
        value={comment}
        error={unsaid && comment.trim() === "" ? t("review.comment.missing") : undefined}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <FormError error={review.error} />
      <div className={classes.buttons}>
        <Button type="submit" loading={review.isPending}>
          {t("review.do")}
        </Button>
      </div>
    </form>
  );
}

/** The review of a broken glass: what came of it, or the way to do it, or why the reader cannot. */
export function Review({ grant }: { readonly grant: Grant }) {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const { review } = grant;
  if (review === null) return null;
  const why = isInForce(grant)
    ? t("review.still-open")
    : grant.requester.id === me.id
      ? t("review.own")
      : can("break-glass.review")
        ? undefined
        : t("review.denied");
  return (
    <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="review">
      <Title order={2} id="review">
        {t("glass.review")}
      </Title>
      <ReviewState review={review} />
      {review.outcome !== null ? (
        <Done review={review} />
      ) : why === undefined ? (
        <ReviewForm grant={grant} />
      ) : (
        <p className={classes.dimmed}>{why}</p>
      )}
    </section>
  );
}
