/** Parts of a page by htmx, with our token; what went wrong is said in words where the page keeps a place for it. */
import htmx from "htmx.org";
import { csrfToken } from "../requests";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0; // a shared office computer keeps no pages

document.body.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event as CustomEvent<{ headers: Record<string, string> }>;
  detail.headers["X-CSRFToken"] = csrfToken();
});

function tellFailure(): void {
  const place = document.querySelector<HTMLElement>("[data-request-failed]");
  if (place) place.hidden = false;
}
document.body.addEventListener("htmx:responseError", tellFailure);
document.body.addEventListener("htmx:sendError", tellFailure);
document.body.addEventListener("htmx:afterOnLoad", () => {
  const place = document.querySelector<HTMLElement>("[data-request-failed]");
  if (place) place.hidden = true;
});

export { htmx };
