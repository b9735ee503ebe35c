/** The page of a grid worker's phone: own grid, report, handle; all of it without a network too. See app.ts. */
import { App, copyOf, must, say } from "./app";
import { drawGrids } from "./map";
import { type Deed, type PocketCase, type VisitTarget, dropDeed, saveDraft } from "./store";
import { Writing } from "./writing";

const { pocket = "", deeds = "", login = "", logout = "", mostPhotos = "9" } = document.body.dataset;
const app = new App({ pocket, deeds, login, logout });
const moment = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", {
  timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
});

function row(one: PocketCase): HTMLElement {
  const item = copyOf<HTMLElement>("case-row");
  must<HTMLAnchorElement>(item, "a").href = `#case/${one.id}`;
  const light = must<HTMLElement>(item, ".light");
  light.classList.add(one.light);
  must<HTMLElement>(item, "[data-title]").textContent = one.title;
  const by = one.due_at ? say("by", { when: moment.format(new Date(one.due_at)) }) : "";
  must<HTMLElement>(item, "[data-about]").textContent = [one.light_text, by, one.place || one.area].filter(Boolean).join(" · ");
  const state = app.pocket?.states[app.stateOf(one)] ?? "";
  must<HTMLElement>(item, "[data-state]").textContent = app.stepsOn(one.id).length ? say("not-sent", { state }) : state;
  return item;
}

function fill(list: HTMLElement, cases: readonly PocketCase[]): void {
  list.replaceChildren(...cases.map(row));
  must<HTMLElement>(document, `[data-none="${list.dataset["rows"] ?? ""}"]`).hidden = cases.length > 0;
}

app.view("home", () => {
  const home = must<HTMLElement>(document, '[data-view="home"]');
  const own = app.pocket;
  must<HTMLElement>(home, "[data-body]").hidden = own === null;
  if (!own) return;
  must<HTMLElement>(home, "h1").textContent = own.grids.map(({ name }) => name).join("、") || own.post;
  must<HTMLElement>(home, "[data-who]").textContent = `${own.name} · ${own.post}`;
  must<HTMLElement>(home, "[data-may-report]").hidden = !own.may_report;
  const waits = (one: PocketCase): boolean => one.is_mine && app.movesOf(one).some(({ action }) => action !== "note");
  fill(must(home, '[data-rows="mine"]'), own.cases.filter(waits));
  fill(must(home, '[data-rows="others"]'), own.cases.filter((one) => !waits(one)));
  must<HTMLElement>(home, "[data-has-more]").hidden = !own.has_more;
  const figure = must<HTMLElement>(home, "[data-map]");
  figure.hidden = !drawGrids(must<SVGSVGElement>(figure, "svg"), own.grids, own.cases);
  must<HTMLElement>(figure, "[data-schematic]").hidden = !own.grids.some(({ is_schematic }) => is_schematic);
  must<HTMLElement>(home, "[data-visiting]").hidden = own.visits.length === 0;
  const refused = app.refused().length;
  const unsent = must<HTMLAnchorElement>(home, "[data-unsent]");
  unsent.hidden = app.mine().length === 0;
  unsent.classList.toggle("late", refused > 0);
  must<HTMLElement>(unsent, "[data-unsent-words]").textContent = [
    refused ? say("refused", { n: refused }) : "", app.waiting().length ? say("waiting", { n: app.waiting().length }) : "",
  ].filter(Boolean).join(" · ");
  must<HTMLElement>(home, "[data-keeps]").textContent = say("keeps", { n: own.keep_h });
});

must<HTMLElement>(document, "[data-map]").addEventListener("click", (event) => {
  const spot = (event.target as Element).closest<SVGElement>("[data-case]");
  if (spot) window.location.hash = `case/${spot.dataset["case"] ?? ""}`;
});

// Reporting: the photo, the kind, off it goes.
const report = new Writing(app, must<HTMLFormElement>(document, "#report-form"), Number(mostPhotos));

