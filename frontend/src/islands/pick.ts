/** Files chosen under a button of our own: the browser's is not in the page's language. */
import { word } from "../requests";

/** Say the name of the one file, or how many; listens once, so that forms swapped in later do too. */
export function startPick(): void {
  document.addEventListener("change", ({ target }) => {
    const place = target instanceof HTMLInputElement ? target.closest<HTMLElement>("[data-pick]") : null;
    const said = place?.querySelector<HTMLElement>("[data-pick-said]");
    if (!place || !said) return;
    const files = [...((target as HTMLInputElement).files ?? [])];
    said.dataset["none"] ??= said.textContent ?? "";
    const many = word(place, "chosen").replace("{n}", String(files.length));
    said.textContent = files.length === 0 ? said.dataset["none"] : files.length === 1 ? (files[0]?.name ?? "") : many;
  });
}
