import { Button, Switch, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ApiError, type AccessRule, type AccessRules } from "@sealtape/api-client";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { renewAccess, replaceRules } from "../../../api/access";
import { FormError } from "../../../components/FormError";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { Approvers, RuleFields } from "./RuleFields";

/** A rule being edited; the key outlives its place in the list. */
interface Draft {
  readonly key: number;
  readonly rule: AccessRule;
}

interface Document {
  readonly strict: boolean;
  readonly approvals: number;
  readonly reviewers: readonly string[];
  readonly drafts: readonly Draft[];
}

const EMPTY: AccessRule = {
  approvals: 2,
  labels: [],
  project: null,
  reviewers: [],
  sensitivity: null,
  verbs: [],
};

function read(rules: AccessRules): Document {
  return {
    strict: rules.strict,
    approvals: rules.approvals,
    reviewers: rules.reviewers,
    drafts: rules.rules.map((rule, key) => ({ key, rule })),
  };
}

/** The rules to change. What one person may not decide alone becomes a proposal, which the page says before. */
export function RulesForm({ rules }: { readonly rules: AccessRules }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [document, setDocument] = useState(() => read(rules));
  const change = (part: Partial<Document>): void => setDocument((old) => ({ ...old, ...part }));
  const save = useMutation({
    mutationFn: () =>
      replaceRules({
        revision: rules.revision,
        strict: document.strict,
        approvals: document.approvals,
        reviewers: [...document.reviewers],
        rules: document.drafts.map(({ rule }) => rule),
      }),
    onSuccess: async (answer) => {
      await renewAccess(cache);
      // Looser rules are not one person's decision: the answer is a proposal.
      if ("hash" in answer) {
        await navigate({ to: "/access/proposals/$proposalId", params: { proposalId: answer.id } });
      } else notifications.show({ color: "success", message: t("rules.saved") });
    },
  });
  const changed = JSON.stringify(document) !== JSON.stringify(read(rules));
  const code = save.error instanceof ApiError ? save.error.code : undefined;
  const add = (): void =>
    change({
      drafts: [...document.drafts, { key: Math.max(-1, ...document.drafts.map(({ key }) => key)) + 1, rule: EMPTY }],
    });
  return (
    <form
      className={classes.rules}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <section className={`st-panel ${classes.rule ?? ""}`} aria-labelledby="base">
        <Title order={2} id="base">
          {t("rule.base")}
        </Title>
        <p className={classes.dimmed}>{t("rule.base.text")}</p>
        <Approvers approvals={document.approvals} reviewers={document.reviewers} onChange={(part) => change(part)} />
      </section>
      {document.drafts.map(({ key, rule }, index) => (
        <RuleFields
          key={key}
          number={index + 1}
          rule={rule}
          onChange={(next) =>
            change({ drafts: document.drafts.map((draft) => (draft.key === key ? { key, rule: next } : draft)) })
          }
          onRemove={() => change({ drafts: document.drafts.filter((draft) => draft.key !== key) })}
        />
      ))}
      <div>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          {t("rule.add")}
        </Button>
      </div>
      <section className={`st-panel ${classes.rule ?? ""}`}>
        <Switch
          label={t("rule.strict")}
          description={document.strict ? t("rule.strict.on") : t("rule.strict.off")}
          checked={document.strict}
          onChange={(event) => change({ strict: event.currentTarget.checked })}
        />
      </section>
      {code === "rules-changed" ? (
        <p role="alert">
          {t("rules.other")}{" "}
          <Button size="compact-sm" variant="default" onClick={() => void renewAccess(cache)}>
            {t("rules.reload")}
          </Button>
        </p>
      ) : (
        <FormError error={save.error} />
      )}
      <div className={classes.buttons}>
        {changed ? (
          <>
            <p className={classes.dimmed}>{t("rules.two")}</p>
            <Button type="submit" loading={save.isPending}>
              {t("rules.save")}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setDocument(read(rules));
                save.reset();
              }}
            >
              {t("rules.undo")}
            </Button>
          </>
        ) : (
          <p className={classes.dimmed}>{t("rules.unchanged")}</p>
        )}
      </div>
    </form>
  );
}
