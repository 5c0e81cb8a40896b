import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import products from "../products.json";
import { App } from "./App";
import { couponPercent, matching, total, withQuantity } from "./shop";

const calls = vi.fn<(path: string, body: unknown) => void>();

beforeEach(() => {
  sessionStorage.clear();
  window.history.replaceState(null, "", "/");
  window.scrollTo = () => undefined;
  calls.mockReset();
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
    const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
    calls(path, body);
    if (path.startsWith("/api/products")) return Promise.resolve(Response.json(products));
    if (path === "/api/orders") return Promise.resolve(Response.json({ id: "KC-1" }, { status: 201 }));
    return Promise.resolve(Response.json({ title: "broken" }, { status: 500 }));
  });
});

it("sells a bowl: search, cart, checkout, confirmation", async () => {
  const user = userEvent.setup();
  render(<App />);
  await user.type(await screen.findByRole("searchbox", { name: "Search pieces" }), "river");
  expect(window.location.search).toBe("?q=river");
  expect(screen.getAllByRole("listitem")).toHaveLength(1);
  expect(screen.getByText("river")).toHaveAttribute("data-sealtape", "mask");
  await user.click(screen.getByRole("button", { name: "Add River bowl to cart" }));
  await user.click(screen.getByRole("link", { name: "Cart (1)" }));
  expect(document.title).toBe("Your cart · Kiln & Clay");
  await user.selectOptions(screen.getByRole("combobox", { name: "Number of River bowl" }), "2");
  await user.click(screen.getByRole("button", { name: "Check out" }));
  await user.type(screen.getByLabelText("Name"), "Ada");
  await user.type(screen.getByLabelText("E-mail"), "ada@example.test");
  await user.type(screen.getByLabelText("Street and number"), "Ring 1");
  await user.type(screen.getByLabelText("Card number"), "4242424242424242");
  await user.type(screen.getByLabelText("Expiry date"), "12/30");
  await user.type(screen.getByLabelText("Security code"), "123");
  await user.click(screen.getByRole("button", { name: "Pay €72.00" }));
  expect(await screen.findByRole("heading", { name: "Thank you" })).toBeVisible();
  expect(screen.getByText(/ada@example\.test/u)).toBeVisible();
  expect(calls).toHaveBeenLastCalledWith("/api/orders", {
    name: "Ada",
    email: "ada@example.test",
    card_number: "4242424242424242",
    items: [{ product: "river-bowl", quantity: 2 }],
  });
  expect(screen.getByRole("link", { name: "Cart (0)" })).toBeVisible();
});

it("shows and hides the password of a new account", async () => {
  sessionStorage.setItem("kiln-cart", '{"ember-mug":1}');
  window.history.replaceState(null, "", "/checkout");
  const user = userEvent.setup();
  render(<App />);
  await user.click(await screen.findByRole("checkbox", { name: "Create an account" }));
  const field = screen.getByLabelText("Password");
  expect(field).toHaveAttribute("type", "password");
  await user.click(screen.getByRole("button", { name: "Show password" }));
  expect(field).toHaveAttribute("type", "text");
  expect(field).toHaveAttribute("autocomplete", "new-password");
});

it("carries hidden fields that look like secrets", async () => {
  sessionStorage.setItem("kiln-cart", '{"ember-mug":1}');
  window.history.replaceState(null, "", "/checkout");
  const { container } = render(<App />);
  await screen.findByRole("heading", { name: "Checkout" });
  expect(container.querySelectorAll('input[type="hidden"]')).toHaveLength(2);
});

it("answers an unknown path", async () => {
  window.history.replaceState(null, "", "/pieces/nothing");
  render(<App />);
  expect(await screen.findByRole("heading", { name: "This shelf is empty" })).toBeVisible();
  expect(within(screen.getByRole("main")).getByRole("link", { name: "Look at all pieces" })).toHaveAttribute(
    "href",
    "/",
  );
});

it("has the defect that the sample session is about", async () => {
  await expect(couponPercent("SPRING")).rejects.toThrow(TypeError);
});

it("counts and finds", () => {
  expect(matching(products, "BOWL ink").map(({ id }) => id)).toEqual(["ink-bowl"]);
  expect(total(withQuantity({ gone: 3 }, "ember-mug", 2), products)).toBe(4_800);
  expect(withQuantity({ "ember-mug": 1 }, "ember-mug", 0)).toEqual({});
});
