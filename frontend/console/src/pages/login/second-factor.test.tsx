import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import type { Language } from "../../i18n/translate";
import { openConsole } from "../../test/render";
import { member, ORIGIN, problem, server } from "../../test/server";

const asks = (...methods: readonly string[]) =>
  http.post(`${ORIGIN}/v1/auth/login`, () =>
    HttpResponse.json({ mfa_required: true, challenge: "question", expires_in: 300, tries: 2, methods }),
  );

/** Opens the login page and gives the password. */
async function givePassword(address: string, language: Language = "en") {
  const router = openConsole(address, language);
  await userEvent.type(await screen.findByLabelText(/^E-mail$/i), "ada@example.com");
  await userEvent.type(screen.getByLabelText(language === "en" ? "Password" : "Passwort"), "secret");
  await userEvent.click(screen.getByRole("button", { name: language === "en" ? "Sign in" : "Anmelden" }));
  return router;
}

beforeEach(() => {
  member.signedIn = false;
});
afterEach(() => api.logout());

describe("the second factor at sign-in", () => {
  it("is asked for after the password, and leads to the page that was asked for", async () => {
    const answers: unknown[] = [];
    server.use(
      asks("totp", "recovery_code"),
      http.post(`${ORIGIN}/v1/auth/mfa`, async ({ request }) => {
        answers.push(await request.json());
        return HttpResponse.json({ access_token: "token", expires_in: 600 });
      }),
    );
    const router = await givePassword("/login?next=/projects");
    expect(await screen.findByRole("heading", { level: 1, name: "One more step" })).toBeInTheDocument();
    const code = screen.getByLabelText("Code from your authenticator app");
    expect(code).toHaveFocus();
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(screen.getByText("Type the six digits.")).toBeInTheDocument();
    await userEvent.type(code, " 123 456{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/projects"));
    expect(answers).toEqual([{ challenge: "question", totp: "123 456" }]);
  });

  it("says how many tries are left, and begins again when there are none", async () => {
    server.use(
      asks("totp", "recovery_code"),
      http.post(`${ORIGIN}/v1/auth/mfa`, () => problem(403, "factor-wrong", "this code does not prove it")),
    );
    await givePassword("/login");
    await userEvent.click(await screen.findByRole("button", { name: "Use a recovery code" }));
    await userEvent.type(screen.getByLabelText("Recovery code"), "7K2M-9QXV-4DTB-0HZR{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent(/That is not right.*1 try left\..*req-4711/);
    expect(screen.getByLabelText("Recovery code")).toHaveValue("");
    await userEvent.type(screen.getByLabelText("Recovery code"), "7K2M{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("Begin again with your password.");
    expect(screen.getByRole("heading", { level: 1, name: "Sign in to Sealtape" })).toBeInTheDocument();
  });

  it("begins again when the challenge is over, and says how long to wait when there were too many", async () => {
    server.use(
      asks("totp"),
      http.post(`${ORIGIN}/v1/auth/mfa`, () => problem(403, "challenge-ended"), { once: true }),
      http.post(`${ORIGIN}/v1/auth/mfa`, () =>
        HttpResponse.json({ code: "rate-limited" }, { status: 429, headers: { "retry-after": "610" } }),
      ),
    );
    await givePassword("/login", "de");
    await userEvent.type(await screen.findByLabelText("Code aus deiner Authenticator-App"), "123456{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("Zeit oder Versuche sind verbraucht.");
    await userEvent.type(screen.getByLabelText(/^E-mail$/i), "ada@example.com");
    await userEvent.type(screen.getByLabelText("Passwort"), "secret{Enter}");
    await userEvent.type(await screen.findByLabelText("Code aus deiner Authenticator-App"), "123456{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("Versuche es in 11 Minuten noch einmal.");
  });

  it("offers a security key first and says what this browser lacks", async () => {
    server.use(asks("totp", "webauthn", "unknown-to-this-console"));
    await givePassword("/login");
    await userEvent.click(await screen.findByRole("button", { name: "Use security key" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The key could not be used");
    expect(screen.getAllByRole("listitem")).toHaveLength(1);
    await userEvent.click(screen.getByRole("button", { name: "Back" }));
    expect(screen.getByRole("heading", { level: 1, name: "Sign in to Sealtape" })).toBeInTheDocument();
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });
});
