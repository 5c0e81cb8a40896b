import { Button } from "@mantine/core";
import { IconPackageExport } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { grantToExportQuery } from "../../../api/access";
import { meQuery } from "../../../api/queries";
import { useCan } from "../../../components/access";
import { AskForSession } from "../../../components/ask/AskForSession";
import { useSpeech } from "../../../i18n/context";
import { ExportDialog } from "./ExportDialog";

interface ExportActionProps {
  readonly sessionId: string;
  readonly live: boolean;
  /** Whether it is there for asking, too, where no grant allows it yet. */
  readonly asks: boolean;
}

/** Takes the session out under a grant for it; who has none asks for one. */
export function ExportAction({ sessionId, live, asks }: ExportActionProps) {
  const { t } = useSpeech();
  const may = useCan()("grant.request");
  const { data: me } = useSuspenseQuery(meQuery());
  // What was chosen stays open, also when a grant ends meanwhile: the key is shown once.
  const [open, setOpen] = useState<"export" | "ask">();
  const button = useRef<HTMLButtonElement>(null);
  const grant = useQuery({ ...grantToExportQuery(sessionId, me.id), enabled: may });
  const granted = grant.data !== undefined && grant.data !== null;
  // Until it is known whether there is a grant, the button would lead somewhere else than a moment later.
  if (!may || grant.isPending || (!granted && !asks && open === undefined)) return null;
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
        onClick={() => setOpen(granted ? "export" : "ask")}
      >
        {t("export.do")}
      </Button>
      {open === "export" && (
        <ExportDialog sessionId={sessionId} live={live} onAsk={() => setOpen("ask")} onClose={close} />
      )}
      {open === "ask" && <AskForSession sessionId={sessionId} verb="export" onClose={close} />}
    </>
  );
}
