/** Small habits of every page: confirm, open and close dialogs, send once, close menus, print. */
import { resend, word } from "../requests";

/** Ask in the page's dialog; resolves to whether the reader said yes. */
function ask(asker: HTMLElement): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#confirm");
  const text = asker.dataset["confirm"] ?? "";
  if (!dialog) return Promise.resolve(window.confirm(text));
  const yes = dialog.querySelector<HTMLButtonElement>('button[value="yes"]');
  const title = dialog.querySelector<HTMLElement>("[data-confirm-title]");
  const words = dialog.querySelector<HTMLElement>("[data-confirm-text]");
  if (title) title.textContent = asker.dataset["confirmTitle"] ?? word(dialog, "title");
  if (words) words.textContent = text;
  if (yes) {
    yes.textContent = asker.dataset["confirmYes"] ?? word(dialog, "yes");
    yes.classList.toggle("danger", "confirmDanger" in asker.dataset);
  }
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { resolve(dialog.returnValue === "yes"); }, { once: true });
  });
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const button = event.submitter instanceof HTMLElement ? event.submitter : null;
  const asker = button?.dataset["confirm"] ? button : form.dataset["confirm"] ? form : null;
  const isAnswered = form.dataset["confirmed"] === "yes" || form.dataset["line"] === "there"; // see connection.ts
  if (asker && !isAnswered) {
    event.preventDefault();
    event.stopImmediatePropagation();
    void ask(asker).then((isSure) => {
      if (!isSure) return;
      form.dataset["confirmed"] = "yes";
      resend(form, button);
      delete form.dataset["confirmed"];
    });
    return;
  }
  if (form.dataset["sending"] === "yes") {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** A second tap on a slow line sends nothing twice; the form is free again when the page comes back. */
function markSending(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const isPlain = form.method === "post" && form.target === "" && !form.matches("[hx-post],[hx-put],[hx-get]");
  const isDownload = event.submitter?.hasAttribute("data-download") ?? false; // the page stays, ready for the next
  if (event.defaultPrevented || !isPlain || isDownload) return;
  form.dataset["sending"] = "yes";
  document.body.classList.add("is-sending");
  window.setTimeout(free, 8000);
}

function free(): void {
  document.body.classList.remove("is-sending");
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sending]")) delete form.dataset["sending"];
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  if (opener) document.querySelector<HTMLDialogElement>(`dialog#${opener.dataset["opens"] ?? ""}`)?.showModal();
  if (target.closest("[data-closes]")) target.closest("dialog")?.close();
  if (target instanceof HTMLDialogElement && event.detail > 0) closeOutside(target, event);
  if (target.closest("[data-print]")) window.print();
  const unfolder = target.closest<HTMLElement>("[data-expands]");
  if (unfolder) unfold(unfolder);
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu-button][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

function unfold(button: HTMLElement): void {
  const part = document.getElementById(button.dataset["expands"] ?? "");
  const isOpen = part?.classList.toggle("open") ?? false;
  button.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) part?.querySelector<HTMLElement>("input, select, textarea")?.focus();
}

function closeOutside(dialog: HTMLDialogElement, event: MouseEvent): void {
  const box = dialog.getBoundingClientRect();
  const isInside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!isInside) dialog.close();
}

function onEscape(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu-button][open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
    event.stopPropagation();
  }
}

/** Listen once on the document, so that parts swapped in later behave alike. */
export function startForms(): void {
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("submit", markSending);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onEscape, true);
  window.addEventListener("pageshow", free);
}
