/**
 * Purpose: the page of the replay origin. It shows recordings and can do nothing else: no API, no cookies,
 * no network, and the recorded page inside it is a frame without scripts.
 *
 * Design: `protocol.ts` joins it to the console; `sanitise/` makes events harmless; `timeline.ts` keeps them;
 * `stage.ts` draws one tab with rrweb; `player.ts` decides; `view.ts` lays it out.
 */
import "@rrweb/replay/dist/style.css";
import "./player.css";
import { Player } from "./player";
import { acceptConsole, isToPlayer } from "./protocol";
import { rrwebStage } from "./stage";
import { View } from "./view";

// The server writes its console's origin into the page; without it nobody is let in.
const consoleOrigin = document.querySelector<HTMLMetaElement>('meta[name="console-origin"]')?.content ?? "";

acceptConsole(window, consoleOrigin, (port) => {
  const view = new View(document);
  const player = new Player({
    now: () => performance.now(),
    frame: (callback) => {
      requestAnimationFrame(callback);
    },
    send: (message) => {
      port.postMessage(message);
    },
    stage: (known, on) => rrwebStage(view.screen, known, on),
    view,
  });
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isToPlayer(data)) player.receive(data);
    else port.postMessage({ type: "error", detail: "a message was not understood" });
  };
});
