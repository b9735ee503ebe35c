/** The one entry: small things at once, the rest when the page asks for it. */
import { startConnection } from "./islands/connection";
import { startDisplay } from "./islands/display";
import { startForms } from "./islands/forms";
import { startPick } from "./islands/pick";
import { startWorker } from "./islands/worker";

type Island = (part: HTMLElement) => void;

const islands: readonly (readonly [selector: string, load: () => Promise<Island>])[] = [
  ["[data-list]", async () => (await import("./islands/list")).startList],
  ["[data-live]", async () => (await import("./islands/live")).startLive],
  ["[data-printed]", async () => (await import("./islands/printing")).startPrinting],
  ["form[data-key]", async () => (await import("./islands/keys")).startKey],
  ["[data-wall]", async () => (await import("./islands/wall")).startWall],
  ["[data-report]", async () => (await import("./islands/report")).startReport],
  ["[data-pin-map]", async () => (await import("./islands/pin-map")).startPinMap],
  ["[data-area-edit]", async () => (await import("./islands/area-edit")).startAreaEdit],
  ["[data-map-cases]", async () => (await import("./islands/cases-map")).startCasesMap],
];

const htmxParts = "[hx-get],[hx-post],[hx-put],[hx-delete],[hx-boost]";

async function start(): Promise<void> {
  startDisplay();
  startForms();
  document.querySelectorAll<HTMLElement>("[data-no-line]").forEach(startConnection);
  startPick();
  startWorker();
  if (document.querySelector(htmxParts)) await import("./islands/parts");
  for (const [selector, load] of islands) {
    const found = document.querySelectorAll<HTMLElement>(selector);
    if (found.length === 0) continue;
    const island = await load();
    found.forEach(island);
  }
}

void start();
