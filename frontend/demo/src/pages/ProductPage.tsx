import { useState, type ReactNode } from "react";
import { Pot } from "../Pot";
import { Link } from "../router";
import { price, type Product } from "../shop";

/** **A deliberate defect**, for sessions to look at: the viewer it wants to start was never loaded. */
function turnAround(piece: Product): never {
  throw new Error(`the turntable for ${piece.id} is not ready`);
}

export function ProductPage({ product, onAdd }: { product: Product; onAdd: (product: string) => void }): ReactNode {
  const [added, setAdded] = useState(0);
  const add = (): void => {
    onAdd(product.id);
    setAdded(added + 1);
  };
  return (
    <>
      <p className="crumb">
        <Link to="/">All pieces</Link> / {product.category}
      </p>
      <article className="detail">
        <div className="plinth">
          <Pot shape={product.shape} glaze={product.glaze} />
        </div>
        <div>
          <h1>{product.name}</h1>
          <p className="price large">{price(product.price_cents)}</p>
          <p>{product.description}</p>
          <dl className="facts">
            <dt>Glaze</dt>
            <dd>{product.glaze_name}</dd>
            <dt>Height</dt>
            <dd>{product.height_cm} cm</dd>
            <dt>Care</dt>
            <dd>Dishwasher, oven to 220 °C</dd>
          </dl>
          <div className="row">
            <button type="button" onClick={add}>
              Add to cart
            </button>
            <button type="button" className="quiet" onClick={() => turnAround(product)}>
              Turn it around
            </button>
          </div>
          <p role="status">
            {added > 0 && (
              <>
                {added} in your <Link to="/cart">cart</Link>.
              </>
            )}
          </p>
        </div>
      </article>
    </>
  );
}
