import { Alert } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "../../../api/queries";
import { useSpeech } from "../../../i18n/context";

/** Says before it is sent that somebody else has to agree; or, where there is nobody, that it waits a day. */
export function SecondPerson() {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const how = me.tenant.solo_mode ? "solo" : "two";
  return (
    <Alert color="warning" variant="light" icon={<IconUsersGroup size={18} aria-hidden />} title={t(`webhook.${how}`)}>
      {t(`webhook.${how}.text`)}
    </Alert>
  );
}
