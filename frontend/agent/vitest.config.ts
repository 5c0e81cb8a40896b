import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { __VERSION__: '"0.0.0-test"' },
  test: { name: "agent", environment: "jsdom", include: ["src/**/*.test.ts"], root: import.meta.dirname },
});
