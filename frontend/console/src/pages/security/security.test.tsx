import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { AccountFactors } from "@sealtape/api-client";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import { openConsole } from "../../test/render";
import { member, ORIGIN, problem, server } from "../../test/server";

const NONE: AccountFactors = {
  totp: null,
  security_keys: [],
  recovery_codes: null,
  webauthn_available: true,
  authenticated_at: "2026-01-01T10:00:00Z",
  mfa_at: null,
};
const APP: AccountFactors = { ...NONE, totp: { confirmed_at: "2026-01-01T10:00:00Z", last_used_at: null } };

let factors = NONE;
const stepUpRequired = (needs: string) =>
  HttpResponse.json(
    { code: "step-up-required", detail: "…", step_up: { needs, within_seconds: 600 }, request_id: "r" },
    { status: 403 },
  );

beforeEach(() => {
  member.signedIn = true;
  factors = NONE;
  server.use(http.get(`${ORIGIN}/v1/me/mfa`, () => HttpResponse.json(factors)));
});
afterEach(() => api.logout());

describe("my security", () => {
  it("sets up an authenticator app and leads on to recovery codes", async () => {
    server.use(
      http.post(`${ORIGIN}/v1/me/mfa/totp`, () =>
        HttpResponse.json(
          { uri: "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP", secret: "JBSWY3DPEHPK3PXP" },
          { status: 201 },
        ),
      ),
      http.put(`${ORIGIN}/v1/me/mfa/totp`, () => problem(403, "factor-wrong"), { once: true }),
      http.put(`${ORIGIN}/v1/me/mfa/totp`, async ({ request }) => {
        expect(await request.json()).toEqual({ code: "123456" });
        factors = APP;
        return new HttpResponse(null, { status: 204 });
      }),
      http.post(`${ORIGIN}/v1/me/mfa/recovery-codes`, () => {
        factors = { ...APP, recovery_codes: { left: 10, created_at: "2026-01-01T10:00:00Z" } };
        return HttpResponse.json({ codes: ["AAAA-BBBB", "CCCC-DDDD"] }, { status: 201 });
      }),
    );
    openConsole("/security");
    expect(await screen.findByText("Only your password protects this account")).toBeInTheDocument();
    expect(screen.getByText("Set up an app or a key first.")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Set up" }));
    expect(await screen.findByText("JBSW Y3DP EHPK 3PXP")).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText("Code that the app shows now"), "000000{Enter}");
    expect(await screen.findByText(/That is not the code/)).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText("Code that the app shows now"), "123456{Enter}");
    const codes = await screen.findByRole("dialog", { name: "Recovery codes" });
    await userEvent.click(within(codes).getByRole("button", { name: "Show codes" }));
    expect(await within(codes).findByText("AAAA-BBBB")).toBeInTheDocument();
    // What is shown once is not closed by accident.
    await userEvent.keyboard("{Escape}");
    expect(within(codes).getByText("CCCC-DDDD")).toBeInTheDocument();
    await userEvent.click(within(codes).getByRole("button", { name: "I have kept them" }));
    expect(await screen.findByText("10 of 10 left")).toBeInTheDocument();
    expect(screen.queryByText("AAAA-BBBB")).not.toBeInTheDocument();
  });

  it("asks for the password again when the server does, then does what was asked", async () => {
    factors = APP;
    const tries: unknown[] = [];
    let proved = false;
    server.use(
      http.delete(`${ORIGIN}/v1/me/mfa/totp`, () => {
        if (!proved) return stepUpRequired("password");
        factors = NONE;
        return new HttpResponse(null, { status: 204 });
      }),
      http.post(`${ORIGIN}/v1/auth/step-up`, async ({ request }) => {
        tries.push(await request.json());
        if (tries.length === 1) return problem(403, "password-wrong");
        proved = true;
        return HttpResponse.json({ authenticated_at: "2026-01-01T10:00:00Z", mfa_at: null });
      }),
    );
    openConsole("/security");
    await userEvent.click(await screen.findByRole("button", { name: "Remove" }));
    expect(await screen.findByText("This is your last second factor")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Remove it" }));
    const proof = await screen.findByRole("dialog", { name: "Prove that it is you" });
    // Escape closes the dialog on top only.
    await userEvent.keyboard("{Escape}");
    expect(await screen.findByText(/This needs a fresh proof/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Remove it" }));
    await userEvent.type(await screen.findByLabelText("Password", { selector: "input" }), "wrong{Enter}");
    expect(await screen.findByText("This is not your password.")).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText("Password", { selector: "input" }), "right{Enter}");
    expect(await screen.findByText("Only your password protects this account")).toBeInTheDocument();
    expect(tries).toEqual([{ password: "wrong" }, { password: "right" }]);
    expect(proof).not.toBeInTheDocument();
  });

  it("asks for a factor where the server wants one, with the challenge it hands out", async () => {
    factors = APP;
    const proofs: unknown[] = [];
    server.use(
      http.delete(`${ORIGIN}/v1/me/mfa/totp`, () =>
        proofs.length === 0 ? stepUpRequired("factor") : new HttpResponse(null, { status: 204 }),
      ),
      http.post(`${ORIGIN}/v1/auth/step-up/challenge`, () =>
        HttpResponse.json(
          { challenge: "q", expires_in: 300, tries: 5, methods: ["totp", "recovery_code"] },
          { status: 201 },
        ),
      ),
      http.post(`${ORIGIN}/v1/auth/step-up`, async ({ request }) => {
        proofs.push(await request.json());
        return HttpResponse.json({ authenticated_at: "2026-01-01T10:00:00Z", mfa_at: "2026-01-01T10:00:00Z" });
      }),
    );
    openConsole("/security");
    await userEvent.click(await screen.findByRole("button", { name: "Remove" }));
    await userEvent.click(await screen.findByRole("button", { name: "Remove it" }));
    await userEvent.type(await screen.findByLabelText("Code from your authenticator app"), "123456{Enter}");
    await screen.findByRole("button", { name: "Remove" });
    expect(proofs).toEqual([{ totp: "123456" }]);
  });

  it("says that a second factor must be set up first where an act wants one", async () => {
    server.use(http.post(`${ORIGIN}/v1/me/mfa/totp`, () => stepUpRequired("enrolment")));
    openConsole("/security", "de");
    await userEvent.click(await screen.findByRole("button", { name: "Einrichten" }));
    const dialog = await screen.findByRole("dialog", { name: "Das braucht einen zweiten Faktor" });
    expect(within(dialog).getByRole("link", { name: "Einrichten" })).toHaveAttribute("href", "/security");
  });

  it("names why no key can be added, and warns when few codes are left", async () => {
    factors = {
      ...APP,
      webauthn_available: false,
      recovery_codes: { left: 1, created_at: "2026-01-01T10:00:00Z" },
    };
    openConsole("/security");
    expect(await screen.findByText(/need a console that is reached by a name/)).toBeInTheDocument();
    expect(screen.getByText("1 of 10 left")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Add a key" })).not.toBeInTheDocument();
  });

  it("offers recovery codes again when those that were made ended with the last factor", async () => {
    factors = { ...APP, recovery_codes: { left: 0, created_at: "2026-01-01T10:00:00Z" } };
    openConsole("/security");
    expect(await screen.findByRole("button", { name: "Make codes" })).toBeInTheDocument();
    expect(screen.getByText("None")).toBeInTheDocument();
  });

  it("says what to do when loading fails", async () => {
    server.use(http.get(`${ORIGIN}/v1/me/mfa`, () => problem(500, "internal")));
    openConsole("/security");
    expect(await screen.findByRole("alert")).toHaveTextContent("The server failed");
  });
});
