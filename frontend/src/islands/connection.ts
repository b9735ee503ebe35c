/** Sending without a network: asked before the page is let go, so that what was typed stays and the page says so. */
import { must, resend } from "../requests";

const WAIT_MS = 8000;

/** Ask our server for anything at all; any answer will do. */
async function isReached(url: string): Promise<boolean> {
  if (!navigator.onLine) return false;
  const asked = new AbortController();
  const timer = window.setTimeout(() => { asked.abort(); }, WAIT_MS);
  try {
    await fetch(url, { method: "HEAD", cache: "no-store", signal: asked.signal });
    return true;
  } catch {
    return false;
  } finally {
    window.clearTimeout(timer);
  }
}

/** Watch the forms of a page that has a place for "no network". */
export function startConnection(note: HTMLElement): void {
  const sent = must<HTMLElement>(note, "[data-no-line-sent]");
  const idle = must<HTMLElement>(note, "[data-no-line-idle]");
  const say = (isSending: boolean): void => {
    sent.hidden = !isSending;
    idle.hidden = isSending;
    note.hidden = false;
  };
  const hide = (): void => { note.hidden = true; };
  window.addEventListener("offline", () => { say(false); });
  window.addEventListener("online", hide);

  const onSubmit = async (form: HTMLFormElement, button: HTMLElement | null): Promise<void> => {
    form.dataset["line"] = "asking";
    document.body.classList.add("is-sending");
    const isThere = await isReached(note.dataset["asks"] ?? "");
    document.body.classList.remove("is-sending");
    if (!isThere) {
      delete form.dataset["line"];
      say(true);
      return;
    }
    hide();
    form.dataset["line"] = "there";
    resend(form, button);
    delete form.dataset["line"];
  };
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const isPlain = form.method === "post" && !form.matches("[data-display],[hx-post]"); // those say it themselves
    const isOurs = isPlain && "requestSubmit" in form;
    if (!isOurs || form.dataset["line"] === "there") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset["line"] !== "asking") void onSubmit(form, event.submitter);
  }, true);
}
