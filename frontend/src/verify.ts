/**
 * The page that checks a draw record: a file chosen, dropped or pasted, looked at here and sent nowhere.
 *
 * One file without imports at run time, so that it also lies whole within the page that people take home. Its words are
 * in the page: <template data-says="…"> for each line, data-word-… for the verdict.
 */
import { type Line, NotHere, check } from "./verify/record";

declare global {
  interface Window {
    /** For who wants to check many at once, from the browser's console. */
    checkDraw: (record: string, before?: string) => Line[];
  }
}

const form = document.querySelector<HTMLFormElement>("form[data-verify]");
const verdict = document.querySelector<HTMLElement>("[data-verdict]");
const list = document.querySelector<HTMLElement>("[data-lines]");
const encoder = new TextEncoder();
// What a file held, byte for byte, as long as nobody writes in the field that shows it.
const filed = new WeakMap<HTMLTextAreaElement, Uint8Array>();

window.checkDraw = (record, before) => check(encoder.encode(record), before ? encoder.encode(before) : undefined);

function says(name: string): string {
  return document.querySelector<HTMLTemplateElement>(`template[data-says="${name}"]`)?.content.textContent?.trim() ?? "";
}

function lineOf({ code, holds, says: words, detail }: Line): HTMLLIElement {
  const line = document.createElement("li");
  line.className = holds ? "check" : "check fails";
  const sign = document.createElement("b");
  sign.textContent = list?.dataset[holds ? "holds" : "fails"] ?? "";
  const said = document.createElement("span");
  said.textContent = says(words);
  line.append(sign, said);
  line.dataset["code"] = code;
  if (detail) {
    const hex = document.createElement("code");
    hex.textContent = detail.replace(/(.{4})(?=.)/g, "$1 ");
    hex.setAttribute("aria-label", detail);
    line.append(hex);
  }
  return line;
}

function show(lines: Line[], words: string, isGood: boolean): void {
  if (!verdict || !list) return;
  list.replaceChildren(...lines.map(lineOf));
  verdict.textContent = words;
  verdict.className = isGood ? "verdict ok" : "verdict late";
  verdict.hidden = false;
  verdict.focus();
}

function field(name: string): HTMLTextAreaElement | null {
  return form?.querySelector<HTMLTextAreaElement>(`#${name}`) ?? null;
}

function bytesOf(name: string): Uint8Array | undefined {
  const from = field(name);
  if (!from?.value.trim()) return undefined;
  return filed.get(from) ?? encoder.encode(from.value);
}

function look(): void {
  if (!verdict) return;
  const record = bytesOf("record");
  const { valid = "", invalid = "", empty = "", sm3 = "" } = verdict.dataset;
  if (!record) {
    show([], empty, false);
    return;
  }
  try {
    const lines = check(record, bytesOf("before"));
    const isValid = lines.every(({ holds }) => holds);
    show(lines, isValid ? valid : invalid, isValid);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    show([], sm3, false);
  }
}

async function take(file: File | undefined, into: HTMLTextAreaElement | null): Promise<void> {
  if (!file || !into) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  into.value = new TextDecoder().decode(bytes);
  filed.set(into, bytes);
  look();
}

function start(): void {
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  form.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLTextAreaElement) filed.delete(target);
  });
  for (const input of form.querySelectorAll<HTMLInputElement>("input[type=file]")) {
    input.addEventListener("change", () => void take(input.files?.[0], field(input.dataset["into"] ?? "")));
  }
  document.addEventListener("dragover", (event) => { event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const over = event.target instanceof Element ? event.target.closest(".field")?.querySelector("textarea") : null;
    void take(event.dataTransfer?.files[0], over ?? field("record"));
  });
}

start();
