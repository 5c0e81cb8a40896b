import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Member } from "@sealtape/api-client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { disableMember, enableMember } from "../../api/people";
import { meQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { FormError } from "../../components/FormError";
import { Reason } from "../../components/Reason";
import { TypedConfirm } from "../../components/TypedConfirm";
import { useSpeech } from "../../i18n/context";
import classes from "./people.module.css";

/** Ends a member's access, or gives it back. */
export function MemberAccess({ member }: { readonly member: Member }) {
  const { t } = useSpeech();
  const can = useCan();
  const cache = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery());
  const [asking, ask] = useDisclosure(false);
  const change = useMutation({
    mutationFn: () => (member.active ? disableMember(member.id) : enableMember(member.id)),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["members"] });
      ask.close();
    },
  });
  if (!can("member.manage")) return <Reason>{t("member.manage.denied")}</Reason>;
  if (member.id === me.id) return <Reason>{t("member.own-access")}</Reason>;
  const name = member.name ?? t("member.erased");
  return (
    <div className={`st-panel ${classes.access ?? ""}`}>
      <Text c="dimmed">{member.active ? t("member.disable.text") : t("member.enable.text")}</Text>
      {member.active ? (
        <Button color="danger" variant="light" onClick={ask.open}>
          {t("member.disable")}
        </Button>
      ) : (
        <>
          <FormError error={change.error} />
          <Button variant="default" loading={change.isPending} onClick={() => change.mutate()}>
            {t("member.enable")}
          </Button>
        </>
      )}
      {asking && (
        <TypedConfirm
          title={t("member.disable.title", { name })}
          word={member.email ?? member.id}
          submit={t("member.disable")}
          pending={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate()}
          onClose={ask.close}
        >
          <Text>{t("member.disable.consequence", { name })}</Text>
        </TypedConfirm>
      )}
    </div>
  );
}