app.view("report", () => {
  const { form } = report;
  const categories = must<HTMLElement>(form, "[data-categories]");
  if (categories.childElementCount === 0)
    for (const { code, name } of app.pocket?.categories ?? []) {
      const choice = copyOf<HTMLElement>("category");
      must<HTMLInputElement>(choice, "input").value = code;
      must<HTMLElement>(choice, "span").textContent = name;
      categories.append(choice);
    }
  const places = must<HTMLSelectElement>(form, "select[name=area]");
  if (places.options.length === 0) {
    for (const { code, name } of app.pocket?.grids ?? []) places.add(new Option(say("somewhere", { grid: name }), code));
    for (const { code, name } of app.pocket?.buildings ?? []) places.add(new Option(name, code));
  }
  void report.load("report").then(() => { showPlace(); });
});

for (const input of document.querySelectorAll<HTMLInputElement>("[data-shoot]"))
  input.addEventListener("change", () => {
    void report.load("report").then(() => report.add(input)).then(() => {
      window.location.hash = "report";
      app.show();
    });
  });

function showPlace(): void {
  must<HTMLElement>(report.form, "[data-here-said]").textContent = report.fields["lng"] ? say("here") : "";
}

must<HTMLButtonElement>(report.form, "[data-here]").addEventListener("click", () => {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      report.set("lng", String(coords.longitude));
      report.set("lat", String(coords.latitude));
      showPlace();
      void report.save();
    },
    () => { must<HTMLElement>(report.form, "[data-here-said]").textContent = say("no-place"); },
    { enableHighAccuracy: true, timeout: 10_000 },
  );
});
must<HTMLSelectElement>(report.form, "select[name=area]").addEventListener("change", () => {
  report.set("lng", ""); // a place that was chosen goes before the one the phone told
  report.set("lat", "");
  showPlace();
  void report.save();
});

report.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = report.fields;
  if (!fields["text"]?.trim() && !fields["category"]) {
    report.fault(say("what"));
    return;
  }
  report.fault("");
  const kind = app.pocket?.categories.find(({ code }) => code === fields["category"])?.name ?? "";
  const title = say("reported", { what: (fields["text"] ?? "").slice(0, 24) || kind });
  void app.do({ ...fields, kind: "report" }, report.photos, title, "report").then(() => { done(report); }, () => { report.fault(say("full")); });
});

/** Say that it is written down, and whether it is on its way. */
function done(writing: Writing): void {
  writing.forget();
  window.location.hash = "";
  const said = must<HTMLElement>(document, "[data-said]");
  said.textContent = app.line === "online" ? say("done") : say("done-offline");
  said.hidden = false;
  window.setTimeout(() => { said.hidden = true; }, 6000);
}

// One case.
const step = new Writing(app, must<HTMLFormElement>(document, "#step-form"), Number(mostPhotos));
let open: PocketCase | undefined;

app.view("case", (_app, id) => {
  const part = must<HTMLElement>(document, '[data-view="case"]');
  open = app.caseOf(id);
  must<HTMLElement>(part, "[data-body]").hidden = !open;
  must<HTMLElement>(part, "[data-gone]").hidden = !!open;
  if (!open) return;
  const state = app.stateOf(open);
  const say_ = (name: string, words: string): void => { must<HTMLElement>(part, `[data-case-${name}]`).textContent = words; };
  must<HTMLElement>(part, "h1").textContent = open.title;
  say_("number", `${open.number} · ${open.category}`);
  say_("text", open.text);
  say_("place", [open.area, open.address || open.place].filter(Boolean).join(" · "));
  say_("due", open.due_at ? say("by", { when: moment.format(new Date(open.due_at)) }) : "–");
  say_("state", app.stepsOn(id).length ? say("not-sent", { state: app.pocket?.states[state] ?? state }) : app.pocket?.states[state] ?? state);
  must<HTMLElement>(part, "[data-case-light]").className = `light ${open.light}`;
  must<HTMLAnchorElement>(part, "[data-case-desk]").href = `${must<HTMLElement>(part, "[data-case-desk]").dataset["base"] ?? ""}${id}/`;
  const moves = app.movesOf(open);
  const buttons = moves.map(({ action, label }, n) => {
    const button = document.createElement("button");
    button.className = n === 0 && action !== "note" ? "btn primary" : "btn";
    button.value = action;
    button.textContent = label;
    return button;
  });
  must<HTMLElement>(part, "[data-acts]").replaceChildren(...buttons);
  must<HTMLElement>(part, "[data-nothing]").hidden = moves.length > 0;
  step.form.hidden = moves.length === 0;
  must<HTMLElement>(step.form, "[data-needs]").textContent =
    moves.some(({ action }) => action === "report-back") && open.needs.length ? say(`needs-${open.needs.join("-")}`) : "";
  void step.load(`case:${id}`);
});

