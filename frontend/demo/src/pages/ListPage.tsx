import { useEffect, useState, type ReactNode } from "react";
import { Pot } from "../Pot";
import { Link, go } from "../router";
import { fetchProducts, matching, price, type Product } from "../shop";

interface Props {
  products: readonly Product[];
  query: string;
  onAdd: (product: string) => void;
}

/** How long somebody must stop typing before the shop asks its server. */
const PAUSE_MS = 250;

export function ListPage({ products, query, onAdd }: Props): ReactNode {
  const [category, setCategory] = useState("All");
  useEffect(() => {
    if (query === "") return;
    // The answer is not needed: real shops send the query, so that this one's recording shows such a request.
    const timer = window.setTimeout(() => void fetchProducts(query).catch(() => undefined), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [query]);
  const search = (text: string): void =>
    go(text === "" ? "/" : `/?${new URLSearchParams({ q: text }).toString()}`, "replace");
  const found = matching(products, query).filter((piece) => category === "All" || piece.category === category);
  const categories = ["All", ...new Set(products.map((piece) => piece.category))];
  return (
    <>
      <div className="intro">
        <h1>Stoneware, made in small batches</h1>
        <p>Thrown, fired twice and packed by four people and one dog.</p>
      </div>
      <div className="filters">
        <label className="search">
          <span>Search pieces</span>
          <input
            type="search"
            name="q"
            placeholder="Bowl, moss, vase…"
            autoComplete="off"
            value={query}
            onChange={(event) => search(event.target.value)}
          />
        </label>
        <div className="chips" role="group" aria-label="Category">
          {categories.map((name) => (
            <button key={name} type="button" aria-pressed={category === name} onClick={() => setCategory(name)}>
              {name}
            </button>
          ))}
        </div>
      </div>
      {query !== "" && (
        <p role="status" className="found">
          {found.length} of {products.length} pieces for <q data-sealtape="mask">{query}</q>
        </p>
      )}
      <ul className="shelf">
        {found.map((piece) => (
          <li key={piece.id} className="piece">
            <Link to={`/pieces/${piece.id}`} className="picture">
              <Pot shape={piece.shape} glaze={piece.glaze} />
              <span className="name">{piece.name}</span>
            </Link>
            <p className="about">
              {piece.glaze_name} · {piece.height_cm} cm
            </p>
            <div className="buy">
              <span className="price">{price(piece.price_cents)}</span>
              <button
                type="button"
                className="quiet"
                onClick={() => onAdd(piece.id)}
                aria-label={`Add ${piece.name} to cart`}
              >
                Add to cart
              </button>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
