/** What the console asks about receivers of the audit log; as `queries.ts`. */
import {
  done,
  type Proposal,
  take,
  type WebhookCreate,
  type WebhookDelivery,
  type WebhookUpdate,
} from "@sealtape/api-client";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./api";

const { client } = api;

/** How often receivers and deliveries are asked for again: they come and go by themselves. */
const RENEW_MS = 5_000;

const page = (cursor: string | undefined) => ({ limit: 50, ...(cursor === undefined ? {} : { cursor }) });

/** A page of the receivers. */
export const webhooksQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ["webhooks", "list", cursor],
    queryFn: () => take(client.GET("/v1/webhooks", { params: { query: page(cursor) } })),
    refetchInterval: RENEW_MS,
  });

/** One receiver. */
export const webhookQuery = (webhook: string) =>
  queryOptions({
    queryKey: ["webhooks", "one", webhook],
    queryFn: () => take(client.GET("/v1/webhooks/{webhook}", { params: { path: { webhook } } })),
    refetchInterval: RENEW_MS,
  });

/** A page of what was sent to a receiver, and what waits. */
export const deliveriesQuery = (
  webhook: string,
  state: WebhookDelivery["state"] | undefined,
  cursor: string | undefined,
) =>
  queryOptions({
    queryKey: ["webhooks", "deliveries", webhook, state, cursor],
    queryFn: () =>
      take(
        client.GET("/v1/webhooks/{webhook}/deliveries", {
          params: { path: { webhook }, query: { ...page(cursor), ...(state === undefined ? {} : { state }) } },
        }),
      ),
    refetchInterval: RENEW_MS,
  });

/** Adds a receiver; sent again under the same key it adds none again. The answer holds its secret, this once. */
export const createWebhook = (webhook: WebhookCreate, key: string) =>
  take(client.POST("/v1/webhooks", { params: { header: { "Idempotency-Key": key } }, body: webhook }));

/** Changes a receiver, stops it or lets it go on. What takes a second person is a proposal. */
export const updateWebhook = (webhook: string, change: WebhookUpdate) =>
  take(client.PATCH("/v1/webhooks/{webhook}", { params: { path: { webhook } }, body: change }));

/** Removes a receiver; the proposal, where it takes a second person. */
export async function deleteWebhook(webhook: string): Promise<Proposal | undefined> {
  const answer = await client.DELETE("/v1/webhooks/{webhook}", { params: { path: { webhook } } });
  await done(Promise.resolve(answer));
  return answer.response.status === 202 ? answer.data : undefined;
}

/** Gives a receiver another secret, shown this once. */
export const rotateSecret = (webhook: string) =>
  take(client.POST("/v1/webhooks/{webhook}/secret", { params: { path: { webhook } } }));

/** Sends a message without entries. */
export const testWebhook = (webhook: string) =>
  take(client.POST("/v1/webhooks/{webhook}/test", { params: { path: { webhook } } }));

/** Sends a delivery now. */
export const redeliver = (webhook: string, delivery: string) =>
  take(
    client.POST("/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver", { params: { path: { webhook, delivery } } }),
  );

/** Everything about receivers is asked for again. */
export const renewWebhooks = (cache: QueryClient): Promise<void> => cache.invalidateQueries({ queryKey: ["webhooks"] });
