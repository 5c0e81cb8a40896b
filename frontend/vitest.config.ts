import { defineConfig } from "vitest/config";

// Each package names its own environment, plugins and set-up in <package>/vitest.config.ts.
export default defineConfig({ test: { projects: ["*/vitest.config.ts"] } });
