/**
 * The hall's time on this screen: the server's, found by asking, carried on by the page's own counter.
 *
 * All times in milliseconds. `counter` never steps (performance.now()); the machine's clock is never read.
 */

/** One question and its answer: counter when asked and when answered, server time in between. */
export interface Sample {
  asked: number;
  answered: number;
  server: number;
}

const KEPT = 16;
const SLEW = 0.05; // 50 ms a second: nobody sees a countdown run that little faster or slower
const SLOWEST = 4000; // an answer that late says nothing

/** Server time from the quickest of the latest answers; what is shown glides to it and never jumps back. */
export class HallClock {
  private samples: Sample[] = [];
  private offset: number | null = null; // shown: server = counter + offset
  private turnedAt = 0;

  constructor(private readonly counter: () => number = () => performance.now()) {}

  get isSet(): boolean {
    return this.offset !== null;
  }

  /** How far the best answer was away, there and back. */
  get roundTrip(): number {
    const best = this.best();
    return best ? best.answered - best.asked : 0;
  }

  /** How far what is shown is from what the best answer says. */
  get error(): number {
    return this.offset === null ? 0 : this.target() - this.offset;
  }

  take(sample: Sample): void {
    if (sample.answered - sample.asked > SLOWEST || sample.answered < sample.asked) return;
    this.turn();
    this.samples = [...this.samples, sample].slice(-KEPT);
    if (this.offset === null) this.set();
  }

  /** Set to the best answer at once, forward only once something has been shown. */
  set(): void {
    if (this.samples.length === 0) return;
    const target = this.target();
    this.offset = this.offset === null ? target : Math.max(this.offset, target);
    this.turnedAt = this.counter();
  }

  /** The machine slept, or the network came back: what was measured before is worth nothing. */
  wake(): void {
    this.turn();
    this.samples = [];
  }

  /** Server time, 1970-based. */
  now(): number {
    this.turn();
    return this.counter() + (this.offset ?? 0);
  }

  private best(): Sample | undefined {
    return this.samples.reduce<Sample | undefined>(
      (best, each) => (best && best.answered - best.asked <= each.answered - each.asked ? best : each),
      undefined,
    );
  }

  private target(): number {
    const best = this.best();
    return best ? best.server - (best.asked + best.answered) / 2 : (this.offset ?? 0);
  }

  private turn(): void {
    const here = this.counter();
    if (this.offset !== null) {
      const most = Math.max(0, here - this.turnedAt) * SLEW;
      const wanted = this.target() - this.offset;
      this.offset += Math.max(-most, Math.min(most, wanted));
    }
    this.turnedAt = here;
  }
}

/** How the page asks for the time and waits; tests put their own in. */
export interface Ways {
  ask: () => Promise<number>; // server time, now
  wait: (ms: number) => Promise<void>;
  counter: () => number;
}

const FIRST = 8;
const BETWEEN_FIRST = 150;
const EVERY = 10_000;

/** Keep a clock right: eight questions at once, then one every ten seconds; `woken()` starts over. */
export class TimeKeeper {
  private round = 0;

  constructor(
    readonly clock: HallClock,
    private readonly ways: Ways,
  ) {}

  /** Ask for ever; comes back once another round was begun. */
  async keep(): Promise<void> {
    const mine = ++this.round;
    for (let asked = 0; mine === this.round; asked++) {
      await this.askOnce(mine);
      if (asked === FIRST - 1) this.clock.set();
      await this.ways.wait(asked < FIRST - 1 ? BETWEEN_FIRST : EVERY);
    }
  }

  woken(): void {
    this.clock.wake();
    void this.keep();
  }

  stop(): void {
    this.round++;
  }

  private async askOnce(mine: number): Promise<void> {
    const asked = this.ways.counter();
    const server = await this.ways.ask().catch(() => null);
    if (server !== null && mine === this.round) this.clock.take({ asked, answered: this.ways.counter(), server });
  }
}

/** What of a hall's state counts time; null where nothing runs. */
export interface Running {
  started_ms: number; // server time
  duration_ms: number; // 0: counts up
  paused_ms: number;
  paused_at_ms: number | null;
}

/** What is left; below nought, how long beyond the bell. A phase without a length gives minus what it took. */
export function remaining(running: Running, now: number): number {
  return running.duration_ms - ((running.paused_at_ms ?? now) - running.started_ms - running.paused_ms);
}

/** Minutes and seconds, rounded up: nought stands there when the bell rings. */
export function shown(left: number): string {
  const seconds = Math.ceil(left / 1000);
  const away = Math.abs(seconds);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${seconds < 0 ? "+" : ""}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}

/** How long the second that is shown still stands. */
export function untilNext(left: number): number {
  const part = left % 1000;
  return part > 0 ? part : part + 1000;
}

export const WARNINGS = [60_000, 30_000] as const;

/** The warning that holds: 60000, 30000, or 0. */
export function warning(left: number): number {
  return WARNINGS.reduce<number>((found, mark) => (left > 0 && left <= mark ? mark : found), 0);
}
