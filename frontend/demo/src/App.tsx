/** The shop's frame: header, the page for the present path, footer. */
import { useEffect, useState, type ReactNode } from "react";
import { CartPage } from "./pages/CartPage";
import { CheckoutPage } from "./pages/CheckoutPage";
import { ConfirmationPage } from "./pages/ConfirmationPage";
import { ListPage } from "./pages/ListPage";
import { NotFoundPage } from "./pages/NotFoundPage";
import { ProductPage } from "./pages/ProductPage";
import { Link, usePlace } from "./router";
import { titleOf } from "./titles";
import { fetchProducts, loadCart, saveCart, withQuantity, type Cart, type Product } from "./shop";

/** Products: not asked yet, here, or refused. */
type Loaded = { state: "loading" } | { state: "ready"; products: Product[] } | { state: "failed" };

function useProducts(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ state: "loading" });
  useEffect(() => {
    let wanted = true;
    fetchProducts("").then(
      (products) => wanted && setLoaded({ state: "ready", products }),
      () => wanted && setLoaded({ state: "failed" }),
    );
    return () => {
      wanted = false;
    };
  }, []);
  return loaded;
}

export function App(): ReactNode {
  const place = usePlace();
  const loaded = useProducts();
  const [cart, setCart] = useState<Cart>(loadCart);
  const title = titleOf(place.pathname, loaded.state === "ready" ? loaded.products : []);
  useEffect(() => {
    document.title = title;
  }, [title]);
  const change = (next: Cart): void => {
    saveCart(next);
    setCart(next);
  };
  const count = Object.values(cart).reduce((sum, quantity) => sum + quantity, 0);
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <div className="wide top-row">
          <Link to="/" className="brand">
            Kiln <span>&amp;</span> Clay
          </Link>
          <nav aria-label="Shop">
            <Link to="/" current={place.pathname === "/"}>
              All pieces
            </Link>
            <Link to="/cart" current={place.pathname === "/cart"}>
              Cart ({count})
            </Link>
          </nav>
        </div>
      </header>
      <main id="content" className="wide" tabIndex={-1}>
        {loaded.state === "loading" && <p role="status">Unpacking the shelves…</p>}
        {loaded.state === "failed" && <p role="alert">The shelves cannot be reached. Please load the page again.</p>}
        {loaded.state === "ready" && <Page place={place} products={loaded.products} cart={cart} change={change} />}
      </main>
      <footer className="foot">
        <div className="wide">
          <p>Kiln &amp; Clay is a sample shop. Nothing is sold, nothing is sent, and no card is charged.</p>
        </div>
      </footer>
    </>
  );
}

interface PageProps {
  place: URL;
  products: readonly Product[];
  cart: Cart;
  change: (cart: Cart) => void;
}

function Page({ place, products, cart, change }: PageProps): ReactNode {
  const [, area = "", id = ""] = place.pathname.split("/");
  const add = (product: string): void => change(withQuantity(cart, product, (cart[product] ?? 0) + 1));
  if (place.pathname === "/") {
    return <ListPage products={products} query={place.searchParams.get("q") ?? ""} onAdd={add} />;
  }
  if (place.pathname === "/cart") return <CartPage products={products} cart={cart} onChange={change} />;
  if (place.pathname === "/checkout") {
    return <CheckoutPage products={products} cart={cart} onOrdered={() => change({})} />;
  }
  if (area === "order") return <ConfirmationPage number={id} />;
  const product = area === "pieces" ? products.find((piece) => piece.id === id) : undefined;
  return product === undefined ? <NotFoundPage /> : <ProductPage key={id} product={product} onAdd={add} />;
}
