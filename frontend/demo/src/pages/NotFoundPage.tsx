import type { ReactNode } from "react";
import { Link } from "../router";

export function NotFoundPage(): ReactNode {
  return (
    <div className="empty">
      <h1>This shelf is empty</h1>
      <p>There is no such page.</p>
      <p>
        <Link to="/">Look at all pieces</Link>
      </p>
    </div>
  );
}
