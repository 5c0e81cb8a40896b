/** What the browser's tab says, so that a session's list of pages can be told apart. */
import type { Product } from "./shop";

const SHOP = "Kiln & Clay";
const TITLES: Readonly<Record<string, string>> = {
  cart: "Your cart",
  checkout: "Checkout",
  order: "Order placed",
};

/** The title of the page at `pathname`. */
export function titleOf(pathname: string, products: readonly Product[]): string {
  const [, area = "", id = ""] = pathname.split("/");
  const name = area === "pieces" ? products.find((piece) => piece.id === id)?.name : TITLES[area];
  return name === undefined ? SHOP : `${name} · ${SHOP}`;
}
