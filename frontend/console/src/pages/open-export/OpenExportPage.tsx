import { useDocumentTitle } from "@mantine/hooks";
import { useState } from "react";
import type { Bundle } from "../../export/bundle";
import { useSpeech } from "../../i18n/context";
import { Frame } from "../login/Frame";
import { Opened } from "./Opened";
import { OpenForm } from "./OpenForm";

/** Plays a session that was taken out. It needs no sign-in: whoever holds file and key may look, and the server is not asked. */
export function OpenExportPage() {
  const { t } = useSpeech();
  const [bundle, setBundle] = useState<Bundle>();
  useDocumentTitle(`${bundle === undefined ? t("opener.title") : t("opened.title")} · Sealtape`);
  return bundle === undefined ? (
    <Frame>
      <OpenForm onOpened={setBundle} />
    </Frame>
  ) : (
    <Frame wide>
      <Opened bundle={bundle} onClose={() => setBundle(undefined)} />
    </Frame>
  );
}
