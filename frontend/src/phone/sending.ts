/** Sends what was done, in its order, each under its own key: sent twice is the same as sent once. */
import { type Deed, type Pocket, dropDeed, forgetKept, forgetUnsent, keep, putDeed, readDeeds } from "./store";

/** offline: no answer came; signed_out: who this is has to be shown anew. */
export type Line = "online" | "offline" | "signed_out";
export interface Addresses { pocket: string; deeds: string }

const EARLY = "deed_too_early";
const TOO_LARGE = 413;
const TOO_MANY = 429;
const FIRST_SERVER_FAULT = 500;
/** What could not be carried out is tried again after this, by the time since the page was opened: photos cost data. */
const AFTER_FAULT_MS = 60_000;
const later = new Map<string, number>();

/** Ask for what the phone may keep; what others had on this phone is forgotten. null: see `Line`. */
export async function fetchPocket(url: string): Promise<Pocket | Line> {
  let answer: Response;
  try {
    answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "manual" });
  } catch {
    return "offline";
  }
  if (answer.status === 401) return signedOut();
  const pocket = answer.ok ? ((await answer.json().catch(() => null)) as Pocket | null) : null;
  if (!pocket) return "offline";
  // A phone without room keeps nothing new, and sends what it has all the same.
  await keep({ pocket, at: Date.now() }).catch(() => undefined);
  await forgetUnsent(pocket.unsent_days, pocket.now).catch(() => undefined);
  return pocket;
}

/** Forget what was read: whose phone this is now is not known. */
async function signedOut(): Promise<"signed_out"> {
  await forgetKept();
  return "signed_out";
}

/** Send all that waits. Tells whether something got through. tooLarge: words for what no way lets through. */
export async function sendAll(pocket: Pocket, url: string, tooLarge: string): Promise<{ line: Line; sent: number }> {
  let sent = 0;
  for (const { key } of await readDeeds()) {
    const all = await readDeeds(); // as it is now: one that was refused takes those after it along
    const deed = all.find((each) => each.key === key);
    if (!deed || deed.refused !== "" || deed.person !== pocket.person || (later.get(key) ?? 0) > performance.now()) continue;
    const told = await send(deed, pocket.csrf, url);
    if (told === "offline" || told === "signed_out") return { line: told, sent };
    if (told === "done") {
      await dropDeed(key);
      sent += 1;
    } else if (told === "fault") later.set(key, performance.now() + AFTER_FAULT_MS);
    else if (told === "too_large") await refuse(deed, tooLarge, all);
    else if (told !== EARLY) await refuse(deed, told, all);
  }
  return { line: "online", sent };
}

/** Send one deed: "done", a line that broke, too early, "fault" for that one alone, "too_large", or a refusal's words. */
async function send(deed: Deed, csrf: string, url: string): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...deed.fields, key: deed.key, done_at: deed.done_at })) form.set(name, value);
  deed.photos.forEach((photo, n) => { form.append("photos", photo, `${String(n + 1)}.jpg`); });
  let answer: Response;
  try {
    answer = await fetch(url, { method: "POST", body: form, headers: { "X-CSRFToken": csrf, Accept: "application/json" }, redirect: "manual" });
  } catch {
    return "offline";
  }
  if (answer.status === 401) return signedOut();
  if (answer.status === TOO_LARGE) return "too_large";
  // What could not be carried out stays, and stops none of the others: steps on one case wait for each other anyway.
  if (answer.status >= FIRST_SERVER_FAULT) return "fault";
  const said = (await answer.json().catch(() => null)) as { is_new?: boolean; code: string; words: string } | null;
  // No words of ours: something on the way, or a token of before the last sign-in. The next round asks for a new one.
  if (!said || answer.status === TOO_MANY || (answer.ok && said.is_new === undefined)) return "offline";
  if (answer.ok) return "done";
  return said.code === EARLY ? EARLY : said.words;
}

/** Keep a refused deed for its doer, and with it those that were done on the strength of it. */
async function refuse(deed: Deed, words: string, all: readonly Deed[]): Promise<void> {
  await putDeed({ ...deed, refused: words });
  for (const next of all) if (next.fields["after"] === deed.key && next.refused === "") await refuse(next, words, all);
}
