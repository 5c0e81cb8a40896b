import type { AuditEvent } from "@sealtape/api-client";
import { useQueries, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { apiKeysQuery, memberQuery, membersQuery } from "../../api/people";
import { meQuery, projectsQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { useSpeech } from "../../i18n/context";

/** Gives the name of an id, where the reader may know it and it has one. */
export type NameOf = (kind: string, id: string) => string | undefined;

/** Most members whose names are asked for one by one, where the tenant has more than a page of them. */
const SINGLE = 20;

/** Members named by events, as actors and as what was acted on. */
function membersOf(events: readonly Pick<AuditEvent, "actor" | "object">[]): readonly string[] {
  const ids = events.flatMap(({ actor, object }) => [
    ...(actor.kind === "user" ? [actor.id] : []),
    ...(object.kind === "member" ? [object.id] : []),
  ]);
  return [...new Set(ids)];
}

/** Names for the ids of some events. Who may not list members, projects or keys sees ids. */
export function useNames(events: readonly Pick<AuditEvent, "actor" | "object">[]): NameOf {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const members = useQuery({ ...membersQuery(), enabled: can("member.list") });
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const keys = useQuery({ ...apiKeysQuery(), enabled: can("api-key.list") });
  const listed = new Map(members.data?.items.map((member) => [member.id, member.name ?? t("member.erased")]));
  const more = members.data?.next_cursor ?? null;
  const missing = more === null ? [] : membersOf(events).filter((id) => !listed.has(id));
  const singles = useQueries({ queries: missing.slice(0, SINGLE).map((id) => ({ ...memberQuery(id), retry: false })) });
  for (const { data } of singles) if (data !== undefined) listed.set(data.id, data.name ?? t("member.erased"));
  return (kind, id) => {
    switch (kind) {
      case "user":
      case "member":
        return listed.get(id) ?? (id === me.id ? me.name : undefined);
      case "project":
        return projects.data?.items.find((each) => each.id === id)?.name;
      case "key":
      case "api-key":
        return keys.data?.items.find((each) => each.id === id)?.name;
      case "tenant":
        return id === me.tenant.id ? me.tenant.name : undefined;
      default:
        return undefined;
    }
  };
}
