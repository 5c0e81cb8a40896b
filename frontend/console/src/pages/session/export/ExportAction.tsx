import { Button } from "@mantine/core";
import type { SessionDetail } from "@sealtape/api-client";
import { IconPackageExport } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { grantToExportQuery } from "../../../api/access";
import { meQuery } from "../../../api/queries";
import { useCan } from "../../../components/access";
import { AskForSession } from "../../../components/ask/AskForSession";
import { useSpeech } from "../../../i18n/context";
import { ExportDialog } from "./ExportDialog";

/** Takes the session out, by a role or under a grant for it; who has neither asks for one. */
export function ExportAction({ session }: { readonly session: SessionDetail }) {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  // What was chosen stays open, also when a grant ends meanwhile: the key is shown once.
  const [open, setOpen] = useState<"export" | "ask">();
  const button = useRef<HTMLButtonElement>(null);
  const asks = can("grant.request");
  const grant = useQuery({ ...grantToExportQuery(session.id, me.id), enabled: asks });
  const may = can("session.export") || (grant.data !== undefined && grant.data !== null);
  if (!may && !asks) return null;
  const close = (): void => {
    setOpen(undefined);
    // The dialog goes with what was in it, so it cannot give the focus back itself.
    button.current?.focus();
  };
  return (
    <>
      <Button
        ref={button}
        variant="default"
        leftSection={<IconPackageExport size={16} aria-hidden />}
        onClick={() => setOpen(may ? "export" : "ask")}
      >
        {t("export.do")}
      </Button>
      {open === "export" && (
        <ExportDialog
          sessionId={session.id}
          live={session.state === "live"}
          onAsk={() => setOpen("ask")}
          onClose={close}
        />
      )}
      {open === "ask" && <AskForSession sessionId={session.id} verb="export" onClose={close} />}
    </>
  );
}
