/** Builds styles and islands into the web edge's static files, under names that never change. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  base: "./", // chunks find each other beside themselves, whatever STATIC_URL is
  publicDir: "static", // icon.svg
  css: {
    transformer: "lightningcss",
    // Versions of early 2021: light-dark(), nesting and color-mix() are written out for phones that old.
    lightningcss: { targets: { chrome: 87 << 16, safari: 14 << 16, firefox: 78 << 16 } },
  },
  build: {
    target: "es2020",
    outDir: fileURLToPath(new URL("../src/linli/edges/web/static/built", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0, // the policy `default-src 'self'` refuses data: addresses
    modulePreload: false, // would start an inline helper; chunks here have no long chains
    cssMinify: "lightningcss",
    rollupOptions: {
      checks: { eval: false }, // htmx holds one; allowEval is off, and the policy refuses it besides
      input: {
        linli: source("linli.ts"),
        "css/linli": source("styles/linli.css"),
        "css/portal": source("styles/portal.css"),
        "css/desk": source("styles/desk.css"),
        "css/wall": source("styles/wall.css"),
        "css/map": source("styles/map.css"),
        "css/noscript": source("styles/noscript.css"),
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
