/** Theme, 长辈版, menu: switched at once, stored by a POST in the background. */
import { postForm } from "../requests";

type Switch = (value: string, button: HTMLButtonElement) => void;

const switches: Record<string, Switch> = {
  theme: (value) => {
    document.documentElement.dataset["theme"] = value;
  },
  mode: (value) => {
    document.documentElement.dataset["mode"] = value;
    const isElder = value === "elder";
    for (const knob of document.querySelectorAll<HTMLButtonElement>('button[form="display"][name="mode"]')) {
      knob.value = isElder ? "standard" : "elder";
      knob.setAttribute("aria-checked", String(isElder));
    }
  },
  menu: (value, button) => {
    const isFolded = value === "folded";
    document.querySelector("[data-menu]")?.classList.toggle("folded", isFolded);
    button.value = isFolded ? "open" : "folded";
    button.setAttribute("aria-expanded", String(!isFolded));
  },
};

/** Take over the form that would store a choice and load the page anew; a language still loads it anew. */
export function startDisplay(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-display]");
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    const change = switches[button.name];
    if (!change) return;
    event.preventDefault();
    const data = new FormData(form);
    data.set(button.name, button.value);
    change(button.value, button);
    window.dispatchEvent(new Event("linli:display"));
    postForm(form.action, data).catch(() => undefined); // the choice holds on this page; it is asked again on the next
  });
  for (const tab of document.querySelectorAll(".views [aria-current]")) showTab(tab);
}

/** Move a row of tabs that is broader than the screen so that the one that is open stands in its middle. */
function showTab(tab: Element): void {
  const row = tab.parentElement;
  if (!row) return;
  const [at, around] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += at.left + at.width / 2 - around.left - around.width / 2;
}
