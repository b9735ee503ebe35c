/** The offline page: asks now and then whether the server answers, and opens what was asked for once it does. */
export {};

const AGAIN_MS = 5000;
const { asks = "", own = "", home = "/" } = document.body.dataset;

async function ask(): Promise<void> {
  if (document.hidden) return;
  const answered = await fetch(asks, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (!answered?.ok) return;
  if (window.location.pathname === own) window.location.replace(home);
  else window.location.reload();
}

window.addEventListener("online", () => void ask());
document.addEventListener("visibilitychange", () => void ask());
window.setInterval(() => void ask(), AGAIN_MS);
