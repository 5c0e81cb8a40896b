import type { ReactNode } from "react";
import classes from "./components.module.css";

/** A name and what stands beside it. */
export type Fact = readonly [name: string, value: ReactNode];

/** What is known of one thing, name beside value. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
