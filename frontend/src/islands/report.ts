/** The resident's report: photos sent while one writes, a suggested kind, a draft that stays on this phone. */
import { start } from "../alive";
import { getJson, icon, later, must, postForm, resend, word } from "../requests";

interface Kept {
  id: string;
  thumbnail_url: string;
}

/** What a draft holds; name and phone are not kept. */
interface Draft {
  saved_at: number;
  fields: Record<string, string>;
  files: Kept[];
  /** Photos that had not got through: they are not in the draft. */
  unsent?: number;
}

const DRAFT = "linli.report.draft";
const DRAFT_AGE_MS = 24 * 3600 * 1000; // photos nobody attached are wiped after a day
const DRAFT_FIELDS = ["key", "text", "category", "address", "area", "lng", "lat", "crs"];
const PHOTO_EDGE_PX = 1920;

function readDraft(): Draft | null {
  try {
    const draft = JSON.parse(window.localStorage.getItem(DRAFT) ?? "null") as Draft | null;
    return draft && Date.now() - draft.saved_at < DRAFT_AGE_MS ? draft : null;
  } catch {
    return null;
  }
}

function dropDraft(): void {
  try {
    window.localStorage.removeItem(DRAFT);
  } catch {
    // storage is switched off: then there is no draft either
  }
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function fieldOf(form: HTMLFormElement, name: string): Field | null {
  return form.querySelector<Field>(`[name="${name}"]`);
}

function saveDraft(form: HTMLFormElement): void {
  const fields = Object.fromEntries(DRAFT_FIELDS.map((name) => [name, fieldOf(form, name)?.value ?? ""]));
  const before = readDraft();
  const files = [...form.querySelectorAll<HTMLInputElement>('input[name="file_ids"]')].map(({ value: id }) => {
    const shown = form.querySelector<HTMLElement>(`[data-file="${CSS.escape(id)}"]`);
    const known = before?.files.find((file) => file.id === id);
    return { id, thumbnail_url: shown?.dataset["thumbnail"] ?? known?.thumbnail_url ?? "" };
  });
  const unsent = form.querySelectorAll("[data-photos] .state").length;
  if (fields["text"] === "" && files.length === 0) return;
  try {
    window.localStorage.setItem(DRAFT, JSON.stringify({ saved_at: Date.now(), fields, files, unsent } satisfies Draft));
  } catch {
    // full or switched off: the report goes on without a draft
  }
}

/** Shrink a photo to what a screen can show: quick on a slow line, and the place and time inside it are gone. */
async function shrink(photo: File): Promise<{ blob: Blob; canvas: HTMLCanvasElement | null }> {
  try {
    const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
    const scale = Math.min(1, PHOTO_EDGE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.85); });
    return { blob: blob ?? photo, canvas };
  } catch {
    return { blob: photo, canvas: null }; // a format this browser cannot draw: the server looks at it
  }
}

class Photos {
  private readonly list: HTMLElement;
  private readonly add: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly max: number;
  private readonly left: HTMLElement;
  private readonly underway = new Set<Promise<void>>();
  /** The reader was told that photos are missing: pressing again goes on without them. */
  private isWarned = false;

  constructor(private readonly form: HTMLFormElement) {
    this.list = must<HTMLElement>(form, "[data-photos]");
    this.add = must<HTMLElement>(form, "[data-add]");
    this.input = must<HTMLInputElement>(form, 'input[name="photos"]');
    this.max = Number(form.dataset["maxPhotos"] ?? "6");
    this.input.addEventListener("change", () => { this.take(); });
    this.left = must<HTMLElement>(form, "[data-photos-left]");
    this.list.addEventListener("click", (event) => { this.onClick(event); });
    form.addEventListener("submit", (event) => { this.onSubmit(event); });
    this.showAdd();
  }

  /** Show a photo that the server already has. */
  show({ id, thumbnail_url }: Kept): void {
    if (this.form.querySelector(`[data-file="${CSS.escape(id)}"]`)) return;
    const image = document.createElement("img");
    image.src = thumbnail_url;
    image.alt = word(this.form, "photo");
    const item = this.item(image);
    this.keep(item, { id, thumbnail_url });
    this.showAdd();
  }

  private count(): number {
    return this.list.querySelectorAll("li:not([data-add])").length;
  }

  private showAdd(): void {
    this.add.hidden = this.count() >= this.max;
  }

  private take(): void {
    const photos = [...(this.input.files ?? [])].slice(0, this.max - this.count());
    this.input.value = ""; // sent one by one below, not again with the form
    for (const photo of photos) this.follow(this.send(photo));
  }

  private follow(sending: Promise<void>): void {
    this.isWarned = false;
    this.underway.add(sending);
    void sending.finally(() => this.underway.delete(sending));
  }

  private say(name: "left" | "wait" | ""): void {
    this.left.textContent = name ? word(this.form, name) : "";
    this.left.hidden = !name;
  }

  /** No photo is left behind unsaid: wait for those on their way, ask about those that failed. */
  private onSubmit(event: SubmitEvent): void {
    const button = event.submitter;
    if (this.underway.size > 0) {
      event.preventDefault();
      this.say("wait");
      void Promise.all(this.underway).then(() => {
        this.say("");
        resend(this.form, button);
      });
    } else if (this.list.querySelector(".state.failed") && !this.isWarned) {
      event.preventDefault();
      this.isWarned = true;
      this.say("left");
    }
  }

  private item(picture: Element | null): HTMLLIElement {
    const item = document.createElement("li");
    if (picture) item.append(picture);
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "drop";
    drop.dataset["drop"] = "";
    drop.setAttribute("aria-label", word(this.form, "remove"));
    drop.append(icon("cross"));
    item.append(drop);
    this.list.insertBefore(item, this.add);
    return item;
  }

