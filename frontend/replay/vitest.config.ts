import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "replay", environment: "jsdom", include: ["src/**/*.test.ts"] } });
