import type { Grant, SessionSummary } from "@sealtape/api-client";

/** A session as the list shows it; tests name what matters to them. */
export function session(fields: Partial<SessionSummary>): SessionSummary {
  return {
    id: "s",
    project: { id: "p", name: "Shop" },
    state: "closed",
    started_at: "2026-01-01T10:00:00Z",
    last_event_at: "2026-01-01T10:05:00Z",
    duration_ms: 300_000,
    tabs: 1,
    segments: 3,
    events: 100,
    bytes_stored: 1000,
    errors: 0,
    gaps: 0,
    has_error: false,
    release: null,
    browser: "Chromium",
    os: "Linux",
    entry_url: "https://shop.example/cart",
    entry_title: "Cart",
    last_url: null,
    policy_version: 1,
    validation: "valid",
    sensitivity: "normal",
    environment: null,
    ...fields,
  };
}

/** A request for access as its page shows it. */
export function grant(fields: Partial<Grant>): Grant {
  return {
    id: "0190f3a1-0000-7000-8000-00000000000a",
    kind: "request",
    state: "pending",
    requester: { id: "other", name: "Eve" },
    verb: "view",
    purpose: "debugging",
    reason: "The checkout fails for some",
    ticket: "SHOP-17",
    sessions: 1,
    minutes: 60,
    created_at: "2026-01-01T10:00:00Z",
    decide_by: "2099-01-01T11:00:00Z",
    approved_at: null,
    activated_at: null,
    expires_at: null,
    ended_at: null,
    ended_reason: null,
    ended_by: null,
    review: null,
    named: [],
    filter: null,
    needs: [{ approvals: 1, reviewers: [] }],
    votes: [],
    seen: "5".repeat(64),
    ...fields,
  };
}
