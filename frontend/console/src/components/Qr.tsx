import encodeQR from "qr";

/** Light modules around the code, as the standard asks for. */
const QUIET = 4;

/** One path over all dark modules: a run of them in a row is one rectangle. */
function darkPath(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) =>
      row.flatMap((dark, x) => {
        if (!dark || row[x - 1] === true) return [];
        const end = row.indexOf(false, x);
        const width = (end < 0 ? row.length : end) - x;
        return [`M${String(x)} ${String(y)}h${String(width)}v1h-${String(width)}z`];
      }),
    )
    .join("");
}

/**
 * A QR code, drawn here: what it says reaches no other server. Dark on light whatever the scheme, because cameras and
 * their apps expect that.
 */
export function Qr({
  text,
  label,
  size = 208,
}: {
  readonly text: string;
  readonly label: string;
  readonly size?: number;
}) {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  return (
    <svg
      width={size}
      height={size}
      viewBox={`0 0 ${String(rows.length)} ${String(rows.length)}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={darkPath(rows)} fill="#000" />
    </svg>
  );
}
