/** Registers the service worker (src/worker.ts) once the page has come in, and tells it how pages look now. */

async function register(address: string): Promise<void> {
  await navigator.serviceWorker.register(address);
  const { active } = await navigator.serviceWorker.ready;
  const { lang, dataset } = document.documentElement;
  active?.postMessage([lang, dataset["theme"], dataset["mode"]].join("-"));
}

/** Browsers give no service worker over plain HTTP, nor in private windows of some: then pages are as without it. */
export function startWorker(): void {
  const address = document.querySelector<HTMLMetaElement>('meta[name="worker"]')?.content;
  if (!address || !("serviceWorker" in navigator)) return;
  const start = (): void => { register(address).catch(() => undefined); };
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start);
}
