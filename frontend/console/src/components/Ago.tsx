import { Tooltip } from "@mantine/core";
import { exactTime, relativeTime } from "@sealtape/ui";
import { useSpeech } from "../i18n/context";
import { useSecond } from "./Remaining";

/** "3 sec. ago", counting: for what is renewed every few seconds. The exact time on hover. */
export function Ago({ at }: { readonly at: string }) {
  const { language } = useSpeech();
  const now = useSecond();
  const ms = Date.parse(at);
  return (
    <Tooltip label={exactTime(ms, language)}>
      {/* The server's clock may be a little ahead of this one. */}
      <time dateTime={at}>{relativeTime(Math.min(ms, now), now, language)}</time>
    </Tooltip>
  );
}
