/** How long a page without a stream waits before it asks again. */
const POLL_MS = 2000;
const SHARE = 8;
const LONGEST_MS = 10_000;

/**
 * Two seconds where the server answers at once, up to ten where it does not: a page takes an eighth of a processor's time
 * at the most, so that a hall that waits for its streams leaves the server time to open them. Never two in step.
 */
export function pauseAfter(took_ms: number, chance: number): number {
  return Math.min(LONGEST_MS, Math.max(POLL_MS, SHARE * took_ms)) * (0.8 + 0.3 * chance);
}
