import { useId, useState, type ReactNode, type SyntheticEvent } from "react";
import { Link, go } from "../router";
import { placeOrder, price, total, type Cart, type Product } from "../shop";

interface Props {
  products: readonly Product[];
  cart: Cart;
  onOrdered: () => void;
}

interface FieldProps {
  label: string;
  name: string;
  type?: string;
  autoComplete: string;
  inputMode?: "numeric" | "email" | "tel";
  required?: boolean;
  hint?: string;
}

function Field({ label, name, type = "text", autoComplete, inputMode, required = true, hint }: FieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        autoComplete={autoComplete}
        inputMode={inputMode}
        required={required}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function PasswordField(): ReactNode {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>Password</label>
      <div className="row">
        <input
          id={id}
          name="password"
          type={shown ? "text" : "password"}
          autoComplete="new-password"
          minLength={8}
          required
        />
        <button type="button" className="quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? "Hide password" : "Show password"}
        </button>
      </div>
    </div>
  );
}

/** Fields that pages carry and nobody sees. A recorder must not see them either. */
function HiddenFields(): ReactNode {
  return (
    <>
      <input type="hidden" name="csrf_token" value="csrf-5f1d-hidden-canary" readOnly />
      <input type="hidden" name="api_key" value="sk_live_hidden_canary_0042" readOnly />
    </>
  );
}

export function CheckoutPage({ products, cart, onOrdered }: Props): ReactNode {
  const [account, setAccount] = useState(false);
  const [state, setState] = useState<"editing" | "sending" | "failed">("editing");
  const items = Object.entries(cart).map(([product, quantity]) => ({ product, quantity }));
  if (items.length === 0) {
    return (
      <div className="empty">
        <h1>Nothing to check out</h1>
        <p>
          <Link to="/">Look at the shelves</Link>
        </p>
      </div>
    );
  }
  const order = async (form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === "string" ? value : "";
    };
    setState("sending");
    try {
      const number = await placeOrder({
        name: text("name"),
        email: text("email"),
        card_number: text("card_number"),
        items,
      });
      sessionStorage.setItem("kiln-email", text("email"));
      go(`/order/${encodeURIComponent(number)}`);
      onOrdered();
    } catch {
      setState("failed");
    }
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void order(event.currentTarget);
  };
  return (
    <>
      <h1>Checkout</h1>
      <form className="checkout" onSubmit={submit}>
        <fieldset>
          <legend>About you</legend>
          <Field label="Name" name="name" autoComplete="name" />
          <Field label="E-mail" name="email" type="email" autoComplete="email" inputMode="email" />
          <Field label="Street and number" name="street" autoComplete="street-address" />
          <label className="tick">
            <input type="checkbox" checked={account} onChange={(event) => setAccount(event.target.checked)} />
            Create an account
          </label>
          {account && <PasswordField />}
        </fieldset>
        <fieldset>
          <legend>Card</legend>
          <Field
            label="Card number"
            name="card_number"
            autoComplete="cc-number"
            inputMode="numeric"
            hint="Try 4242 4242 4242 4242. No card is charged."
          />
          <div className="pair">
            <Field label="Expiry date" name="card_expiry" autoComplete="cc-exp" inputMode="numeric" />
            <Field label="Security code" name="card_code" autoComplete="cc-csc" inputMode="numeric" />
          </div>
        </fieldset>
        <HiddenFields />
        {state === "failed" && (
          <p role="alert">The order could not be placed. Nothing was charged; please try again.</p>
        )}
        <div className="row">
          <button type="submit" disabled={state === "sending"}>
            {state === "sending" ? "Placing your order…" : `Pay ${price(total(cart, products))}`}
          </button>
          <Link to="/cart">Back to the cart</Link>
        </div>
        <p role="status" className="visually-hidden">
          {state === "sending" ? "Placing your order…" : ""}
        </p>
      </form>
    </>
  );
}
