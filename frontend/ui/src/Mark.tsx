/** Props of `Mark`. */
export interface MarkProps {
  /** Width and height in px. */
  readonly size?: number;
  /** Name for assistive technology; without it the mark is decoration. */
  readonly label?: string;
}

/** The mark: a tape reel closed by a seal. One colour, the text colour around it. */
export function Mark({ size = 24, label }: MarkProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      role={label === undefined ? undefined : "img"}
      aria-label={label}
      aria-hidden={label === undefined ? true : undefined}
    >
      <path d="M14.6 19.6A9 9 0 1 1 19.9 10.6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <circle cx="11" cy="11" r="2" fill="currentColor" />
      <circle cx="11" cy="6" r="1.4" fill="currentColor" />
      <circle cx="6.7" cy="13.5" r="1.4" fill="currentColor" />
      <path
        d="m18.5 12.6 1.5 1 1.8.1.5 1.7 1.2 1.4-.7 1.7.1 1.8-1.7.6-1.2 1.3-1.7-.6-1.8.2-.7-1.7-1.4-1.1.5-1.7-.4-1.8 1.6-.8Z"
        fill="currentColor"
      />
      <path d="m16.8 17.4 1.4 1.5 2.5-2.9" stroke="var(--st-surface, #fff)" strokeWidth="1.5" strokeLinecap="round" />
    </svg>
  );
}
