/** The board on a wall: draws itself anew when something changed and once a minute, fills the screen, leaves by Esc. */
import { start } from "../alive";
import { later } from "../requests";

const SETTLE_MS = 2000; // what changes together is drawn once
const ANEW_MS = 60_000; // time alone makes a case overdue

/** Keep the board of a wall up to date. */
function startWall(wall: HTMLElement): void {
  const leave = (): void => { window.location.assign(wall.dataset["leave"] ?? "/cockpit/"); };
  const draw = async (): Promise<void> => {
    const answer = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return; // the line above says that there is no connection; the old figures stay
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-wall-body]");
    if (fresh) wall.querySelector("[data-wall-body]")?.replaceWith(fresh);
    else leave(); // signed out meanwhile: the way back leads to the sign-in page
  };
  document.addEventListener("linli:state", later(SETTLE_MS, () => void draw()));
  window.setInterval(() => void draw(), ANEW_MS);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
  // A browser keeps Esc for itself while the page fills the screen.
  document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) leave(); });
  wall.querySelector("[data-full-screen]")?.addEventListener("click", () => void document.documentElement.requestFullscreen());
}

start("[data-wall]", startWall);
