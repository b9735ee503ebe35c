/** Tells the server that a page of staff's is being printed, for the audit log. */
import { start } from "../alive";
import { postForm } from "../requests";

function startPrinting(part: HTMLElement): void {
  const url = part.dataset["printed"] ?? "";
  window.addEventListener("beforeprint", () => {
    const data = new FormData();
    data.set("page", location.pathname);
    postForm(url, data).catch(() => undefined); // without a line to the server the paper comes out all the same
  });
}

start("[data-printed]", startPrinting);