  private async send(photo: File): Promise<void> {
    const holder = this.item(null);
    this.showAdd();
    const { blob, canvas } = await shrink(photo);
    if (canvas) {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", word(this.form, "photo"));
      holder.prepend(canvas);
    }
    await this.upload(holder, blob, photo.name);
  }

  private async upload(item: HTMLLIElement, blob: Blob, name: string): Promise<void> {
    const state = document.createElement("button");
    state.type = "button";
    state.className = "state";
    state.textContent = word(this.form, "sending");
    state.setAttribute("role", "status");
    item.append(state);
    const data = new FormData();
    data.set("file", blob, name.replace(/\.[^.]*$/, "") + (blob.type === "image/jpeg" ? ".jpg" : ""));
    try {
      const response = await postForm(this.form.dataset["filesUrl"] ?? "", data);
      const kept = (await response.json()) as Kept;
      state.remove();
      if (item.isConnected) this.keep(item, kept);
    } catch {
      state.textContent = word(this.form, "failed");
      state.classList.add("failed");
      state.addEventListener("click", () => {
        state.remove();
        this.say("");
        this.follow(this.upload(item, blob, name));
      }, { once: true });
    }
  }

  private keep(item: HTMLLIElement, { id, thumbnail_url }: Kept): void {
    item.dataset["file"] = id;
    item.dataset["thumbnail"] = thumbnail_url;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "file_ids";
    field.value = id;
    item.append(field);
    saveDraft(this.form);
  }

  private onClick(event: MouseEvent): void {
    const drop = (event.target as Element).closest("[data-drop], .drop");
    if (!drop) return;
    event.preventDefault();
    drop.closest("li")?.remove();
    this.showAdd();
    this.say("");
    saveDraft(this.form);
  }
}

/** What closed cases suggest: kinds to be chosen by a press, and how often the first of them was right, in percent. */
interface Learned {
  categories: { code: string; name: string }[];
  first_percent: number;
}

/** Offer the kinds that closed cases suggest; none is ever chosen by itself. */
function offerLearned(form: HTMLFormElement, select: HTMLSelectElement, learned: Learned | null): void {
  const place = must<HTMLElement>(form, "[data-learned]");
  const known = (learned?.categories ?? []).filter(({ code }) =>
    [...select.options].some(({ value }) => value === code),
  );
  place.hidden = known.length === 0;
  const says = must<HTMLElement>(place, "[data-learned-says]");
  says.textContent = word(form, "learned").replace("{n}", String(learned?.first_percent ?? 0));
  const chips = known.map(({ code, name }) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "btn small";
    chip.textContent = name;
    chip.addEventListener("click", () => {
      select.value = code;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      select.focus();
    });
    return chip;
  });
  must<HTMLElement>(place, "[data-learned-chips]").replaceChildren(...chips);
}

/** Suggest a kind from the words, until the reader has chosen one. */
function suggestCategory(form: HTMLFormElement): void {
  const text = must<HTMLTextAreaElement>(form, '[name="text"]');
  const select = must<HTMLSelectElement>(form, 'select[name="category"]');
  const place = must<HTMLElement>(form, "[data-suggestion]");
  let isChosen = select.value !== "";
  let asked: AbortController | null = null;
  select.addEventListener("change", () => {
    isChosen = select.value !== "";
    place.textContent = "";
  });
  const suggest = async (): Promise<void> => {
    asked?.abort();
    if (isChosen || text.value.trim().length < 4) return;
    asked = new AbortController();
    const { category, learned } = await getJson<{
      category: { code: string; name: string } | null;
      learned: Learned | null;
    }>(form.dataset["suggestUrl"] ?? "", { text: text.value.trim().slice(0, 200) }, asked.signal).catch(() => ({
      category: null,
      learned: null,
    }));
    offerLearned(form, select, learned);
    if (isChosen || !category || ![...select.options].some(({ value }) => value === category.code)) return;
    select.value = category.code;
    place.textContent = word(form, "suggested");
    saveDraft(form);
  };
  text.addEventListener("input", later(500, () => void suggest()));
}

/** Offer what was written before; it is never filled in unasked. */
function offerDraft(form: HTMLFormElement, photos: Photos): void {
  const note = form.querySelector<HTMLElement>("[data-draft]");
  const text = must<HTMLTextAreaElement>(form, '[name="text"]');
  const draft = readDraft();
  if (!note || !draft || text.defaultValue !== "" || text.value === draft.fields["text"]) return;
  must<HTMLElement>(note, "[data-draft-text]").textContent = (draft.fields["text"] ?? "").slice(0, 60);
  must<HTMLElement>(note, "[data-draft-photos]").hidden = !draft.unsent;
  note.hidden = false;
  must<HTMLElement>(note, "[data-draft-take]").addEventListener("click", () => {
    for (const [name, value] of Object.entries(draft.fields)) {
      const field = fieldOf(form, name);
      if (field) field.value = value;
    }
    draft.files.forEach((file) => { photos.show(file); });
    note.hidden = true;
    text.focus();
  });
  must<HTMLElement>(note, "[data-draft-drop]").addEventListener("click", () => {
    dropDraft();
    note.hidden = true;
    text.focus();
  });
}

/** Bring a step of the report to life. */
function startReport(part: HTMLElement): void {
  if (part.dataset["report"] === "done") {
    dropDraft();
    return;
  }
  if (!(part instanceof HTMLFormElement)) return;
  if (part.dataset["report"] === "what") {
    const photos = new Photos(part);
    suggestCategory(part);
    offerDraft(part, photos);
  }
  part.addEventListener("input", later(400, () => { saveDraft(part); }));
  part.addEventListener("change", () => { saveDraft(part); });
}

start("[data-report]", startReport);
