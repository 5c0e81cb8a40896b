/**
 * Purpose: kinds of notices in words and icons, and the page behind each.
 * How to add one more kind: its sentence in the catalogues, its name in `WORDS` under a topic. A kind that this console
 * does not know is shown by its name.
 */
import type { Notice } from "@sealtape/api-client";
import {
  type Icon,
  IconBell,
  IconBinaryTree2,
  IconHammer,
  IconKey,
  IconShieldLock,
  IconUserCheck,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { PlainKey, Translate } from "../../i18n/translate";

/** What kinds of notices are about. */
export type Topic = "access" | "glass" | "proposals" | "members" | "account" | "keys" | "ledger" | "other";

/** The topics, in the order in which preferences show them. */
export const TOPICS: readonly Topic[] = [
  "access",
  "glass",
  "proposals",
  "members",
  "account",
  "keys",
  "ledger",
  "other",
];

const WORDS: Readonly<Record<string, { readonly topic: Topic; readonly word: PlainKey }>> = {
  "access-requested": { topic: "access", word: "notice.access-requested" },
  "access-decided": { topic: "access", word: "notice.access-decided" },
  "grant-revoked": { topic: "access", word: "notice.grant-revoked" },
  "grant-expired": { topic: "access", word: "notice.grant-expired" },
  "break-glass-used": { topic: "glass", word: "notice.break-glass-used" },
  "break-glass-review-due": { topic: "glass", word: "notice.break-glass-review-due" },
  "break-glass-reviewed": { topic: "glass", word: "notice.break-glass-reviewed" },
  "proposal-opened": { topic: "proposals", word: "notice.proposal-opened" },
  "proposal-decided": { topic: "proposals", word: "notice.proposal-decided" },
  "solo-delay-started": { topic: "proposals", word: "notice.solo-delay-started" },
  "ledger-behind": { topic: "ledger", word: "notice.ledger-behind" },
  "ledger-refused": { topic: "ledger", word: "notice.ledger-refused" },
  "session-exported": { topic: "access", word: "notice.session-exported" },
  "role-changed": { topic: "members", word: "notice.role-changed" },
  "member-joined": { topic: "members", word: "notice.member-joined" },
  "member-disabled": { topic: "members", word: "notice.member-disabled" },
  "refresh-reused": { topic: "account", word: "notice.refresh-reused" },
  "password-changed": { topic: "account", word: "notice.password-changed" },
  "factor-added": { topic: "account", word: "notice.factor-added" },
  "factor-removed": { topic: "account", word: "notice.factor-removed" },
  "recovery-code-used": { topic: "account", word: "notice.recovery-code-used" },
  "api-key-created": { topic: "keys", word: "notice.api-key-created" },
  "key-expiring": { topic: "keys", word: "notice.key-expiring" },
  "sink-failing": { topic: "other", word: "notice.sink-failing" },
  "sink-recovered": { topic: "other", word: "notice.sink-recovered" },
};

const ICONS: Readonly<Record<Topic, Icon>> = {
  access: IconUserCheck,
  glass: IconHammer,
  proposals: IconUsersGroup,
  members: IconUsers,
  account: IconShieldLock,
  keys: IconKey,
  ledger: IconBinaryTree2,
  other: IconBell,
};

const TITLES: Readonly<Record<Topic, PlainKey>> = {
  access: "notices.topic.access",
  glass: "notices.topic.glass",
  proposals: "notices.topic.proposals",
  members: "notices.topic.members",
  account: "notices.topic.account",
  keys: "notices.topic.keys",
  ledger: "notices.topic.ledger",
  other: "notices.topic.other",
};

const known = (kind: string) => (Object.hasOwn(WORDS, kind) ? WORDS[kind] : undefined);

/** What a kind is about. */
export const topicOf = (kind: string): Topic => known(kind)?.topic ?? "other";

/** The name of a topic. */
export const topicWord = (topic: Topic, t: Translate): string => t(TITLES[topic]);

/** The icon of a kind. */
export const noticeIcon = (kind: string): Icon => ICONS[topicOf(kind)];

/** What happened, in a sentence. */
export function noticeWord(kind: string, t: Translate): string {
  const word = known(kind)?.word;
  return word === undefined ? t("notice.unknown", { kind }) : t(word);
}

/** Where a topic is looked after. */
const PLACES: Readonly<Partial<Record<Topic, string>>> = {
  access: "/access/requests",
  glass: "/access/break-glass",
  proposals: "/access/proposals",
  account: "/security",
};

/** The page behind a notice: what it is about, else where its topic is looked after. */
export function noticePath({ kind, about }: Pick<Notice, "kind" | "about">): string | undefined {
  const topic = topicOf(kind);
  const id = encodeURIComponent(about?.id ?? "");
  if (about?.kind === "session") return `/sessions/${id}`;
  if (about?.kind === "proposal") return `/access/proposals/${id}`;
  // A grant is its request, decided.
  if (about?.kind === "grant" && topic === "access") return `/access/requests/${id}`;
  return PLACES[topic];
}
