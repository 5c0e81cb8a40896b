import { Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type Challenge, MfaRequired, type Tenant } from "@sealtape/api-client";
import { IconBuilding } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { myTenantsQuery } from "../api/account";
import { api } from "../api/api";
import { Dialog } from "../components/Dialog";
import { problemLine } from "../components/Problem";
import { FactorForm } from "../components/proof/FactorForm";
import { knownMethods } from "../components/proof/words";
import { useSpeech } from "../i18n/context";

/** Begins anew in the other tenant: nothing that this page holds may be seen there. */
function begin(): void {
  globalThis.location.assign("/");
}

/** A tenant that asks for a second factor before it lets in. */
export interface Door {
  readonly tenant: Tenant;
  readonly challenge: Challenge;
}

/** The other tenants that the reader can go over to, in the menu of their name; nothing where there is none. */
export function OtherTenants({ onDoor }: { readonly onDoor: (door: Door) => void }) {
  const { t } = useSpeech();
  const tenants = useQuery(myTenantsQuery());
  const change = useMutation({
    mutationFn: (tenant: Tenant) => api.switchTenant(tenant.slug),
    onSuccess: begin,
    onError: (error, tenant) => {
      if (error instanceof MfaRequired) onDoor({ tenant, challenge: error.challenge });
      else notifications.show({ color: "danger", message: problemLine(error, t) });
    },
  });
  const others = tenants.data?.items ?? [];
  if (others.length === 0) return null;
  return (
    <>
      <Menu.Label>{t("switch.label")}</Menu.Label>
      {others.map((tenant) => (
        <Menu.Item
          key={tenant.id}
          leftSection={<IconBuilding size={16} aria-hidden />}
          onClick={() => change.mutate(tenant)}
        >
          {tenant.name}
        </Menu.Item>
      ))}
      <Menu.Divider />
    </>
  );
}

/** Asks for the second factor that the other tenant wants. */
export function DoorDialog({ door, onClose }: { readonly door: Door; readonly onClose: () => void }) {
  const { t } = useSpeech();
  const { tenant, challenge } = door;
  return (
    <Dialog opened onClose={onClose} title={t("switch.title", { tenant: tenant.name })} closeOnClickOutside={false}>
      <FactorForm
        methods={knownMethods(challenge.methods)}
        question={challenge.webauthn}
        submit={t("switch.do")}
        onProof={async (proof) => {
          await api.switchTenant(tenant.slug, { challenge: challenge.challenge, ...proof });
          begin();
        }}
      />
    </Dialog>
  );
}
