import { useRouter } from "@tanstack/react-router";
import type { ComponentPropsWithoutRef } from "react";

interface PathLinkProps extends Omit<ComponentPropsWithoutRef<"a">, "href"> {
  /** Where it leads, within the console. */
  readonly path: string;
}

/** A link to a page of the console whose path is known only while it runs. */
export function PathLink({ path, children, onClick, ...props }: PathLinkProps) {
  const router = useRouter();
  return (
    <a
      {...props}
      href={path}
      onClick={(event) => {
        onClick?.(event);
        // A click that opens a tab or a window is the browser's.
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        router.history.push(path);
      }}
    >
      {children}
    </a>
  );
}