step.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter as HTMLButtonElement | null;
  const action = button?.value ?? "";
  if (!open || action === "") return;
  const note = step.fields["note"]?.trim() ?? "";
  const needsNote = action === "note" || (action === "report-back" && open.needs.includes("note"));
  const needsPhoto = action === "report-back" && open.needs.includes("photo") && step.photos.length === 0;
  if (needsPhoto || (needsNote && note === "")) {
    step.fault(say(needsPhoto ? "photo-first" : "note-first"));
    return;
  }
  step.fault("");
  const photos = action === "report-back" ? step.photos : [];
  const title = `${button?.textContent ?? ""}：${open.title}`;
  const fields = { kind: "step", case: open.id, action, state: app.stateOf(open), note };
  void app.do(fields, photos, title, `case:${open.id}`).then(() => { done(step); }, () => { step.fault(say("full")); });
});

// Visits: whom to call on in the own grid, door by door.
const call = new Writing(app, must<HTMLFormElement>(document, "#visit-form"), 0);
let called: VisitTarget | undefined;

function visitsOf(target: VisitTarget): number {
  const waiting = app.waiting().filter(({ fields }) => fields["target"] === target.id);
  const doors = new Set(waiting.map(({ fields }) => fields["door"]));
  return Math.min(target.doors, target.visited + doors.size);
}

app.view("visits", () => {
  const isDone = (target: VisitTarget): number => Number(visitsOf(target) >= target.doors);
  const rows = [...(app.pocket?.visits ?? [])].sort((one, other) => isDone(one) - isDone(other)).map((target) => {
    const item = copyOf<HTMLElement>("visit-row");
    must<HTMLAnchorElement>(item, "a").href = `#visit/${target.id}`;
    must<HTMLElement>(item, "[data-title]").textContent = target.name;
    must<HTMLElement>(item, "[data-about]").textContent = `${target.campaign} · ${target.set}`;
    must<HTMLElement>(item, ".num").textContent = `${String(visitsOf(target))}/${String(target.doors)}`;
    return item;
  });
  must<HTMLElement>(document, "[data-rows=visits]").replaceChildren(...rows);
});

app.view("visit", (_app, id) => {
  const part = must<HTMLElement>(document, '[data-view="visit"]');
  called = app.pocket?.visits.find((target) => target.id === id);
  must<HTMLElement>(part, "[data-body]").hidden = !called;
  must<HTMLElement>(part, "[data-gone]").hidden = !!called;
  if (!called) return;
  must<HTMLElement>(part, "h1").textContent = called.name;
  must<HTMLElement>(part, "[data-progress]").textContent = `${called.set} · ${say("progress")} ${String(visitsOf(called))}/${String(called.doors)}`;
  must<HTMLElement>(part, "[data-has-doors]").hidden = !called.has_doors;
  void call.load(`visit:${id}`);
});

call.form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!called) return;
  const { door = "", note = "" } = call.fields;
  const makesCase = (event.submitter as HTMLButtonElement | null)?.value === "case";
  if ((called.has_doors && !/[0-9A-Za-z一二三四五六七八九十]/.test(door.normalize("NFKC"))) || (makesCase && note.trim() === "")) {
    call.fault(say(makesCase && note.trim() === "" ? "note-first" : "door-first"));
    return;
  }
  call.fault("");
  const title = say("visited", { what: `${called.name} ${door}`.trim() });
  const id = called.id;
  void app.do({ kind: "visit", target: id, door, note, do: makesCase ? "case" : "" }, [], title, `visit:${id}`).then(() => {
    done(call);
    window.location.hash = `visit/${id}`; // the next door is in the same building
  }, () => { call.fault(say("full")); });
});

