import { Button, Select } from "@mantine/core";
import type { RoleBinding } from "@sealtape/api-client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { renewAccess } from "../../api/access";
import { giveRole } from "../../api/people";
import { meQuery } from "../../api/queries";
import { roleWord } from "../../app/roles";
import { type ConditionForm, conditionProblem, readCondition } from "../../components/condition/condition";
import { ConditionFields } from "../../components/condition/ConditionFields";
import { FormError } from "../../components/FormError";
import { useSpeech } from "../../i18n/context";
import { useOwnRoles } from "./own-roles";
import classes from "./people.module.css";
import { givable } from "./roles";

interface GiveRoleProps {
  readonly member: string;
  /** What the member has. */
  readonly held: readonly RoleBinding[];
}

/** Gives a member one more role: a built-in one or one of the tenant's own, for all sessions or for some. */
export function GiveRole({ member, held }: GiveRoleProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useSuspenseQuery(meQuery());
  const own = useOwnRoles();
  const [role, setRole] = useState<string | null>(null);
  const [condition, setCondition] = useState<ConditionForm>();
  const [tried, setTried] = useState(false);
  const give = useMutation({
    mutationFn: (wanted: string) =>
      giveRole(member, wanted, condition === undefined ? undefined : readCondition(condition)),
    onSuccess: async (answer) => {
      setRole(null);
      setCondition(undefined);
      setTried(false);
      // Owners and privacy officers are not one person's decision: the answer is a proposal.
      if ("hash" in answer) {
        await navigate({ to: "/access/proposals/$proposalId", params: { proposalId: answer.id } });
        return;
      }
      await Promise.all([cache.invalidateQueries({ queryKey: ["members"] }), renewAccess(cache)]);
    },
  });
  // Held for all sessions, a role cannot be given for more.
  const whole = new Set(held.filter((each) => each.condition === null).map((each) => each.role));
  const choices = [
    {
      group: t("role.group.built-in"),
      items: givable(me.roles)
        .filter((each) => !whole.has(each))
        .map((each) => ({ value: each, label: roleWord(each, t) })),
    },
    {
      group: t("role.group.own"),
      items: own.filter(({ id }) => !whole.has(id)).map(({ id, name }) => ({ value: id, label: name })),
    },
  ].filter(({ items }) => items.length > 0);
  const problem = condition === undefined ? undefined : conditionProblem(condition);
  return (
    <form
      noValidate
      className={classes.giveForm}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (role !== null && problem === undefined) give.mutate(role);
      }}
    >
      <Select
        label={t("role.give")}
        placeholder={t("role.choose")}
        searchable
        nothingFoundMessage={t("palette.nothing")}
        data={choices}
        value={role}
        onChange={setRole}
      />
      {role !== null && (
        <>
          <ConditionFields
            value={condition}
            error={tried && problem !== undefined ? t(problem) : undefined}
            onChange={setCondition}
          />
          <FormError error={give.error} />
          <div>
            <Button type="submit" loading={give.isPending}>
              {t("role.give.do")}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
