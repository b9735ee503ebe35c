/** Requests to our own server, and the words a page gives to scripts. */

/** The token that Django asks of every POST. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

/** GET JSON; throws on anything but 2xx. Parameters that are empty are left out. */
export async function getJson<T>(url: string, parameters: Record<string, string>, signal?: AbortSignal): Promise<T> {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ""));
  const address = query.toString() === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${query.toString()}`;
  const response = await fetch(address, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new Error(`${address}: ${String(response.status)}`);
  return (await response.json()) as T;
}

/** POST a form's data; throws on anything but 2xx. */
export async function postForm(url: string, data: FormData): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    body: data,
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json", "X-Requested-With": "fetch" },
    credentials: "same-origin",
  });
  if (!response.ok) throw new Error(`${url}: ${String(response.status)}`);
  return response;
}

/** What the page says for `name`, from data-word-<name>; the catalogue holds the words, not the script. */
export function word(part: HTMLElement, name: string): string {
  return part.getAttribute(`data-word-${name}`) ?? "";
}

/** Call at most once, `wait_ms` after the last call. */
export function later(wait_ms: number, call: () => void): () => void {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(call, wait_ms);
  };
}

/** One element that the page promises to hold. */
export function must<T extends Element>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Send a form again as if `button` had been pressed, which may have been swapped out meanwhile. */
export function resend(form: HTMLFormElement, button: HTMLElement | null): void {
  if (button === null || button.isConnected) {
    form.requestSubmit(button);
    return;
  }
  const standIn = button.cloneNode(true) as HTMLElement;
  standIn.hidden = true;
  form.append(standIn);
  form.requestSubmit(standIn);
  standIn.remove();
}

/** An icon of the page's sprite. */
export function icon(name: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}
