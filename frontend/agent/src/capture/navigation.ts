/**
 * Purpose: where the visitor is, as `sealtape/nav@1`, also in single-page applications.
 * Design: History's two methods are wrapped, everything else has an event. URLs without query values and fragments.
 * Single-page applications change the address first and the title when they have drawn, so the title is read when the
 * event is written down, or when the next place is told.
 */
import { guard, listen, patch } from "../guard";
import { detect } from "../privacy/detect";
import { clip } from "../privacy/describe";
import { cleanUrl } from "../privacy/url";
import type { Stream } from "./stream";

const KINDS: Record<string, string> = { popstate: "pop", hashchange: "hash", pagehide: "hide", pageshow: "show" };

const title = (): string => detect(clip(document.title, 300));

export function captureNavigation(stream: Stream): void {
  let settle = (): void => undefined;
  const tell = (kind: string) =>
    guard(() => {
      settle();
      let settled: string | undefined;
      settle = () => void (settled = title());
      const payload = {
        kind,
        url: cleanUrl(location.href),
        get title() {
          return settled ?? title();
        },
      };
      stream.emit("nav", payload, true);
    });
  tell("load");
  listen(
    window,
    Object.keys(KINDS).join(" "),
    (event) => {
      // The first pageshow belongs to the load that was told already.
      if (event.type !== "pageshow" || (event instanceof PageTransitionEvent && event.persisted))
        tell(KINDS[event.type] ?? event.type);
    },
    stream.undo,
  );
  const wrap =
    (kind: string) =>
    (original: History["pushState"]): History["pushState"] =>
      function (this: History, ...args) {
        original.apply(this, args);
        tell(kind);
      };
  patch(history, "pushState", wrap("push"), stream.undo);
  patch(history, "replaceState", wrap("replace"), stream.undo);
}
