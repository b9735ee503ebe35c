/// <reference lib="webworker" />
/**
 * The part of the service worker that opens the phone's page without a network: the empty page and its parts, no data; and
 * that forgets what is too old, whoever wakes the worker.
 */
import type { Kept } from "./store"; // the type alone: a service worker is one file, a part shared with the page would be another

declare const self: ServiceWorkerGlobalScope;
/** Written before the worker by the server, see linli/edges/web/offline.py; page "" where staff are not served. */
declare const PHONE: { page: string; parts: string[]; version: string };

const OURS = "linli-phone-";
/** A page that is kept is shown after this time, if the network has not brought it: somebody stands in the street. */
const PATIENCE_MS = 2500;
const HOUR_MS = 3_600_000;
const ANY = { ignoreSearch: true, ignoreVary: true };

export const isPhoneCache = (name: string): boolean => name === OURS + PHONE.version;
export const isPhonePage = (url: string): boolean => PHONE.page !== "" && new URL(url).pathname === PHONE.page;
export const isPhonePart = (url: string): boolean => url.endsWith("?phone");

/** Keep the page as it looks now, with its parts; asked for by the page itself, so never on other people's phones. */
export async function keepPhone(look: string): Promise<void> {
  const cache = await caches.open(OURS + PHONE.version);
  for (const part of PHONE.parts) if (!(await cache.match(part, { ignoreVary: true }))) await cache.add(new Request(part, { cache: "reload" }));
  const address = `${PHONE.page}?${look}`;
  const page = await fetch(address);
  if (page.ok && !page.redirected) {
    for (const kept of await cache.keys(PHONE.page, ANY)) if (!kept.url.endsWith(address)) await cache.delete(kept, { ignoreVary: true });
    await cache.put(address, page);
  }
  for (const name of await caches.keys()) if (name.startsWith(OURS) && !isPhoneCache(name)) await caches.delete(name);
}

/** Give the page from the network, or the kept one where that is slow or away; null: neither. */
export async function answerPhone(event: FetchEvent): Promise<Response | null> {
  const asked = (async () => ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request)))();
  const kept = async (): Promise<Response | undefined> => caches.match(PHONE.page, ANY);
  const late = new Promise<Response | undefined>((resolve) => { self.setTimeout(() => void kept().then(resolve), PATIENCE_MS); });
  try {
    return (await Promise.race([asked, late])) ?? (await asked);
  } catch {
    return (await kept()) ?? null;
  }
}

/** Give a part of the page: the kept one first, since its address is this page's alone. */
export async function answerPart(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** Forget what was read and the drafts once they are too old: as any page is opened here, or a message is pushed. */
export function forgetWhenOld(): Promise<void> {
  return new Promise((resolve) => {
    if (PHONE.page === "") { resolve(); return; }
    const asked = indexedDB.open("linli-phone");
    asked.onupgradeneeded = () => { asked.transaction?.abort(); }; // there was nothing: make nothing
    asked.onerror = (event) => { event.preventDefault(); resolve(); };
    asked.onsuccess = () => {
      const phone = asked.result, stores = ["kept", "drafts"];
      const transaction = phone.transaction(stores, "readwrite");
      const got = transaction.objectStore("kept").get("pocket") as IDBRequest<Kept | undefined>;
      got.onsuccess = () => {
        if (got.result && Date.now() - got.result.at > got.result.pocket.keep_h * HOUR_MS) for (const name of stores) transaction.objectStore(name).clear();
      };
      transaction.oncomplete = transaction.onabort = () => { phone.close(); resolve(); };
    };
  });
}
