import type { Notice } from "@sealtape/api-client";
import type { ComponentPropsWithoutRef } from "react";
import { PathLink } from "../../components/PathLink";
import { noticePath } from "./kinds";

interface NoticeLinkProps extends Omit<ComponentPropsWithoutRef<"a">, "href"> {
  readonly notice: Pick<Notice, "kind" | "about">;
}

/** Leads to what a notice is about; where there is no page behind it, to the inbox. */
export const NoticeLink = ({ notice, ...props }: NoticeLinkProps) => (
  <PathLink path={noticePath(notice) ?? "/notices"} {...props} />
);
