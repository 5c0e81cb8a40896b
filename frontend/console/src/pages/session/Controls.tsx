import { ActionIcon, Button, Select, Switch, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { SPEEDS } from "@sealtape/replay/protocol";
import {
  IconLink,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForwardFilled,
  IconPlayerTrackNext,
  IconPlayerTrackPrev,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useSpeech } from "../../i18n/context";
import { clock } from "../../recording/format";
import type { Watching } from "../../recording/watching";
import classes from "./session.module.css";
import type { PlayerControls } from "./useControls";

interface ControlsProps {
  readonly watching: Watching;
  readonly controls: PlayerControls;
  readonly start: number;
  readonly end: number;
  /** The address that opens the recording at a time; without one there is nothing to link to. */
  readonly linkAt?: ((seconds: number) => string) | undefined;
}

function Act({
  label,
  hint,
  onClick,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Tooltip label={hint === undefined ? label : `${label} (${hint})`}>
      <ActionIcon variant="subtle" color="gray" size={32} className={classes.act} aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** The row of controls under the player. */
export function Controls({ watching, controls, start, end, linkAt }: ControlsProps) {
  const { t } = useSpeech();
  const { player, shown, feed } = watching;
  const clipboard = useClipboard({ timeout: 1500 });
  const offset = Math.max(0, (shown.ms || start) - start);
  return (
    <div className={classes.controls} role="group" aria-label={t("player.controls")}>
      <Tooltip label={`${shown.playing ? t("player.pause") : t("player.play")} (${t("key.space")})`}>
        <ActionIcon
          size={36}
          variant="filled"
          aria-label={shown.playing ? t("player.pause") : t("player.play")}
          onClick={controls.toggle}
        >
          {shown.playing ? (
            <IconPlayerPauseFilled size={18} aria-hidden />
          ) : (
            <IconPlayerPlayFilled size={18} aria-hidden />
          )}
        </ActionIcon>
      </Tooltip>
      <Act label={t("player.step-back")} hint="," onClick={() => controls.step(true)}>
        <IconPlayerTrackPrev size={18} stroke={1.6} aria-hidden />
      </Act>
      <Act label={t("player.step")} hint="." onClick={() => controls.step(false)}>
        <IconPlayerTrackNext size={18} stroke={1.6} aria-hidden />
      </Act>
      <span className={classes.time} data-testid="player-time">
        {clock(offset)} <span className={classes.timeTotal}>/ {clock(end - start)}</span>
      </span>
      {feed.phase === "following" && (
        <Button
          size="compact-sm"
          variant={shown.following ? "light" : "default"}
          aria-pressed={shown.following}
          leftSection={<IconPlayerSkipForwardFilled size={14} aria-hidden />}
          onClick={() => player.send({ type: "follow", on: !shown.following })}
        >
          {t("player.follow")}
        </Button>
      )}
      <span className={classes.controlsGap} />
      <Switch
        size="sm"
        label={t("player.skip-idle")}
        checked={shown.skipIdle}
        onChange={(event) => player.setSkipIdle(event.currentTarget.checked)}
      />
      <Select
        size="xs"
        w={84}
        aria-label={t("player.speed")}
        value={String(shown.speed)}
        allowDeselect={false}
        withCheckIcon={false}
        data={SPEEDS.map((speed) => ({ value: String(speed), label: `× ${String(speed)}` }))}
        onChange={(value) => {
          const speed = SPEEDS.find((each) => String(each) === value);
          if (speed !== undefined) player.setSpeed(speed);
        }}
      />
      {linkAt !== undefined && (
        <Act
          label={clipboard.copied ? t("copied") : t("player.link")}
          onClick={() => clipboard.copy(linkAt(Math.floor(offset / 1000)))}
        >
          <IconLink size={18} stroke={1.6} aria-hidden />
        </Act>
      )}
    </div>
  );
}
