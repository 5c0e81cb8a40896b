import { Alert, Button, Skeleton, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ApiError, type CustomRole } from "@sealtape/api-client";
import { CopyId, PageHeader, RelativeTime } from "@sealtape/ui";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { renewAccess } from "../../../api/access";
import { deleteRole, reasonsQuery, roleMatrixQuery, roleQuery, updateRole } from "../../../api/roles";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { BackLink } from "../../../components/BackLink";
import { useConditionWords } from "../../../components/condition/words";
import { Facts } from "../../../components/Facts";
import { Problem } from "../../../components/Problem";
import { Reason } from "../../../components/Reason";
import { Section } from "../../../components/Section";
import { TypedConfirm } from "../../../components/TypedConfirm";
import { useSpeech } from "../../../i18n/context";
import type { PlainKey } from "../../../i18n/translate";
import { readRole, type RoleForm, writeRole } from "./role-form";
import { RoleFields } from "./RoleFields";
import classes from "./roles.module.css";

const route = getRouteApi("/app/access/roles/$roleId");

/** Why the reader may not change this role; nothing when they may. */
function useRefusal(role: CustomRole): PlainKey | undefined {
  const can = useCan();
  const own = useQuery(reasonsQuery(undefined));
  if (!can("role.manage")) return "own-role.denied";
  const reasons = own.data?.permissions.flatMap(({ given_by: given, taken_by: taken }) => [...given, ...taken]);
  return reasons?.some((reason) => reason.role === role.id) === true ? "own-role.mine" : undefined;
}

/** What the role is, for who may not change it. */
function What({ role, why }: { readonly role: CustomRole; readonly why: PlainKey }) {
  const { t, language } = useSpeech();
  const list = new Intl.ListFormat(language);
  const words = (actions: readonly string[]) =>
    actions.length === 0 ? t("own-role.none") : <span className="st-mono">{list.format(actions)}</span>;
  return (
    <div className={`st-panel ${classes.head ?? ""}`}>
      <Reason>{t(why)}</Reason>
      <Facts
        facts={[
          [t("own-role.allowed"), words(role.actions)],
          [t("own-role.deny"), words(role.denies)],
          [t("own-role.unmasked"), role.unmasked ? t("yes") : t("no")],
        ]}
      />
    </div>
  );
}

function Change({ role }: { readonly role: CustomRole }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const save = useMutation({
    mutationFn: (form: RoleForm) => updateRole(role.id, { revision: role.revision, ...writeRole(form) }),
    onSuccess: async () => {
      await renewAccess(cache);
      notifications.show({ color: "success", message: t("own-role.saved") });
    },
  });
  const changed = save.error instanceof ApiError && save.error.code === "role-changed";
  return (
    <RoleFields
      start={readRole(role)}
      submit={t("own-role.save")}
      pending={save.isPending}
      error={save.error}
      refusal={
        changed ? (
          <p role="alert">
            {t("own-role.other")}{" "}
            <Button size="compact-sm" variant="default" onClick={() => void renewAccess(cache)}>
              {t("own-role.reload")}
            </Button>
          </p>
        ) : undefined
      }
      onSubmit={(form) => save.mutate(form)}
    />
  );
}

/** Who has it, for which sessions, and the way to remove it once nobody has. */
function Holders({ role, changeable }: { readonly role: CustomRole; readonly changeable: boolean }) {
  const { t, tn } = useSpeech();
  const words = useConditionWords();
  const matrix = useQuery(roleMatrixQuery());
  const [removing, setRemoving] = useState(false);
  const held = matrix.data?.roles.find((each) => each.role === role.id)?.held;
  if (held === undefined) return <Skeleton height={64} role="status" aria-busy />;
  const members = held.reduce((sum, each) => sum + each.members, 0);
  return (
    <Section id="held" title={t("own-role.held")}>
      <div className={`st-panel ${classes.head ?? ""}`}>
        {held.length === 0 && (
          <p className={classes.line}>
            {t("roles.held.nobody")} · <Link to="/access/members">{t("own-role.give")}</Link>
          </p>
        )}
        {held.map((each) => (
          <p key={JSON.stringify(each.condition)} className={classes.line}>
            {tn("roles.members", each.members)} · {words(each.condition)}
          </p>
        ))}
        {changeable && members > 0 && <Reason>{tn("own-role.remove.held", members)}</Reason>}
        {changeable && members === 0 && (
          <div>
            <Button
              color="danger"
              variant="light"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setRemoving(true)}
            >
              {t("own-role.remove")}
            </Button>
          </div>
        )}
      </div>
      {removing && <Remove role={role} onClose={() => setRemoving(false)} />}
    </Section>
  );
}

function Remove({ role, onClose }: { readonly role: CustomRole; readonly onClose: () => void }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteRole(role.id),
    onSuccess: async () => {
      await navigate({ to: "/access/roles" });
      await renewAccess(cache);
    },
  });
  return (
    <TypedConfirm
      title={t("own-role.remove.title", { name: role.name })}
      word={role.name}
      submit={t("own-role.remove")}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <Text>{t("own-role.remove.text")}</Text>
    </TypedConfirm>
  );
}

function Body({ role }: { readonly role: CustomRole }) {
  const { t } = useSpeech();
  const refusal = useRefusal(role);
  return (
    <>
      <PageHeader
        title={role.name}
        back={<BackLink to="/access/roles">{t("menu.roles")}</BackLink>}
        description={
          <span className={classes.line}>
            {t("own-role.changed")} <RelativeTime at={role.changed_at} /> ·{" "}
            <CopyId value={role.id} label={t("own-role.id")} short />
          </span>
        }
      />
      {!role.sound && <Alert role="alert" color="danger" variant="light" title={t("own-role.unsound")} mb="md" />}
      <Holders role={role} changeable={refusal === undefined} />
      {/* Another revision is another form: what was typed was about the one before. */}
      {refusal === undefined ? <Change key={role.revision} role={role} /> : <What role={role} why={refusal} />}
    </>
  );
}

function Loaded() {
  const { roleId } = route.useParams();
  const role = useQuery(roleQuery(roleId));
  if (role.isError) return <Problem order={1} error={role.error} onRetry={() => void role.refetch()} />;
  if (role.isPending) return <Skeleton height={320} role="status" aria-busy />;
  return <Body role={role.data} />;
}

/** One of the tenant's own roles. */
export function RolePage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.roles")}>
      <Needs action="role.list">
        <Loaded />
      </Needs>
    </Page>
  );
}
