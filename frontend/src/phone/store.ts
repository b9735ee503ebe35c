/** What the phone keeps, in IndexedDB: written at each input, so that an empty battery takes nothing along. */

export interface Move { state: string; action: string; label: string; next: string }
export interface Grid { path: string; code: string; name: string; shapes: Shape[]; is_schematic: boolean }
export interface Shape { type: "Polygon" | "MultiPolygon"; coordinates: number[][][] | number[][][][] }
export interface Building { code: string; name: string; lng: number; lat: number }
export interface PocketCase {
  id: string; number: string; title: string; text: string; category: string; state: string; light: string;
  light_text: string; due_at: string; area: string; place: string; address: string; lng: number | null;
  lat: number | null; is_mine: boolean; actions: string[]; needs: string[];
}
export interface VisitTarget {
  id: string; campaign: string; set: string; name: string; doors: number; visited: number; has_doors: boolean;
}
/** What the server gives: see linli/edges/web/phone/pocket.py. */
export interface Pocket {
  now: number; csrf: string; person: string; name: string; post: string; keep_h: number; unsent_days: number; may_report: boolean;
  grids: Grid[]; buildings: Building[]; categories: { code: string; name: string; group: string }[];
  states: Record<string, string>; moves: Move[]; cases: PocketCase[]; has_more: boolean; visits: VisitTarget[];
}
export interface Kept { pocket: Pocket; at: number }

/**
 * Something done: waits to be sent, or was refused and waits for its doer. fields: as the server takes them; met: the
 * server's time when it was first there with this on the phone, for the phone's own clock may have been anywhere.
 */
export interface Deed {
  key: string; person: string; seq: number; done_at: string; fields: Record<string, string>; photos: Blob[];
  title: string; refused: string; met?: number;
}
export interface Draft { name: string; person: string; at: number; fields: Record<string, string>; photos: Blob[] }

const NAME = "linli-phone";
const HOUR_MS = 3_600_000;
let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("drafts", { keyPath: "name" });
      asked.result.createObjectStore("deeds", { keyPath: "key" });
    };
    asked.onsuccess = () => { resolve(asked.result); };
    asked.onerror = () => { reject(asked.error ?? new Error(NAME)); };
  });
  return opened;
}

/** Do one thing to one store; settled once it is on the disk. */
async function within<T>(store: string, mode: IDBTransactionMode, act: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(store, mode);
  const asked = act(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => { resolve(asked.result); };
    transaction.onerror = transaction.onabort = () => { reject(transaction.error ?? new Error(store)); };
  });
}

export const keep = (kept: Kept): Promise<unknown> => within("kept", "readwrite", (rows) => rows.put(kept, "pocket"));
export const readKept = (): Promise<Kept | undefined> =>
  within("kept", "readonly", (rows) => rows.get("pocket") as IDBRequest<Kept | undefined>);
export const forgetKept = (): Promise<unknown> => within("kept", "readwrite", (rows) => rows.clear());

/** Where somebody's draft lies: of two who share a phone, neither writes over the other's. */
const placeOf = (name: string, person: string): string => `${person}/${name}`;

export const saveDraft = (draft: Draft): Promise<unknown> =>
  within("drafts", "readwrite", (rows) => rows.put({ ...draft, name: placeOf(draft.name, draft.person) }));
export const readDraft = (name: string, person: string): Promise<Draft | undefined> =>
  within("drafts", "readonly", (rows) => rows.get(placeOf(name, person)) as IDBRequest<Draft | undefined>);

export const putDeed = (deed: Deed): Promise<unknown> => within("deeds", "readwrite", (rows) => rows.put(deed));
export const dropDeed = (key: string): Promise<unknown> => within("deeds", "readwrite", (rows) => rows.delete(key));
export async function readDeeds(): Promise<Deed[]> {
  const found = await within("deeds", "readonly", (rows) => rows.getAll() as IDBRequest<Deed[]>);
  return found.sort((one, other) => one.seq - other.seq);
}

/** Take the draft away and put the deed down in one go: never both, never neither. */
export async function commit(deed: Deed, draft: string): Promise<void> {
  const transaction = (await open()).transaction(["drafts", "deeds"], "readwrite");
  transaction.objectStore("deeds").put(deed);
  transaction.objectStore("drafts").delete(placeOf(draft, deed.person));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => { resolve(); };
    transaction.onerror = transaction.onabort = () => { reject(transaction.error ?? new Error("deeds")); };
  });
}

/** Forget what is too old by the times the server set: what was read, drafts, and at last what could not be sent. */
export async function forgetOld(kept: Kept, now: number): Promise<boolean> {
  const isOver = now - kept.at > kept.pocket.keep_h * HOUR_MS;
  if (!isOver) return false;
  await forgetKept();
  await within("drafts", "readwrite", (rows) => rows.clear());
  return true;
}

/**
 * Forget what the server was there for so long without taking it; it would not know it for the same any more. What it was
 * not there for yet is kept, whenever it was done. now: by the server's clock.
 */
export async function forgetUnsent(days: number, now: number): Promise<void> {
  for (const deed of await readDeeds())
    if (deed.met === undefined) await putDeed({ ...deed, met: now });
    else if (now - deed.met > days * 24 * HOUR_MS) await dropDeed(deed.key);
}

/** Forget everything, as signing out does. */
export async function forgetAll(): Promise<void> {
  for (const store of ["kept", "drafts", "deeds"]) await within(store, "readwrite", (rows) => rows.clear());
}
