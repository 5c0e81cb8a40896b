import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  base: "/",
  // The table of roles is the server's own file.
  server: { fs: { allow: ["..", "../../policy"] } },
  build: {
    outDir: "dist",
    // The policy allows no data: fonts; every asset is a file with its hash in the name.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name].[hash].js",
        chunkFileNames: "assets/[name].[hash].js",
        assetFileNames: "assets/[name].[hash][extname]",
      },
    },
  },
});
