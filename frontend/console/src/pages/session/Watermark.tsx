import { useId } from "react";
import { useSpeech } from "../../i18n/context";
import type { Shown } from "../../recording/stream";
import classes from "./session.module.css";

const TILE = { width: 340, height: 150 };

/** Who watches, and since when, over the whole picture: a photograph of any part of it says who took it. */
export function Watermark({ shown }: { readonly shown: Shown }) {
  const { language } = useSpeech();
  const pattern = useId();
  if (shown.watermark === undefined) return null;
  const at = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const words = `${shown.watermark.viewer} · ${at.format(new Date(shown.watermark.at))}`;
  return (
    <svg className={classes.watermark} data-testid="watermark" aria-hidden>
      <pattern id={pattern} {...TILE} patternUnits="userSpaceOnUse" patternTransform="rotate(-18)">
        <text x={12} y={40}>
          {words}
        </text>
        <text x={90} y={115}>
          {words}
        </text>
      </pattern>
      <rect width="100%" height="100%" fill={`url(#${pattern})`} />
    </svg>
  );
}
