/// <reference lib="webworker" />
/**
 * The service worker: a page asked for without a network is answered by the offline page instead of the browser's own.
 *
 * It keeps that page with its style, script and icon, and nothing else: no page, no figure, nobody's data. Only pages asked
 * for by GET pass through it, and the parts of the offline page, which alone have the query "offline"; the rest never does.
 * The page of a grid worker's phone is kept beside it, empty as well: phone/worker.ts.
 * KEPT, VERSION and PHONE are written before this file by the server, see linli/edges/web/offline.py.
 */
import { answerPart, answerPhone, forgetWhenOld, isPhoneCache, isPhonePage, isPhonePart, keepPhone } from "./phone/worker";

declare const self: ServiceWorkerGlobalScope;
declare const KEPT: readonly [page: string, ...parts: string[]];
declare const VERSION: string;

const NAME = `linli-${VERSION}`;
const [PAGE] = KEPT;
const ANY = { ignoreSearch: true, ignoreVary: true };

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll(KEPT.map((address) => new Request(address, { cache: "reload" })));
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== NAME && !isPhoneCache(name)) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

/** Keep the offline page as pages look now: in this language, light or dark, small or large; the one before goes last. */
async function dress(look: string): Promise<void> {
  const cache = await caches.open(NAME);
  const address = `${PAGE}?${look}`;
  if (await cache.match(address, { ignoreVary: true })) return;
  const page = await fetch(address);
  if (!page.ok || page.redirected) return;
  await cache.put(address, page);
  for (const kept of await cache.keys(PAGE, ANY)) if (!kept.url.endsWith(address)) await cache.delete(kept, { ignoreVary: true });
}

/** A page tells how pages look now; the phone's says besides that it is the phone's. */
async function take(told: unknown): Promise<void> {
  if (typeof told === "string") await dress(told);
  else await keepPhone((told as { phone: string }).phone);
}

async function answer(event: FetchEvent): Promise<Response> {
  if (isPhonePage(event.request.url)) {
    const page = await answerPhone(event);
    if (page) return page;
  }
  try {
    return ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(PAGE, ANY)) ?? Response.error();
  }
}

/** Show what the server says by web push; the same message told twice takes its own place. */
async function show(data: PushMessageData | null): Promise<void> {
  const { title, body, url, id } = (data?.json() ?? {}) as Partial<Record<"title" | "body" | "url" | "id", string>>;
  await self.registration.showNotification(title ?? "邻里", { body: body ?? "", data: url ?? "/", ...(id ? { tag: id } : {}) });
}

/** Open what a message leads to, here and nowhere else, in a window that is there already if there is one. */
async function open(url: string): Promise<void> {
  const { pathname, search } = new URL(url, self.location.origin);
  const address = self.location.origin + pathname + search;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((each) => each.url === address);
  if (there) await there.focus();
  else await self.clients.openWindow(address);
}

self.addEventListener("push", (event) => { event.waitUntil(Promise.all([show(event.data), forgetWhenOld()])); });
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data)));
});
self.addEventListener("install", (event) => { event.waitUntil(install()); });
self.addEventListener("activate", (event) => { event.waitUntil(activate()); });
self.addEventListener("message", (event) => { event.waitUntil(take(event.data).catch(() => undefined)); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(answer(event));
    event.waitUntil(forgetWhenOld());
  } else if (isPhonePart(request.url)) event.respondWith(answerPart(request));
  else if (request.url.endsWith("?offline")) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  }
});
