import type { ReactNode } from "react";
import { Link } from "../router";

export function ConfirmationPage({ number }: { number: string }): ReactNode {
  const email = sessionStorage.getItem("kiln-email") ?? "";
  return (
    <div className="empty">
      <h1>Thank you</h1>
      <p>
        Order <strong>{decodeURIComponent(number)}</strong> is on its way to the kiln.
      </p>
      {/* An address in plain text, as shops print it: only a detector can find it here. */}
      {email !== "" && <p>A confirmation goes to {email}.</p>}
      <p>
        <Link to="/">Back to the shelves</Link>
      </p>
    </div>
  );
}
