import type { CustomRole } from "@sealtape/api-client";
import { useQuery } from "@tanstack/react-query";
import { rolesQuery } from "../../api/roles";
import { roleWord } from "../../app/roles";
import { useCan } from "../../components/access";
import { useSpeech } from "../../i18n/context";

/** The tenant's own roles, as far as the reader may know them. */
export function useOwnRoles(): readonly CustomRole[] {
  const can = useCan();
  return useQuery({ ...rolesQuery(), enabled: can("role.list") }).data ?? [];
}

/** What a role is called that a binding names: a built-in one by its name, one of the tenant's own by its id. */
export function useRoleName(): (role: string) => string {
  const { t } = useSpeech();
  const own = useOwnRoles();
  return (role) => own.find(({ id }) => id === role)?.name ?? roleWord(role, t);
}
