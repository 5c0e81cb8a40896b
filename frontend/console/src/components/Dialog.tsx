import { Modal, type ModalProps } from "@mantine/core";
import { createContext, use } from "react";
import { useSpeech } from "../i18n/context";

/** Whether another dialog lies over those of the page, so that Escape is its own. */
export const Covered = createContext(false);

/** A dialog with the close button named; Escape closes only the one on top. */
export function Dialog({ closeOnEscape = true, ...props }: ModalProps) {
  const { t } = useSpeech();
  const covered = use(Covered);
  return <Modal closeButtonProps={{ "aria-label": t("close") }} closeOnEscape={closeOnEscape && !covered} {...props} />;
}
