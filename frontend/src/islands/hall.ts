/** The big screen, the host's console, the order for presenters: see src/hall/page.ts. */
import { start } from "../alive";
import { startHall } from "../hall/page";

start("[data-hall]", startHall);
