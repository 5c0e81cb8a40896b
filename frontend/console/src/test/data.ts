import type { SessionSummary } from "@sealtape/api-client";

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
