/** How a page comes to life: it names its scripts (web/island.html), each starts what it finds, early deeds are told again. */

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Start every part that the page holds. Scripts of a page run before its load event, so that a loaded page is alive. */
export function start(selector: string, island: (part: HTMLElement) => void): void {
  document.querySelectorAll<HTMLElement>(selector).forEach(island);
}

/**
 * Mark the page as alive once all its scripts have run, and tell them what somebody did before they listened.
 * Until then parts with class `with-js` are not seen, so that nobody presses what does not answer yet.
 */
export function comeAlive(): void {
  document.addEventListener("DOMContentLoaded", () => {
    document.documentElement.dataset["alive"] = "";
    window.setTimeout(tellAgain); // htmx starts in this same event, after us
  });
}

/** Whatever was typed, chosen or ticked on a slow line before a script came is heard as if it were done now. */
function tellAgain(): void {
  for (const field of document.querySelectorAll<Field>("input, select, textarea")) {
    if (!isTouched(field)) continue;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

function isTouched(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return isChosen(field);
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (field.type === "file") return (field.files?.length ?? 0) > 0;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

/** Where no option says that it is selected, a browser takes the first. */
function isChosen(select: HTMLSelectElement): boolean {
  const options = [...select.options];
  const given = options.filter(({ defaultSelected }) => defaultSelected).pop() ?? options.find(({ disabled }) => !disabled);
  return given !== undefined && !given.selected;
}
