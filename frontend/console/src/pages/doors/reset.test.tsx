import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";
import { openConsole } from "../../test/render";
import { member, ORIGIN, problem, server } from "../../test/server";

const FORGOT = `${ORIGIN}/v1/auth/password/forgot`;
const RESET = `${ORIGIN}/v1/auth/password/reset`;

/** The page reads the token where the browser keeps it. */
function openWithLink(): void {
  window.location.hash = "#token-4711";
  openConsole("/reset");
}

beforeEach(() => {
  member.signedIn = false;
  window.location.hash = "";
});

it("asks for a link from the sign-in page, and says the same for every address", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post(FORGOT, async ({ request }) => {
      asked.push(await request.json());
      return new HttpResponse(null, { status: 202 });
    }),
  );
  openConsole("/login");
  await userEvent.click(await screen.findByRole("link", { name: "Forgot your password?" }));
  await screen.findByRole("heading", { level: 1, name: "Forgot your password?" });
  await userEvent.click(screen.getByRole("button", { name: "Send the link" }));
  expect(screen.getByText("Enter an e-mail address.")).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText("E-mail"), " ada@example.com{Enter}");
  expect(await screen.findByRole("heading", { level: 1, name: "Look into your mailbox" })).toBeInTheDocument();
  expect(asked).toEqual([{ email: "ada@example.com" }]);
});

it("sets a new password by the link, and says why one will not do", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(RESET, async ({ request }) => {
      sent.push(await request.json());
      if (sent.length > 1) return new HttpResponse(null, { status: 204 });
      const errors = [{ pointer: "/new_password", detail: "is known" }];
      return HttpResponse.json({ code: "invalid-input", errors }, { status: 422 });
    }),
  );
  openWithLink();
  const field = await screen.findByLabelText("New password");
  await userEvent.type(field, "short{Enter}");
  expect(screen.getByText("Use at least 12 characters.")).toBeInTheDocument();
  await userEvent.clear(field);
  await userEvent.type(field, "password1234{Enter}");
  expect(await screen.findByText("This password is too well known. Choose another.")).toBeInTheDocument();
  await userEvent.clear(field);
  await userEvent.type(field, "seven quiet kilns{Enter}");
  expect(await screen.findByRole("heading", { level: 1, name: "Your password is set" })).toBeInTheDocument();
  expect(sent.at(-1)).toEqual({ token: "token-4711", new_password: "seven quiet kilns" });
});

it("says that a link is over", async () => {
  server.use(http.post(RESET, () => problem(410, "link-not-good")));
  openWithLink();
  await userEvent.type(await screen.findByLabelText("New password"), "seven quiet kilns{Enter}");
  expect(await screen.findByRole("heading", { level: 1, name: "This link is not good any more" })).toBeInTheDocument();
});
