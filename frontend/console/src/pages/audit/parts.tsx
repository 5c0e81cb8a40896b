import type { AuditEvent } from "@sealtape/api-client";
import { StateBadge, type Tone } from "@sealtape/ui";
import { type Icon, IconAlertTriangle, IconBan, IconCircleCheck } from "@tabler/icons-react";
import { PathLink } from "../../components/PathLink";
import { useSpeech } from "../../i18n/context";
import type { PlainKey, Translate } from "../../i18n/translate";
import { objectPath, objectWord, shortId } from "./acts";
import classes from "./audit.module.css";
import type { NameOf } from "./names";

const LOOKS: Readonly<Record<string, { readonly tone: Tone; readonly icon: Icon; readonly word: PlainKey }>> = {
  allow: { tone: "success", icon: IconCircleCheck, word: "logged.outcome.allow" },
  deny: { tone: "danger", icon: IconBan, word: "logged.outcome.deny" },
  error: { tone: "warning", icon: IconAlertTriangle, word: "logged.outcome.error" },
};

/** How an act ended: icon and word. */
export function OutcomeBadge({ outcome }: { readonly outcome: string }) {
  const { t } = useSpeech();
  const look = Object.hasOwn(LOOKS, outcome) ? LOOKS[outcome] : undefined;
  if (look === undefined) return outcome;
  return (
    <StateBadge tone={look.tone} icon={look.icon}>
      {t(look.word)}
    </StateBadge>
  );
}

const ACTORS: Readonly<Record<string, PlainKey>> = {
  user: "actor.user",
  key: "actor.key",
  agent: "actor.agent",
  worker: "actor.worker",
};

/** "Member", "API key"; a kind that has no word is shown by its name. */
export function actorWord(kind: string, t: Translate): string {
  const key = Object.hasOwn(ACTORS, kind) ? ACTORS[kind] : undefined;
  return key === undefined ? kind : t(key);
}

const VIAS: Readonly<Record<string, PlainKey>> = {
  login: "logged.via.login",
  "api-key": "logged.via.api-key",
  "agent-key": "logged.via.agent-key",
  "session-token": "logged.via.session-token",
  task: "logged.via.task",
};

/** How an actor came to their rights. */
export function viaWord(via: string, t: Translate): string {
  const key = Object.hasOwn(VIAS, via) ? VIAS[via] : undefined;
  return key === undefined ? via : t(key);
}

interface ActorProps {
  readonly actor: AuditEvent["actor"];
  readonly nameOf: NameOf;
  /** Where the id stands beside it anyway. */
  readonly bare?: boolean;
}

/** Who acted: a name where the reader may know it, else what it is and the end of its id. */
export function Actor({ actor: { kind, id }, nameOf, bare = false }: ActorProps) {
  const { t } = useSpeech();
  const name = nameOf(kind, id);
  if (name !== undefined) return <span title={id}>{name}</span>;
  return (
    <span title={id}>
      {actorWord(kind, t)} {!bare && <span className={classes.id}>{shortId(id)}</span>}
    </span>
  );
}

interface ObjectProps {
  readonly object: AuditEvent["object"];
  readonly nameOf: NameOf;
  /** Where the id stands beside it anyway. */
  readonly bare?: boolean;
}

/** What was acted on, with the way to its page where it has one. */
export function ActedOn({ object, nameOf, bare = false }: ObjectProps) {
  const { t } = useSpeech();
  const { kind, id } = object;
  const path = objectPath(object);
  const name = nameOf(kind, id);
  const words = (
    <>
      {objectWord(kind, t)} {name ?? (!bare && <span className={classes.id}>{shortId(id)}</span>)}
    </>
  );
  return path === undefined ? (
    <span title={id}>{words}</span>
  ) : (
    <PathLink path={path} title={id}>
      {words}
    </PathLink>
  );
}
