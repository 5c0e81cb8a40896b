import { Button } from "@mantine/core";
import type { Member, RoleBinding } from "@sealtape/api-client";
import { RelativeTime, RowsSkeleton } from "@sealtape/ui";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { renewAccess } from "../../api/access";
import { bindingsQuery, takeRole } from "../../api/people";
import { meQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { useConditionWords } from "../../components/condition/words";
import { FormError } from "../../components/FormError";
import { Problem } from "../../components/Problem";
import { Reason } from "../../components/Reason";
import { useSpeech } from "../../i18n/context";
import type { PlainKey } from "../../i18n/translate";
import { GiveRole } from "./GiveRole";
import { useRoleName } from "./own-roles";
import classes from "./people.module.css";
import { decidesAbout } from "./roles";

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
  const name = useRoleName()(binding.role);
  const condition = useConditionWords()(binding.condition);
  return (
    <li className={classes.role}>
      <span className={classes.roleName}>
        <strong>{name}</strong>
        <span className={classes.dimmed}>{condition}</span>
        <span className={classes.dimmed}>
          {t("role.since")} <RelativeTime at={binding.created_at} />
        </span>
        {!binding.sound && <strong className={classes.unsound}>{t("role.unsound")}</strong>}
      </span>
      {changeable && (
        <Button variant="subtle" color="danger" size="compact-sm" loading={pending} onClick={onTake}>
          {t("role.take")}
          <span className="st-visually-hidden">
            {" "}
            {name}
            {binding.condition !== null && ` ${condition}`}
          </span>
        </Button>
      )}
    </li>
  );
}

/** The roles of a member, given and taken one by one. */
export function MemberRoles({ member }: { readonly member: Member }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery());
  const refusal = useRefusal(member);
  const bindings = useQuery(bindingsQuery(member.id));
  const take = useMutation({
    mutationFn: takeRole,
    onSuccess: () => Promise.all([cache.invalidateQueries({ queryKey: ["members"] }), renewAccess(cache)]),
  });
  if (bindings.isPending) return <RowsSkeleton rows={2} />;
  if (bindings.isError) return <Problem error={bindings.error} onRetry={() => void bindings.refetch()} />;
  const held = bindings.data.items;
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
        <FormError error={take.error} />
        {refusal === undefined ? <GiveRole member={member.id} held={held} /> : <Reason>{t(refusal)}</Reason>}
      </div>
    </div>
  );
}
