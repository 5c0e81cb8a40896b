import { useState, type ReactNode, type SyntheticEvent } from "react";
import { Pot } from "../Pot";
import { Link, go } from "../router";
import { couponPercent, price, total, withQuantity, type Cart, type Product } from "../shop";

interface Props {
  products: readonly Product[];
  cart: Cart;
  onChange: (cart: Cart) => void;
}

export function CartPage({ products, cart, onChange }: Props): ReactNode {
  const [percent, setPercent] = useState(0);
  const lines = products.filter((piece) => (cart[piece.id] ?? 0) > 0);
  if (lines.length === 0) {
    return (
      <div className="empty">
        <h1>Your cart is empty</h1>
        <p>
          <Link to="/">Look at the shelves</Link>
        </p>
      </div>
    );
  }
  const sum = total(cart, products);
  return (
    <>
      <h1>Your cart</h1>
      <ul className="lines">
        {lines.map((piece) => (
          <li key={piece.id}>
            <Pot shape={piece.shape} glaze={piece.glaze} />
            <Link to={`/pieces/${piece.id}`}>{piece.name}</Link>
            <label>
              <span className="visually-hidden">Number of {piece.name}</span>
              <select
                value={cart[piece.id] ?? 0}
                onChange={(event) => onChange(withQuantity(cart, piece.id, Number(event.target.value)))}
              >
                {Array.from({ length: 10 }, (_, number) => number + 1).map((number) => (
                  <option key={number}>{number}</option>
                ))}
              </select>
            </label>
            <span className="price">{price(piece.price_cents * (cart[piece.id] ?? 0))}</span>
            <button
              type="button"
              className="quiet"
              aria-label={`Remove ${piece.name}`}
              onClick={() => onChange(withQuantity(cart, piece.id, 0))}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      <div className="summary">
        <CouponForm onPercent={setPercent} />
        <p className="sum">
          <span>Total</span> <strong>{price(Math.round((sum * (100 - percent)) / 100))}</strong>
        </p>
        <button type="button" onClick={() => go("/checkout")}>
          Check out
        </button>
      </div>
    </>
  );
}

/** Nothing visible happens when the coupon cannot be used: that is the defect (see `couponPercent`). */
function CouponForm({ onPercent }: { onPercent: (percent: number) => void }): ReactNode {
  const [code, setCode] = useState("");
  const apply = async (): Promise<void> => onPercent(await couponPercent(code));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void apply();
  };
  return (
    <form className="coupon" onSubmit={submit}>
      <label htmlFor="coupon">Coupon</label>
      <div className="row">
        <input
          id="coupon"
          name="coupon"
          autoComplete="off"
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <button type="submit" className="quiet">
          Apply
        </button>
      </div>
    </form>
  );
}
