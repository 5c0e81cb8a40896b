import { useElementSize } from "@mantine/hooks";
import { useId, useState } from "react";
import { useSpeech } from "../../i18n/context";
import { clock, length, path } from "../../recording/format";
import type { TapeItem } from "../../recording/items";
import { actionMarks, failureMarks, type Mark, pageBands, share, type Span } from "../../recording/marks";
import { gapReason, sentence } from "../../recording/sentences";
import type { TapeGap } from "../../recording/stream";
import classes from "./timeline.module.css";

interface TimelineProps extends Span {
  readonly items: readonly TapeItem[];
  readonly gaps: readonly TapeGap[];
  /** Epoch ms on show. */
  readonly at: number;
  /** Epoch ms up to which events are here. */
  readonly loadedUntil: number;
  readonly seek: (ms: number) => void;
}

const HEIGHT = 64;
const PAGE_HEIGHT = 20;
const BASE = 56;
const KEY_JUMP_MS = 5000;
const LABEL_ROOM = 56;
const PX_PER_CHARACTER = 6.6;

function Pages({
  items,
  span,
  width,
}: {
  readonly items: readonly TapeItem[];
  readonly span: Span;
  readonly width: number;
}) {
  return pageBands(items, span).map((band, index) => {
    const x = band.from * width;
    const room = (band.to - band.from) * width;
    const label = path(band.url);
    const fits = Math.floor((room - 12) / PX_PER_CHARACTER);
    return (
      <g key={`${band.from}-${band.url}`}>
        <rect
          x={x}
          y={0}
          width={Math.max(0, room)}
          height={PAGE_HEIGHT}
          className={index % 2 === 0 ? classes.page : classes.pageOdd}
        >
          <title>{label}</title>
        </rect>
        {room > LABEL_ROOM && (
          <text x={x + 6} y={14} className={classes.pageLabel}>
            {label.length > fits ? `${label.slice(0, Math.max(1, fits - 1))}…` : label}
          </text>
        )}
      </g>
    );
  });
}

function Gaps({
  gaps,
  span,
  width,
  hatch,
}: {
  readonly gaps: readonly TapeGap[];
  readonly span: Span;
  readonly width: number;
  readonly hatch: string;
}) {
  const { t, language } = useSpeech();
  return gaps.map((gap) => {
    const x = share(gap.fromMs, span) * width;
    const room = Math.max(4, (share(gap.toMs, span) - share(gap.fromMs, span)) * width);
    return (
      <rect
        key={`${gap.tab}-${gap.fromMs}`}
        x={x}
        y={PAGE_HEIGHT}
        width={room}
        height={HEIGHT - PAGE_HEIGHT}
        fill={`url(#${hatch})`}
        className={classes.gap}
      >
        <title>
          {t("event.gap", { took: length(gap.toMs - gap.fromMs, language), reason: gapReason(gap.reason, t) })}
        </title>
      </rect>
    );
  });
}

function Failure({ mark, width }: { readonly mark: Mark; readonly width: number }) {
  const { t, tn, language } = useSpeech();
  const x = mark.x * width;
  return (
    <path d={`M${x} 24 l6 10 h-12 Z`} className={classes.failure}>
      <title>{mark.count > 1 ? tn("timeline.failures", mark.count) : sentence(mark.first, t, language)}</title>
    </path>
  );
}

/** The session at a glance: pages, what was done, what failed, what is missing. A slider for the player's time. */
export function Timeline({ items, gaps, start, end, at, loadedUntil, seek }: TimelineProps) {
  const { t, tn } = useSpeech();
  const { ref, width: measured } = useElementSize();
  const hatch = useId();
  const [hover, setHover] = useState<number>();
  const width = Math.max(1, measured);
  const span: Span = { start, end };
  const timeAt = (clientX: number, element: Element): number => {
    const box = element.getBoundingClientRect();
    return start + Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * (end - start);
  };
  const playhead = share(at, span) * width;
  const loaded = share(loadedUntil, span) * width;
  const failures = failureMarks(items, span, Math.max(1, Math.floor(width / 8)));
  return (
    <div className={classes.timeline}>
      <div
        ref={ref}
        className={classes.track}
        role="slider"
        tabIndex={0}
        aria-label={t("timeline.label")}
        aria-valuemin={0}
        aria-valuemax={Math.round((end - start) / 1000)}
        aria-valuenow={Math.round((at - start) / 1000)}
        aria-valuetext={t("timeline.value", { at: clock(at - start), total: clock(end - start) })}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(timeAt(event.clientX, event.currentTarget));
        }}
        onPointerMove={(event) => {
          const time = timeAt(event.clientX, event.currentTarget);
          setHover(time);
          if (event.buttons === 1) seek(time);
        }}
        onPointerLeave={() => setHover(undefined)}
        onKeyDown={(event) => {
          const jumps: Readonly<Record<string, number>> = {
            ArrowLeft: at - KEY_JUMP_MS,
            ArrowRight: at + KEY_JUMP_MS,
            PageUp: at - (end - start) / 10,
            PageDown: at + (end - start) / 10,
            Home: start,
            End: end,
          };
          const target = jumps[event.key];
          if (target === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          seek(target);
        }}
      >
        <svg width={width} height={HEIGHT} className={classes.drawing} aria-hidden>
          <defs>
            <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <line x1="0" y1="0" x2="0" y2="6" className={classes.hatch} />
            </pattern>
          </defs>
          <Pages items={items} span={span} width={width} />
          <line x1={0} x2={width} y1={BASE} y2={BASE} className={classes.base} />
          <line x1={0} x2={loaded} y1={BASE} y2={BASE} className={classes.loaded} />
          <Gaps gaps={gaps} span={span} width={width} hatch={hatch} />
          {actionMarks(items, span, Math.max(1, Math.floor(width / 3))).map((mark) => {
            const tall = Math.min(18, 6 + mark.count * 3);
            return (
              <rect
                key={mark.x}
                x={mark.x * width - 1}
                y={BASE - tall}
                width={2}
                height={tall}
                className={classes.action}
              />
            );
          })}
          {failures.map((mark) => (
            <Failure key={mark.x} mark={mark} width={width} />
          ))}
          {hover !== undefined && (
            <line
              x1={share(hover, span) * width}
              x2={share(hover, span) * width}
              y1={0}
              y2={HEIGHT}
              className={classes.hover}
            />
          )}
          <line x1={playhead} x2={playhead} y1={0} y2={HEIGHT} className={classes.playhead} />
          <circle cx={playhead} cy={BASE} r={5} className={classes.knob} />
        </svg>
      </div>
      <div className={classes.legend}>
        <span>{hover === undefined ? clock(at - start) : clock(hover - start)}</span>
        <span>
          {tn(
            "timeline.failures",
            failures.reduce((sum, mark) => sum + mark.count, 0),
          )}
        </span>
        <span>{tn("timeline.gaps", gaps.length)}</span>
      </div>
    </div>
  );
}
