/** Drawings of the products: a silhouette, a glaze line and a shadow. Decoration, so hidden from assistive tools. */
import { useId, type ReactNode } from "react";

const BODIES: Readonly<Record<string, string>> = {
  vase: "M44 22h32v10c22 10 30 34 20 56-4 8-12 12-20 12H44c-8 0-16-4-20-12-10-22-2-46 20-56z",
  mug: "M32 38h48v54c0 5-4 8-8 8H40c-5 0-8-3-8-8z",
  cup: "M34 44h52l-6 48c-1 5-4 8-9 8H49c-5 0-8-3-9-8z",
  bowl: "M18 52h84c0 28-16 42-28 48H46C34 94 18 80 18 52z",
  plate: "M10 78h100c-2 10-12 20-30 22H40C22 98 12 88 10 78z",
  pitcher: "M40 20l38 4 4 12-6 10c14 16 14 40 2 54H42C30 84 30 60 44 46z",
  planter: "M28 36h64l-8 58c-1 4-4 6-8 6H44c-4 0-7-2-8-6z",
  teapot: "M34 52c4-10 14-14 26-14s22 4 26 14l16-8-10 34c-4 14-14 22-32 22-20 0-32-10-32-28 0-8 2-14 6-20z",
  jar: "M34 44h52c4 4 6 10 6 18v26c0 8-4 12-12 12H40c-8 0-12-4-12-12V62c0-8 2-14 6-18z",
  carafe: "M52 14h16v28c16 10 24 26 20 46-2 8-8 12-14 12H46c-6 0-12-4-14-12-4-20 4-36 20-46z",
};

const EXTRAS: Readonly<Record<string, string>> = {
  mug: "M80 50c18-2 20 30 0 32",
  pitcher: "M80 44c22 0 20 34 4 38",
  teapot: "M34 56c-18-2-20 26-2 30M54 38c0-8 12-8 12 0",
  jar: "M32 42h56M56 36h8",
};

export function Pot({ shape, glaze }: { shape: string; glaze: string }): ReactNode {
  const body = BODIES[shape] ?? BODIES["vase"];
  const outline = useId();
  return (
    <svg viewBox="0 0 120 112" className="pot" aria-hidden="true" focusable="false">
      <ellipse cx="60" cy="101" rx="40" ry="5" fill="#000000" opacity="0.12" />
      <path d={EXTRAS[shape] ?? ""} fill="none" stroke={glaze} strokeWidth="7" strokeLinecap="round" />
      <clipPath id={outline}>
        <path d={body} />
      </clipPath>
      <g clipPath={`url(#${outline})`}>
        <path d={body} fill={glaze} />
        <path d="M0 0h48c-12 36-12 76 0 112H0z" fill="#ffffff" opacity="0.14" />
        <path d="M0 93h120v8H0z" fill="#000000" opacity="0.12" />
      </g>
      <path d={body} fill="none" stroke="#000000" strokeWidth="1" opacity="0.15" />
    </svg>
  );
}
