/** A form that is written down at each input, photos too, so that it is there again whatever becomes of the phone. */
import { type App, copyOf, must, say } from "./app";
import { type Draft, readDraft, saveDraft } from "./store";

const EDGE_PX = 1600;
const SHOWN_PX = 240;

/** Shrink a photo to what a screen shows; where and by which phone it was taken is gone with it. */
async function shrink(photo: Blob): Promise<Blob> {
  try {
    const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob((small) => { resolve(small ?? photo); }, "image/jpeg", 0.8); });
  } catch {
    return photo; // a format this browser can't draw: the server looks at it
  }
}

/** Draw a photo small; the policy lets no page show an address of the browser's own. */
async function draw(photo: Blob, canvas: HTMLCanvasElement): Promise<void> {
  const picture = await createImageBitmap(photo).catch(() => null);
  if (!picture) return;
  const scale = Math.min(1, SHOWN_PX / Math.max(picture.width, picture.height));
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** One form with its draft; `draft` names it: one for each thing that can be written. */
export class Writing {
  photos: Blob[] = [];
  draft = "";

  constructor(private readonly app: App, readonly form: HTMLFormElement, private readonly most: number) {
    form.addEventListener("input", () => void this.save());
    form.addEventListener("change", (event) => {
      const { target } = event;
      if (target instanceof HTMLInputElement && target.type === "file") void this.add(target);
      else void this.save();
    });
  }

  get fields(): Record<string, string> {
    const data = new FormData(this.form);
    return Object.fromEntries([...data.entries()].filter((pair): pair is [string, string] => typeof pair[1] === "string"));
  }

  /** Fill the form with what was written before, or empty it. */
  async load(draft: string): Promise<void> {
    if (draft === this.draft) return;
    this.draft = draft;
    this.form.reset();
    const person = this.app.pocket?.person;
    const found = person ? await readDraft(draft, person) : undefined;
    this.photos = found ? [...found.photos] : [];
    for (const [name, value] of Object.entries(found?.fields ?? {})) this.set(name, value);
    this.showPhotos();
  }

  forget(): void {
    this.draft = "";
    this.photos = [];
    this.form.reset();
    this.showPhotos();
  }

  async add(input: HTMLInputElement): Promise<void> {
    for (const photo of [...(input.files ?? [])].slice(0, this.most - this.photos.length)) this.photos.push(await shrink(photo));
    input.value = "";
    await this.save();
    this.showPhotos();
  }

  async save(): Promise<void> {
    const person = this.app.pocket?.person;
    if (!person || this.draft === "") return;
    const draft = { name: this.draft, person, at: Date.now(), fields: this.fields, photos: this.photos } satisfies Draft;
    await saveDraft(draft).catch(() => { this.fault(say("full")); });
  }

  set(name: string, value: string): void {
    for (const field of this.form.querySelectorAll<Field>(`[name="${CSS.escape(name)}"]`)) {
      if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }

  fault(words: string): void {
    const place = must<HTMLElement>(this.form, "[data-fault]");
    place.textContent = words;
    place.hidden = words === "";
  }

  private showPhotos(): void {
    const list = this.form.querySelector<HTMLElement>("[data-photos]");
    if (!list) return;
    for (const item of list.querySelectorAll("li:not([data-add])")) item.remove();
    this.photos.forEach((photo, n) => {
      const item = copyOf<HTMLElement>("photo");
      const canvas = must<HTMLCanvasElement>(item, "canvas");
      canvas.setAttribute("aria-label", say("photo", { n: n + 1 }));
      void draw(photo, canvas);
      must<HTMLButtonElement>(item, "button").addEventListener("click", () => {
        this.photos.splice(n, 1);
        this.showPhotos();
        void this.save();
      });
      list.insertBefore(item, list.querySelector("[data-add]"));
    });
    const add = list.querySelector<HTMLElement>("[data-add]");
    if (add) add.hidden = this.photos.length >= this.most;
  }
}