// What waits and what was refused.
app.view("outbox", () => {
  const part = must<HTMLElement>(document, '[data-view="outbox"]');
  must<HTMLElement>(part, "[data-rows=refused]").replaceChildren(...app.refused().map(refusedRow));
  must<HTMLElement>(part, "[data-rows=waiting]").replaceChildren(...app.waiting().map(waitingRow));
  must<HTMLElement>(part, "[data-refused]").hidden = app.refused().length === 0;
  must<HTMLElement>(part, "[data-waiting]").hidden = app.waiting().length === 0;
  must<HTMLElement>(part, "[data-all-sent]").hidden = app.mine().length > 0;
});

function waitingRow(deed: Deed): HTMLElement {
  const item = copyOf<HTMLElement>("waiting-row");
  must<HTMLElement>(item, "[data-title]").textContent = deed.title;
  must<HTMLElement>(item, "[data-about]").textContent = moment.format(new Date(deed.done_at));
  return item;
}

function refusedRow(deed: Deed): HTMLElement {
  const item = copyOf<HTMLElement>("refused-row");
  must<HTMLElement>(item, "[data-title]").textContent = deed.title;
  must<HTMLElement>(item, "[data-why]").textContent = deed.refused;
  must<HTMLElement>(item, "[data-about]").textContent = [moment.format(new Date(deed.done_at)), deed.fields["note"] ?? deed.fields["text"] ?? ""].filter(Boolean).join(" · ");
  const id = deed.fields["case"] ?? "";
  const isReport = deed.fields["kind"] === "report";
  const isHere = app.caseOf(id) !== undefined;
  const target = deed.fields["target"] ?? "";
  const isVisitHere = (app.pocket?.visits ?? []).some((each) => each.id === target);
  const act = (name: string, isShown: boolean, then: () => Promise<unknown>): void => {
    const button = must<HTMLButtonElement>(item, `[data-do=${name}]`);
    button.hidden = !isShown;
    button.addEventListener("click", () => void then());
  };
  const again = async (draft: string, fields: Record<string, string>, hash: string): Promise<void> => {
    await saveDraft({ name: draft, person: deed.person, at: Date.now(), fields, photos: deed.photos });
    await dropDeed(deed.key);
    (isReport ? report : isVisitHere ? call : step).forget();
    window.location.hash = hash;
    await app.reread();
  };
  const { door = "", note = "" } = deed.fields;
  act("again", isReport || isHere || isVisitHere, () => (isVisitHere ? again(`visit:${target}`, { door, note }, `visit/${target}`) : isReport ? again("report", deed.fields, "report") : again(`case:${id}`, { note }, `case/${id}`)));
  act("note", isHere && deed.fields["kind"] === "step" && deed.fields["action"] !== "note", () =>
    app.redo(deed, { kind: "step", case: id, action: "note", state: "", note: deed.fields["note"] || deed.title }));
  const isStranded = deed.fields["kind"] === "visit" ? !isVisitHere && note !== "" : deed.fields["kind"] === "step" && !isHere;
  act("anew", isStranded, () => again("report", { text: deed.fields["note"] || deed.title }, "report"));
  act("drop", true, async () => {
    if (!(await sure(say("sure-drop", { what: deed.title })))) return;
    await dropDeed(deed.key);
    await app.reread();
  });
  return item;
}

function sure(words: string): Promise<boolean> {
  const dialog = must<HTMLDialogElement>(document, "#sure");
  must<HTMLElement>(dialog, "p").textContent = words;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => { dialog.addEventListener("close", () => { resolve(dialog.returnValue === "yes"); }, { once: true }); });
}

must<HTMLButtonElement>(document, "[data-sign-out]").addEventListener("click", () => {
  const unsent = app.deeds.length;
  const words = unsent ? say("sure-out-unsent", { n: unsent }) : say("sure-out");
  void sure(words).then((isSure) => (isSure ? app.signOut() : undefined));
});

async function keepPage(): Promise<void> {
  const address = document.querySelector<HTMLMetaElement>('meta[name="worker"]')?.content;
  if (!address || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(address);
  const { active } = await navigator.serviceWorker.ready;
  const { lang, dataset } = document.documentElement;
  active?.postMessage({ phone: [lang, dataset["theme"], dataset["mode"]].join("-") });
  await navigator.storage?.persist?.();
}

void app.start();
if (document.readyState === "complete") void keepPage().catch(() => undefined);
else window.addEventListener("load", () => void keepPage().catch(() => undefined));
