import { useHotkeys } from "@mantine/hooks";
import { SPEEDS } from "@sealtape/replay/protocol";
import type { Span } from "../../recording/marks";
import { seekIn, type Watching } from "../../recording/watching";

/** How far the arrow keys jump, in ms. */
const JUMP_MS = 5000;

/** What one can do with the player. */
export interface PlayerControls {
  readonly toggle: () => void;
  readonly seek: (ms: number) => void;
  readonly jump: (direction: 1 | -1) => void;
  readonly step: (back: boolean) => void;
  readonly faster: (direction: 1 | -1) => void;
}

/** Whether a key belongs to the element that has the focus: space presses a button, arrows move a slider. */
function taken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="slider"], [role="menu"], [role="radiogroup"], [role="dialog"]') !== null) return true;
  return event.key === " " && target.closest("button, a, summary") !== null;
}

/** The player's controls, on the screen and on the keyboard. */
export function useControls(watching: Watching, span: Span): PlayerControls {
  const { player, shown } = watching;
  const { start } = span;
  const seek = (ms: number): void => seekIn(watching, span, ms);
  const controls: PlayerControls = {
    seek,
    toggle: () => {
      if (shown.playing) player.send({ type: "pause" });
      else {
        if (shown.finished) seek(start);
        player.send({ type: "play" });
      }
    },
    jump: (direction) => seek((shown.ms || start) + direction * JUMP_MS),
    step: (back) => player.send({ type: "step", back }),
    faster: (direction) => {
      const next = SPEEDS[SPEEDS.indexOf(shown.speed) + direction];
      if (next !== undefined) player.setSpeed(next);
    },
  };
  const free =
    (act: () => void) =>
    (event: KeyboardEvent): void => {
      if (taken(event)) return;
      event.preventDefault();
      act();
    };
  useHotkeys(
    [
      ["space", free(controls.toggle), { preventDefault: false }],
      ["ArrowLeft", free(() => controls.jump(-1)), { preventDefault: false }],
      ["ArrowRight", free(() => controls.jump(1)), { preventDefault: false }],
      [",", free(() => controls.step(true)), { preventDefault: false }],
      [".", free(() => controls.step(false)), { preventDefault: false }],
      ["[", free(() => controls.faster(-1)), { preventDefault: false }],
      ["]", free(() => controls.faster(1)), { preventDefault: false }],
    ],
    ["INPUT", "TEXTAREA", "SELECT"],
  );
  return controls;
}
