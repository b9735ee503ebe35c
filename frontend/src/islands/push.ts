/** Web push: asks the browser to be told, and sends what it answers with the form; takes it back likewise. */
import { start } from "../alive";
import { must } from "../requests";

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function fill(form: HTMLFormElement, deed: string, subscription: PushSubscription): void {
  const { endpoint, keys } = subscription.toJSON();
  const values = { do: deed, endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"] };
  for (const [name, value] of Object.entries(values)) must<HTMLInputElement>(form, `input[name="${name}"]`).value = value ?? "";
  form.submit();
}

async function begin(form: HTMLFormElement): Promise<void> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const on = must<HTMLButtonElement>(form, "[data-push-on]");
  const off = must<HTMLButtonElement>(form, "[data-push-off]");
  const failed = must<HTMLElement>(form, "[data-push-failed]");
  const now = await pushManager.getSubscription();
  form.hidden = false;
  on.hidden = now !== null;
  off.hidden = now === null;
  on.addEventListener("click", (event) => {
    event.preventDefault();
    failed.hidden = true;
    pushManager
      .subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset["push"] ?? "") })
      .then((subscription) => { fill(form, "browser", subscription); })
      .catch(() => { failed.hidden = false; });
  });
  off.addEventListener("click", (event) => {
    event.preventDefault();
    if (now) void now.unsubscribe().then(() => { fill(form, "forget", now); });
  });
}

start("form[data-push]", (form) => {
  if (!(form instanceof HTMLFormElement) || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  begin(form).catch(() => undefined);
});
