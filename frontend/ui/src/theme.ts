/**
 * Purpose: Mantine wearing the tokens.
 * Design: Mantine's ten-step palettes hold the token where `primaryShade` looks it up; what is derived from a palette
 * (hover, light, outline) is set as a CSS variable per scheme, because the steps around the token are not a ramp.
 * How to add one more colour: a token in `tokens.ts`, a palette here, and a line in `paletteVariables`.
 */
import {
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";
import { dark, light, radius, type SchemeTokens, typeSizes } from "./tokens";

const px = (value: number): string => `${String(value / 16)}rem`;

const palette = (lightValue: string, darkValue: string): MantineColorsTuple => [
  lightValue,
  lightValue,
  lightValue,
  lightValue,
  lightValue,
  lightValue,
  lightValue,
  lightValue,
  darkValue,
  darkValue,
];

const darkRamp: MantineColorsTuple = [
  dark.text,
  "#c9d1d9",
  dark.dimmed,
  "#939eaa",
  dark.border,
  dark.hover,
  dark.surface,
  dark.page,
  "#0d1116",
  "#090c10",
];

const OURS: readonly string[] = ["teal", "success", "warning", "danger"];

/** What stands on a filled surface follows the scheme: the same colour name is deep in light and bright in dark. */
const variantColors: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  const name = input.color ?? input.theme.primaryColor;
  return input.variant === "filled" && OURS.includes(name)
    ? { ...resolved, color: `var(--mantine-color-${name}-contrast)` }
    : resolved;
};

/** Mantine's theme for every Sealtape surface. */
export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  variantColorResolver: variantColors,
  defaultRadius: radius,
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, monospace',
  white: light.surface,
  black: light.text,
  colors: {
    teal: palette(light.primary, dark.primary),
    success: palette(light.success, dark.success),
    warning: palette(light.warning, dark.warning),
    danger: palette(light.danger, dark.danger),
    dark: darkRamp,
  },
  fontSizes: {
    xs: px(typeSizes.xs),
    sm: px(typeSizes.sm),
    md: px(typeSizes.md),
    lg: px(typeSizes.lg),
    xl: px(typeSizes.xl),
  },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.4" },
  spacing: { xs: px(4), sm: px(8), md: px(12), lg: px(16), xl: px(24) },
  radius: { xs: px(3), sm: px(radius), md: px(radius), lg: px(radius), xl: px(radius) },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: px(typeSizes.xl), lineHeight: "1.4" },
      h2: { fontSize: px(typeSizes.lg), lineHeight: "1.5" },
      h3: { fontSize: px(typeSizes.md), lineHeight: "1.5" },
    },
  },
  components: {
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { withArrow: true, transitionProps: { duration: 120 } } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 120, transition: "fade" },
        // A dialog's head is not the page's banner.
        attributes: { header: { role: "presentation" } },
      },
    },
    Chip: { defaultProps: { color: "teal" } },
    Checkbox: { defaultProps: { iconColor: "var(--mantine-primary-color-contrast)" } },
    Anchor: { defaultProps: { underline: "hover" } },
    Text: { defaultProps: { size: "md" } },
  },
});

function paletteVariables(name: string, value: string, hover: string, contrast: string): Record<string, string> {
  const tint = (share: number): string => `color-mix(in srgb, ${value} ${String(share)}%, transparent)`;
  return {
    [`--mantine-color-${name}-text`]: value,
    [`--mantine-color-${name}-filled`]: value,
    [`--mantine-color-${name}-filled-hover`]: hover,
    [`--mantine-color-${name}-light`]: tint(12),
    [`--mantine-color-${name}-light-hover`]: tint(18),
    [`--mantine-color-${name}-light-color`]: value,
    [`--mantine-color-${name}-outline`]: value,
    [`--mantine-color-${name}-outline-hover`]: tint(8),
    [`--mantine-color-${name}-contrast`]: contrast,
  };
}

function schemeVariables(tokens: SchemeTokens): Record<string, string> {
  return {
    "--st-page": tokens.page,
    "--st-surface": tokens.surface,
    "--st-border": tokens.border,
    "--st-hover": tokens.hover,
    "--st-text": tokens.text,
    "--st-dimmed": tokens.dimmed,
    "--st-primary": tokens.primary,
    "--st-on-primary": tokens.onPrimary,
    "--st-success": tokens.success,
    "--st-warning": tokens.warning,
    "--st-danger": tokens.danger,
    "--mantine-color-body": tokens.surface,
    "--mantine-color-text": tokens.text,
    "--mantine-color-bright": tokens.text,
    "--mantine-color-dimmed": tokens.dimmed,
    "--mantine-color-placeholder": tokens.dimmed,
    "--mantine-color-anchor": tokens.primary,
    "--mantine-color-error": tokens.danger,
    "--mantine-color-default": tokens.surface,
    "--mantine-color-default-hover": tokens.hover,
    "--mantine-color-default-color": tokens.text,
    "--mantine-color-default-border": tokens.border,
    "--mantine-color-disabled-color": tokens.dimmed,
    "--mantine-primary-color-contrast": tokens.onPrimary,
    ...paletteVariables("teal", tokens.primary, tokens.primaryHover, tokens.onPrimary),
    ...paletteVariables("success", tokens.success, tokens.success, tokens.onPrimary),
    ...paletteVariables("warning", tokens.warning, tokens.warning, tokens.onPrimary),
    ...paletteVariables("danger", tokens.danger, tokens.danger, tokens.onPrimary),
  };
}

/** CSS variables of both schemes; pass it to `MantineProvider`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { "--st-row": px(36) },
  light: schemeVariables(light),
  dark: schemeVariables(dark),
});
