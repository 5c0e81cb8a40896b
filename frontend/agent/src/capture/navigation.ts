/**
 * Purpose: where the visitor is, as `sealtape/nav@1`, also in single-page applications.
 * Design: History's two methods are wrapped, everything else has an event. URLs without query values and fragments.
 * Single-page applications change the address first and the title when they have drawn, so the title is read again then.
 */
import { guard, listen, patch } from "../guard";
import { detect } from "../privacy/detect";
import { clip } from "../privacy/describe";
import { cleanUrl } from "../privacy/url";
import type { Stream } from "./stream";

const KINDS: Record<string, string> = { popstate: "pop", hashchange: "hash", pagehide: "hide", pageshow: "show" };

/** Until when a page that changed its address has set its title, ms. */
const DRAWN_MS = 100;

const title = (): string => detect(clip(document.title, 300));

export function captureNavigation(stream: Stream): void {
  const tell = (kind: string) =>
    guard(() => {
      const { href } = location;
      const payload = { kind, url: cleanUrl(href), title: title() };
      const event = stream.emit("nav", payload, true);
      stream.environment.later(() => {
        if (event.isOpen() && location.href === href) payload.title = title();
      }, DRAWN_MS);
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
