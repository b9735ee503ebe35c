/**
 * The big screen of a draw: asks twice a second whether something changed, and lets the names rise one by one when they are
 * drawn. The result is computed and recorded before the first name rolls; rolling decides nothing.
 */
import { start } from "../alive";

const ASK_MS = 500;
const ROLL_MS = 80; // a name of the rolling ones
const RISE_MS = 2200; // from one drawn name to the next
const MOST_MS = 45_000; // all of them, however many

function startDrawScreen(first: HTMLElement): void {
  let stage = first;
  let isPlaying = false;

  const ask = async (): Promise<void> => {
    if (isPlaying) return;
    const address = `${window.location.pathname}?seen=${stage.dataset["seen"] ?? ""}`;
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    stage.querySelector<HTMLElement>("[data-no-answer]")?.toggleAttribute("hidden", answer !== null && answer.ok);
    if (answer?.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector<HTMLElement>("[data-draw-screen]");
    if (!fresh) return;
    const isNew = stage.dataset["state"] !== "drawn" && fresh.dataset["state"] === "drawn";
    stage.replaceWith(fresh);
    stage = fresh;
    if (isNew && !window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      isPlaying = true;
      await play(stage);
      isPlaying = false;
    }
  };
  window.setInterval(() => void ask(), ASK_MS);
}

async function play(stage: HTMLElement): Promise<void> {
  const risen = [...stage.querySelectorAll<HTMLElement>("[data-rise]")];
  const cells = [...stage.querySelectorAll<HTMLElement>("[data-cell]")];
  const names = [...stage.querySelectorAll<HTMLElement>(".names li:not(.left-out)")].map(
    (each) => each.dataset["name"] ?? each.textContent ?? "",
  );
  const plates = new Map(cells.map((cell) => [cell.dataset["cell"] ?? "", cell]));
  for (const cell of cells) hide(cell);
  for (const each of risen) each.classList.add("waits-its-turn");
  count(stage);
  const pause = Math.min(RISE_MS, MOST_MS / Math.max(1, risen.length));
  for (const each of risen) {
    await roll(each, names, pause);
    each.classList.remove("waits-its-turn", "rolls");
    each.classList.add("now");
    show(plates.get(each.dataset["rise"] ?? ""));
    count(stage);
  }
}

/** Rolls names in the place of the next one, then puts the drawn name back. */
function roll(place: HTMLElement, names: readonly string[], lasts_ms: number): Promise<void> {
  const word = place.querySelector("span");
  const drawn = word?.textContent ?? "";
  place.classList.add("rolls");
  place.parentElement?.parentElement?.querySelector(".now")?.classList.remove("now");
  let turn = Math.floor(names.length / 2);
  const rolling = window.setInterval(() => {
    turn = (turn + 7) % Math.max(1, names.length);
    if (word) word.textContent = names[turn] ?? "";
  }, ROLL_MS);
  return new Promise((done) => {
    window.setTimeout(() => {
      window.clearInterval(rolling);
      if (word) word.textContent = drawn;
      done();
    }, lasts_ms);
  });
}

function hide(cell: HTMLElement): void {
  cell.dataset["rank"] = cell.textContent ?? "";
  cell.textContent = cell.dataset["name"] ?? "";
  cell.classList.remove("gone");
}

function show(cell: HTMLElement | undefined): void {
  if (!cell) return;
  const rank = document.createElement("b");
  rank.textContent = cell.dataset["rank"] ?? "";
  cell.replaceChildren(rank);
  cell.classList.add("gone");
}

function count(stage: HTMLElement): void {
  const done = stage.querySelectorAll("[data-rise]:not(.waits-its-turn)");
  const all = stage.querySelector("[data-done]");
  if (all) all.textContent = String(done.length);
  for (const part of stage.querySelectorAll<HTMLElement>("[data-risen]")) {
    part.textContent = String([...done].filter((each) => (each as HTMLElement).dataset["part"] === part.dataset["risen"]).length);
  }
}

start("[data-draw-screen]", startDrawScreen);
