import { notifications } from "@mantine/notifications";
import { PageHeader } from "@sealtape/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { renewAccess } from "../../../api/access";
import { createRole } from "../../../api/roles";
import { Page } from "../../../app/Page";
import { Needs } from "../../../components/access";
import { onceKey } from "../../../components/ask/once-key";
import { BackLink } from "../../../components/BackLink";
import { useSpeech } from "../../../i18n/context";
import { NEW_ROLE, type RoleForm, writeRole } from "./role-form";
import { RoleFields } from "./RoleFields";

function Make() {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [key] = useState(onceKey);
  const make = useMutation({
    mutationFn: (form: RoleForm) => createRole(writeRole(form), key),
    onSuccess: async ({ id }) => {
      await renewAccess(cache);
      await navigate({ to: "/access/roles/$roleId", params: { roleId: id } });
      notifications.show({ color: "success", message: t("own-role.made") });
    },
  });
  return (
    <>
      <PageHeader
        title={t("own-role.make")}
        back={<BackLink to="/access/roles">{t("menu.roles")}</BackLink>}
        description={t("own-roles.text")}
      />
      <RoleFields
        start={NEW_ROLE}
        submit={t("own-role.make.do")}
        pending={make.isPending}
        error={make.error}
        onSubmit={(form) => make.mutate(form)}
      />
    </>
  );
}

/** Makes a role of the tenant's own. */
export function RoleCreatePage() {
  const { t } = useSpeech();
  return (
    <Page title={t("own-role.make")}>
      <Needs action="role.manage">
        <Make />
      </Needs>
    </Page>
  );
}
