/** Sessions that an engineer's roles do not open, and requests for them. */
import { randomBytes } from "node:crypto";
import { Api, endingNow, type RecordedEvent, uploadRecording } from "./api";
import { deployment } from "./deployment";

/** A new project whose sessions are restricted; gives an agent key for it. */
export async function restrictedProject(name: string): Promise<string> {
  const owner = await Api.signIn("owner");
  // A worker that replaces another meets its server again: no name twice.
  const unique = `${name} ${randomBytes(2).toString("hex")}`;
  const { id } = await owner.send<{ id: string }>("POST", "/v1/projects", { name: unique });
  await owner.send("PATCH", `/v1/projects/${id}`, { sensitivity: "restricted" });
  const origins = [deployment().shopOrigin];
  const { key } = await owner.send<{ key: string }>("POST", `/v1/projects/${id}/agent-keys`, { origins });
  return key;
}

/** Uploads a recording that is restricted; gives its session id. */
export const uploadRestricted = (key: string, title: string, events: readonly RecordedEvent[]): Promise<string> =>
  uploadRecording(title, endingNow(events), key);

/** Asks for a session as the engineer; gives the request's id. */
export async function askFor(
  session: string,
  words: { reason: string; ticket: string },
  verb: "view" | "export" = "view",
): Promise<string> {
  const engineer = await Api.signIn("engineer");
  const asked = { sessions: [session], verb, purpose: "debugging", minutes: 60, ...words };
  return (await engineer.send<{ id: string }>("POST", "/v1/access-requests", asked)).id;
}

/** Approves a request as the privacy officer. */
export async function approve(request: string): Promise<void> {
  const officer = await Api.signIn("officer");
  const { seen } = await officer.json<{ seen: string }>(`/v1/access-requests/${request}`);
  await officer.send("POST", `/v1/access-requests/${request}/approve`, { seen });
}

interface Rules {
  revision: number;
  strict: boolean;
  approvals: number;
  reviewers: string[];
  rules: { labels?: string[]; approvals: number }[];
}

/** A label that no session has, for a rule that concerns nobody. */
const unused = (): string => `unused-${randomBytes(4).toString("hex")}`;

/** Adds a rule that concerns nobody, as the owner may alone; gives its label. */
export async function addRule(): Promise<string> {
  const owner = await Api.signIn("owner");
  const { revision, strict, approvals, reviewers, rules } = await owner.json<Rules>("/v1/access-rules");
  const label = unused();
  const more = [...rules, { labels: [label], approvals: 2 }];
  await owner.send("PUT", "/v1/access-rules", { revision, strict, approvals, reviewers, rules: more });
  return label;
}

/** Proposes to take such a rule away again, which nobody does alone; gives the proposal's id. */
export async function proposeWithout(label: string): Promise<string> {
  const owner = await Api.signIn("owner");
  const { revision, strict, approvals, reviewers, rules } = await owner.json<Rules>("/v1/access-rules");
  const fewer = rules.filter((rule) => rule.labels?.includes(label) !== true);
  const body = { revision, strict, approvals, reviewers, rules: fewer };
  return (await owner.send<{ id: string }>("PUT", "/v1/access-rules", body)).id;
}

/** A receiver of the audit log that nothing is sent to, and the proposal to tell it of persons; their ids. */
export async function toldReceiver(): Promise<{ webhook: string; told: string }> {
  const owner = await Api.signIn("owner");
  // It waits for an act that does not happen here: nothing is dialled.
  const body = { name: unused(), kind: "webhook", url: "https://siem.example.com/in", acts: ["break-glass.remind"] };
  const { id: webhook } = await owner.send<{ id: string }>("POST", "/v1/webhooks", body);
  const { id: told } = await owner.send<{ id: string }>("PATCH", `/v1/webhooks/${webhook}`, { detail: true });
  return { webhook, told };
}
