import { defineConfig } from "vite";

export default defineConfig({
  // The replay origin's CSP forbids every connection, so nothing may be preloaded by fetch, and no image
  // or font of ours is inlined into a style where a recording could be confused with it.
  build: { modulePreload: { polyfill: false }, target: "es2022", sourcemap: false, reportCompressedSize: false },
});
