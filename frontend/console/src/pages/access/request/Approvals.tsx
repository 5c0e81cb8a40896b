import { Title } from "@mantine/core";
import type { Grant } from "@sealtape/api-client";
import { RelativeTime, StateBadge } from "@sealtape/ui";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { needWords, personName } from "../../../components/grant-words";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";

function Votes({ grant }: { readonly grant: Grant }) {
  const { t } = useSpeech();
  if (grant.votes.length === 0) return <p className={classes.dimmed}>{t("votes.none")}</p>;
  return (
    <ul className={classes.list}>
      {grant.votes.map((vote) => (
        <li key={vote.by.id}>
          <div className={classes.listHead}>
            <span className={classes.name}>{personName(vote.by, t)}</span>
            {vote.vote === "approve" ? (
              <StateBadge tone="success" icon={IconCircleCheck}>
                {t("vote.approve")}
              </StateBadge>
            ) : (
              <StateBadge tone="danger" icon={IconCircleX}>
                {t("vote.deny")}
              </StateBadge>
            )}
          </div>
          <div className={classes.dimmed}>
            <RelativeTime at={vote.at} />
          </div>
          {vote.comment !== null && <p className={classes.comment}>{vote.comment}</p>}
        </li>
      ))}
    </ul>
  );
}

/** What a request takes, all of it, and how far it got. */
export function Approvals({ grant }: { readonly grant: Grant }) {
  const { t, tn, language } = useSpeech();
  const pending = grant.state === "pending";
  const approvals = grant.votes.filter(({ vote }) => vote === "approve").length;
  return (
    <>
      <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="needs">
        <Title order={2} id="needs">
          {pending ? t("needs.title") : t("needs.title.over")}
        </Title>
        {grant.needs.length === 0 ? (
          <p className={classes.dimmed}>{pending ? t("needs.hidden") : t("needs.none")}</p>
        ) : (
          <ul className={classes.list}>
            {grant.needs.map((need) => (
              <li key={`${String(need.approvals)} ${need.reviewers.join(" ")}`}>
                <div className={classes.name}>{needWords(need, t, tn, language)}</div>
                {pending && (
                  <div className={classes.dimmed}>
                    {need.reviewers.length === 0
                      ? t("needs.so-far", { given: approvals, needed: need.approvals })
                      : t("needs.so-far.roles", { given: approvals })}
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="votes">
        <Title order={2} id="votes">
          {t("votes.title")}
        </Title>
        <Votes grant={grant} />
      </section>
    </>
  );
}
