declare module "*/build.mjs" {
  export const LIMIT: number;
  export function bundleScript(): Promise<{ bytes: Uint8Array; gzip: number; inputs: Record<string, unknown> }>;
}
