/** The shop's data: products, prices, the cart, and the three calls to its API. */

export interface Product {
  id: string;
  name: string;
  category: string;
  shape: string;
  /** Colour of the glaze, as CSS. */
  glaze: string;
  glaze_name: string;
  price_cents: number;
  height_cm: number;
  description: string;
}

/** Product id → how many. */
export type Cart = Readonly<Record<string, number>>;

/** What the checkout form sends. */
export interface Order {
  name: string;
  email: string;
  card_number: string;
  items: { product: string; quantity: number }[];
}

const CART_KEY = "kiln-cart";

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function isProduct(value: unknown): value is Product {
  if (!isObject(value)) return false;
  const texts = ["id", "name", "category", "shape", "glaze", "glaze_name", "description"];
  return (
    texts.every((key) => typeof value[key] === "string") &&
    ["price_cents", "height_cm"].every((key) => typeof value[key] === "number")
  );
}

/** A price as customers read it. */
export function price(cents: number): string {
  return new Intl.NumberFormat("en", { style: "currency", currency: "EUR" }).format(cents / 100);
}

/** Products whose name, glaze or category contains every word of the query. */
export function matching(products: readonly Product[], query: string): Product[] {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  return products.filter((product) => {
    const text = `${product.name} ${product.glaze_name} ${product.category}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The cart after one line was set; zero removes it. */
export function withQuantity(cart: Cart, product: string, quantity: number): Cart {
  const rest = Object.entries(cart).filter(([id]) => id !== product);
  return Object.fromEntries(quantity > 0 ? [...rest, [product, Math.min(quantity, 20)]] : rest);
}

/** What the cart costs, in cents. Products that are gone cost nothing. */
export function total(cart: Cart, products: readonly Product[]): number {
  return products.reduce((sum, product) => sum + product.price_cents * (cart[product.id] ?? 0), 0);
}

/** The cart of this browser tab. */
export function loadCart(): Cart {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(CART_KEY) ?? "{}");
    if (!isObject(stored)) return {};
    return Object.fromEntries(
      Object.entries(stored).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    );
  } catch {
    return {};
  }
}

export function saveCart(cart: Cart): void {
  sessionStorage.setItem(CART_KEY, JSON.stringify(cart));
}

/** All products. `query` is sent along, as shops do, although this small server answers with everything. */
export async function fetchProducts(query: string): Promise<Product[]> {
  const response = await fetch(
    `/api/products${query === "" ? "" : `?${new URLSearchParams({ q: query }).toString()}`}`,
  );
  if (!response.ok) throw new Error(`products: ${response.status}`);
  const body: unknown = await response.json();
  const list: unknown[] = Array.isArray(body)
    ? body
    : isObject(body) && Array.isArray(body["items"])
      ? body["items"]
      : [];
  return list.filter(isProduct);
}

/** Places the order; takes about two seconds. Returns the order's number. */
export async function placeOrder(order: Order): Promise<string> {
  const response = await fetch("/api/orders", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(order),
  });
  if (!response.ok) throw new Error(`orders: ${response.status}`);
  const body: unknown = await response.json();
  return isObject(body) && typeof body["id"] === "string" ? body["id"] : "0000";
}

interface Coupon {
  discount: { percent: number };
}

/** **A deliberate defect**: looks at neither the status nor the field, so the server's 500 passes for a coupon. */
const isCoupon = (answer: unknown): answer is Coupon => isObject(answer);

/**
 * Asks what a coupon is worth. Because of the check above, the server's 500 becomes "Cannot read properties of
 * undefined". The sample session is about finding that.
 */
export async function couponPercent(code: string): Promise<number> {
  const response = await fetch("/api/coupon", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
  });
  const answer: unknown = await response.json();
  if (!isCoupon(answer)) throw new Error("coupon: no answer");
  return answer.discount.percent;
}
