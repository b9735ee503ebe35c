/** On every page: small things that all pages do. What one page does besides is in `islands`, which it names itself. */
import { comeAlive } from "./alive";
import { startConnection } from "./islands/connection";
import { startDisplay } from "./islands/display";
import { startForms } from "./islands/forms";
import { startPick } from "./islands/pick";
import { startWorker } from "./islands/worker";

startDisplay();
startForms();
document.querySelectorAll<HTMLElement>("[data-no-line]").forEach(startConnection);
startPick();
startWorker();
comeAlive();
