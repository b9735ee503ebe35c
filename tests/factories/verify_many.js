// Runs the page's own script outside a page: a record a line comes in as a JSON string, a list of checks goes out.
// usage: node verify_many.js BUILT
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { runInThisContext } = require("node:vm");

globalThis.window = globalThis;
globalThis.document = { querySelector: () => null };
runInThisContext(readFileSync(process.argv[2], "utf8"));

createInterface({ input: process.stdin }).on("line", (line) => {
  const checks = globalThis.checkDraw(JSON.parse(line));
  process.stdout.write(`${JSON.stringify(checks.map(({ code, holds, detail }) => [code, holds, detail]))}\n`);
});
