/**
 * Purpose: the design tokens of Sealtape's surfaces, one place for colours, sizes and spacing.
 * Design: a token has one value per colour scheme; every text pair is at least 4.5:1 on both surfaces of its scheme.
 * How to add one more: add it to both schemes here, then give it a CSS variable in `theme.ts`.
 */
export interface SchemeTokens {
  readonly page: string;
  readonly surface: string;
  readonly border: string;
  readonly hover: string;
  readonly text: string;
  readonly dimmed: string;
  readonly primary: string;
  readonly primaryHover: string;
  readonly onPrimary: string;
  readonly success: string;
  readonly warning: string;
  readonly danger: string;
}

/** Colours of the light scheme. */
export const light: SchemeTokens = {
  page: "#f5f7f9",
  surface: "#ffffff",
  border: "#d5dbe1",
  hover: "#edf1f4",
  text: "#16202a",
  dimmed: "#55606b",
  primary: "#0b6b63",
  primaryHover: "#095851",
  onPrimary: "#ffffff",
  success: "#1b6e3b",
  warning: "#8a5200",
  danger: "#b3261e",
};

/** Colours of the dark scheme. */
export const dark: SchemeTokens = {
  page: "#11161c",
  surface: "#1a212a",
  border: "#333e4a",
  hover: "#232c37",
  text: "#e6ebf0",
  dimmed: "#aab4bf",
  primary: "#4fd1c1",
  primaryHover: "#74ddd0",
  onPrimary: "#0b1a18",
  success: "#6fd08c",
  warning: "#f5b94a",
  danger: "#ff8a8a",
};

/** Type sizes in px. */
export const typeSizes = { xs: 12, sm: 13, md: 14, lg: 16, xl: 20, display: 28 } as const;

/** Corner radius in px. */
export const radius = 6;

/** Height of a table row in px. */
export const rowHeight = 36;
