import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ApiError, type Member } from "@sealtape/api-client";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { resetFactors } from "../../api/people";
import { meQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { FormError } from "../../components/FormError";
import { Reason } from "../../components/Reason";
import { TypedConfirm } from "../../components/TypedConfirm";
import { useSpeech } from "../../i18n/context";
import classes from "./people.module.css";

/** Takes the second factors of a member away who lost them. Whether somebody has any is told to nobody before. */
export function MemberFactors({ member }: { readonly member: Member }) {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const [asking, ask] = useDisclosure(false);
  const reset = useMutation({ mutationFn: () => resetFactors(member.id), onSettled: ask.close });
  if (!can("member.manage")) return <Reason>{t("member.manage.denied")}</Reason>;
  if (member.id === me.id) return <Reason>{t("member.factors.own")}</Reason>;
  const name = member.name ?? t("member.erased");
  const none = reset.error instanceof ApiError && reset.error.code === "no-factor";
  return (
    <div className={`st-panel ${classes.access ?? ""}`}>
      <Text c="dimmed">{t("member.factors.text")}</Text>
      <Button color="danger" variant="light" onClick={ask.open}>
        {t("member.factors.do")}
      </Button>
      <Text role="status">
        {reset.isSuccess && t("member.factors.done", { name })}
        {none && t("member.factors.none", { name })}
      </Text>
      {!none && <FormError error={reset.error} />}
      {asking && (
        <TypedConfirm
          title={t("member.factors.title", { name })}
          word={member.email ?? member.id}
          submit={t("member.factors.do")}
          pending={reset.isPending}
          error={null}
          onConfirm={() => reset.mutate()}
          onClose={ask.close}
        >
          <Text>{t("member.factors.consequence", { name })}</Text>
        </TypedConfirm>
      )}
    </div>
  );
}
