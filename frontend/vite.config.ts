/** Builds styles and islands into the web edge's static files, under names that never change. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { type Plugin, defineConfig } from "vite";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));
const result = source("../../src/linli/edges/web/static/built");

/** What pages name besides (web/island.html); the other islands are in linli.ts, for every page. */
const islands = Object.fromEntries(
  ["area-edit", "cases-map", "draw-screen", "forget", "hall", "juror", "keys", "list", "live", "parts", "pin-map", "printing", "push", "report", "wall"].map((name) => [
    name,
    source(`islands/${name}.ts`),
  ]),
);

/** Writes each file once more in both packings beside it; the server hands out what the browser takes. */
const packed: Plugin = {
  name: "packed",
  closeBundle: () => {
    for (const name of readdirSync(result, { recursive: true, encoding: "utf8" })) {
      if (!/\.(?:js|css|svg)$/.test(name)) continue;
      const text = readFileSync(join(result, name));
      writeFileSync(join(result, `${name}.gz`), gzipSync(text, { level: 9 }));
      writeFileSync(
        join(result, `${name}.br`),
        brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
      );
    }
  },
};

export default defineConfig({
  plugins: [packed],
  base: "./", // chunks find each other beside themselves, whatever STATIC_URL is
  publicDir: "static", // icon.svg
  css: {
    transformer: "lightningcss",
    // Versions of early 2021: light-dark(), nesting and color-mix() are written out for phones that old.
    lightningcss: { targets: { chrome: 87 << 16, safari: 14 << 16, firefox: 78 << 16 } },
  },
  build: {
    target: "es2020",
    outDir: result,
    emptyOutDir: true,
    assetsInlineLimit: 0, // the policy `default-src 'self'` refuses data: addresses
    modulePreload: false, // would start an inline helper; chunks here have no long chains
    cssMinify: "lightningcss",
    rollupOptions: {
      checks: { eval: false }, // htmx holds one; allowEval is off, and the policy refuses it besides
      input: {
        linli: source("linli.ts"),
        ...islands,
        offline: source("offline.ts"),
        worker: source("worker.ts"),
        phone: source("phone/phone.ts"),
        verify: source("verify.ts"),
        "css/linli": source("styles/linli.css"),
        "css/portal": source("styles/portal.css"),
        "css/desk": source("styles/desk.css"),
        "css/phone": source("styles/phone.css"),
        "css/wall": source("styles/wall.css"),
        "css/hall": source("styles/hall.css"),
        "css/verify": source("styles/verify.css"),
        "css/draw-screen": source("styles/draw-screen.css"),
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
