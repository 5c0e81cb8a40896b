import { Button, Select } from "@mantine/core";
import type { Member, RoleBinding } from "@sealtape/api-client";
import { RelativeTime, RowsSkeleton } from "@sealtape/ui";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { bindingsQuery, giveRole, takeRole } from "../../api/people";
import { meQuery } from "../../api/queries";
import { roleWord } from "../../app/roles";
import { useCan } from "../../components/access";
import { FormError } from "../../components/FormError";
import { Reason } from "../../components/Reason";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import type { PlainKey } from "../../i18n/translate";
import classes from "./people.module.css";
import { decidesAbout, givable } from "./roles";

/** Why the reader may not change this member's roles; nothing when they may. */
function useRefusal(member: Member): PlainKey | undefined {
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  if (!can("member.manage")) return "member.manage.denied";
  return member.id === me.id ? "member.own-roles" : undefined;
}

interface RoleLineProps {
  readonly binding: RoleBinding;
  readonly changeable: boolean;
  readonly pending: boolean;
  readonly onTake: () => void;
}

function RoleLine({ binding, changeable, pending, onTake }: RoleLineProps) {
  const { t } = useSpeech();
  const word = roleWord(binding.role, t);
  return (
    <li className={classes.role}>
      <span className={classes.roleName}>
        <strong>{word}</strong>
        <span className={classes.dimmed}>
          {t("role.since")} <RelativeTime at={binding.created_at} />
        </span>
      </span>
      {changeable && (
        <Button variant="subtle" color="danger" size="compact-sm" loading={pending} onClick={onTake}>
          {t("role.take")}
          <span className="st-visually-hidden"> {word}</span>
        </Button>
      )}
    </li>
  );
}

/** The roles of a member, given and taken one by one. */
export function MemberRoles({ member }: { readonly member: Member }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useSuspenseQuery(meQuery());
  const refusal = useRefusal(member);
  const bindings = useQuery(bindingsQuery(member.id));
  const [role, setRole] = useState<string | null>(null);
  const renew = () => cache.invalidateQueries({ queryKey: ["members"] });
  const give = useMutation({
    mutationFn: (wanted: string) => giveRole(member.id, wanted),
    onSuccess: async (answer) => {
      setRole(null);
      // Owners and privacy officers are not one person's decision: the answer is a proposal.
      if ("hash" in answer) {
        await navigate({ to: "/access/proposals/$proposalId", params: { proposalId: answer.id } });
        return;
      }
      await renew();
    },
  });
  const take = useMutation({ mutationFn: takeRole, onSuccess: renew });
  if (bindings.isPending) return <RowsSkeleton rows={2} />;
  if (bindings.isError) return <Problem error={bindings.error} onRetry={() => void bindings.refetch()} />;
  const held = bindings.data.items;
  const free = givable(me.roles).filter((each) => !held.some((binding) => binding.role === each));
  return (
    <div className="st-panel">
      <ul className={classes.roles} aria-label={t("member.roles")}>
        {held.length === 0 && <li className={classes.role}>{t("member.no-roles")}</li>}
        {held.map((binding) => (
          <RoleLine
            key={binding.id}
            binding={binding}
            changeable={refusal === undefined && decidesAbout(me.roles, binding.role)}
            pending={take.isPending && take.variables === binding.id}
            onTake={() => take.mutate(binding.id)}
          />
        ))}
      </ul>
      <div className={classes.give}>
        {refusal === undefined ? (
          <form
            className={classes.giveForm}
            onSubmit={(event) => {
              event.preventDefault();
              if (role !== null) give.mutate(role);
            }}
          >
            <Select
              label={t("role.give")}
              placeholder={t("role.choose")}
              data={free.map((each) => ({ value: each, label: roleWord(each, t) }))}
              value={role}
              onChange={setRole}
            />
            {role !== null && (
              <Button type="submit" loading={give.isPending}>
                {t("role.give.do")}
              </Button>
            )}
          </form>
        ) : (
          <Reason>{t(refusal)}</Reason>
        )}
        <FormError error={give.error ?? take.error} />
      </div>
    </div>
  );
}
