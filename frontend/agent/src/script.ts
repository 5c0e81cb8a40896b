/**
 * Purpose: the ready script for a plain `<script>` tag: reads its own tag and starts.
 * Design: `data-key` starts it; `data-endpoint` defaults to where the script came from, `data-project` and `data-release`
 * are optional. It defines `window.sealtape` with the four functions of `index.ts` and `push`; a page that wants to call
 * before the script is there writes `(window.sealtape = window.sealtape || []).push(["identify", { userId: "42" }])`.
 */
import { event, identify, init, stop } from "./index";

const api = {
  init,
  identify,
  event,
  stop,
  /** Calls kept from before the script was loaded, and the same form afterwards. */
  push(call: unknown): void {
    if (!Array.isArray(call)) return;
    const list: unknown[] = call;
    const [name, first, second] = list;
    if (name === "identify" && typeof first === "object" && first !== null) identify(first);
    else if (name === "event" && typeof first === "string") event(first, second);
    else if (name === "stop") void stop();
  },
};

const tag = document.currentScript;
if (tag instanceof HTMLScriptElement && tag.dataset["key"]) {
  const { key, endpoint, project, release } = tag.dataset;
  const from = endpoint ?? new URL(tag.src, location.href).origin;
  init({
    endpoint: from,
    key,
    ...(project === undefined ? {} : { project }),
    ...(release === undefined ? {} : { release }),
  });
}

const before: unknown = Reflect.get(window, "sealtape");
Reflect.set(window, "sealtape", api);
if (Array.isArray(before)) before.forEach((call) => api.push(call));
