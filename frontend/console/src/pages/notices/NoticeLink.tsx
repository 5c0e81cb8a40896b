import type { Notice } from "@sealtape/api-client";
import { useRouter } from "@tanstack/react-router";
import type { ComponentPropsWithoutRef, ReactNode } from "react";
import { noticePath } from "./kinds";

interface NoticeLinkProps extends Omit<ComponentPropsWithoutRef<"a">, "href"> {
  readonly notice: Pick<Notice, "kind" | "about">;
  readonly children?: ReactNode;
}

/** Leads to what a notice is about; where there is no page behind it, to the inbox. */
export function NoticeLink({ notice, children, onClick, ...props }: NoticeLinkProps) {
  const router = useRouter();
  const path = noticePath(notice) ?? "/notices";
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
