/**
 * Purpose: where the visitor is, as `sealtape/nav@1`, also in single-page applications.
 * Design: History's two methods are wrapped, everything else has an event. URLs without query values and fragments.
 */
import { guard, listen, patch } from "../guard";
import { detect } from "../privacy/detect";
import { clip } from "../privacy/describe";
import { cleanUrl } from "../privacy/url";
import type { Stream } from "./stream";

const KINDS: Record<string, string> = { popstate: "pop", hashchange: "hash", pagehide: "hide", pageshow: "show" };

export function captureNavigation(stream: Stream): void {
  const tell = (kind: string) =>
    guard(() => stream.emit("nav", { kind, url: cleanUrl(location.href), title: detect(clip(document.title, 300)) }));
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
