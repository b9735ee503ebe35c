// Halls full of screens in made-up time: a network that delays, counters that start anywhere and run a little wrong.
// Prints what was measured as JSON; the assertions stand in test_clocks.py.
import { HallClock, TimeKeeper, remaining, shown, untilNext, warning } from "./clock.js";

let seed = 20260327;
const lot = () => {
  seed = (seed * 1664525 + 1013904223) % 2 ** 32;
  return (seed + 0.5) / 2 ** 32;
};
const exponential = (mean) => -Math.log(lot()) * mean;

/** Made-up time: what waits is woken in order. */
class World {
  time = 0;
  waiting = [];
  wait(ms) {
    return new Promise((wake) => this.waiting.push({ at: this.time + ms, wake }));
  }
  async until(end) {
    for (;;) {
      await new Promise((done) => setImmediate(done));
      this.waiting.sort((a, b) => b.at - a.at);
      const next = this.waiting.at(-1);
      if (!next || next.at > end) break;
      this.waiting.pop();
      this.time = next.at;
      next.wake();
    }
    this.time = end;
  }
}

const SERVER = 1_774_591_200_000;

/** One screen: its counter began up to an hour off and runs `ppm` wrong; each way takes 10 + exp(30) ms. */
function screen(world, { ppm = (lot() - 0.5) * 100, isCut = () => false } = {}) {
  const began = (lot() - 0.5) * 7_200_000;
  let slept = 0;
  const counter = () => began + (world.time - slept) * (1 + ppm / 1e6);
  const clock = new HallClock(counter);
  const keeper = new TimeKeeper(clock, {
    counter,
    wait: (ms) => world.wait(ms),
    ask: async () => {
      await world.wait(10 + exponential(30));
      const server = SERVER + world.time;
      await world.wait(10 + exponential(30));
      if (isCut()) throw new Error("no network");
      return server;
    },
  });
  return { clock, keeper, sleep: (ms) => { slept += ms; } };
}

const TALK = { started_ms: SERVER + 3000, duration_ms: 480_000, paused_ms: 0, paused_at_ms: null };

async function aHall() {
  const world = new World();
  const screens = Array.from({ length: 200 }, () => screen(world));
  screens.forEach(({ keeper }) => void keeper.keep());
  const errors = [];
  const before = screens.map(() => Infinity);
  let spread = 0;
  let rises = 0;
  for (let time = 4000; time <= 480_000; time += 1000) {
    await world.until(time);
    const truth = remaining(TALK, SERVER + time);
    const off = screens.map(({ clock }, index) => {
      const left = remaining(TALK, clock.now());
      if (left > before[index]) rises++;
      before[index] = left;
      return left - truth;
    });
    errors.push(...off.map(Math.abs));
    spread = Math.max(spread, Math.max(...off) - Math.min(...off));
  }
  screens.forEach(({ keeper }) => keeper.stop());
  errors.sort((a, b) => a - b);
  return { p99: errors[Math.floor(errors.length * 0.99)], spread, rises };
}

async function aCut() {
  const world = new World();
  let cut = false;
  const screens = [-100, 0, 100].map((ppm) => screen(world, { ppm, isCut: () => cut }));
  screens.forEach(({ keeper }) => void keeper.keep());
  await world.until(9000);
  cut = true;
  const off = () => screens.map(({ clock }) => clock.now() - SERVER - world.time);
  await world.until(10_000);
  const before = off();
  await world.until(490_000);
  screens.forEach(({ keeper }) => keeper.stop());
  return { drift: Math.max(...off().map((each, index) => Math.abs(each - before[index]))) };
}

/** The counter stands still while the machine sleeps: a minute is lost, and made good once it is asked again. */
async function aSleep() {
  const world = new World();
  const { clock, keeper, sleep } = screen(world, { ppm: 0 });
  void keeper.keep();
  await world.until(60_000);
  sleep(60_000);
  await world.until(120_000);
  const asleep = SERVER + world.time - clock.now();
  keeper.woken();
  let rises = 0;
  for (let before = Infinity; world.time < 125_000; ) {
    await world.until(world.time + 100);
    const left = remaining(TALK, clock.now());
    if (left > before) rises++;
    before = left;
  }
  keeper.stop();
  return { asleep, awake: Math.abs(SERVER + world.time - clock.now()), rises };
}

/** A server that was started again says a time behind: the countdown waits for it and does not rise. */
async function aStep() {
  let time = 0;
  const clock = new HallClock(() => time);
  const answer = (server) => clock.take({ asked: time, answered: time, server });
  answer(SERVER);
  clock.wake();
  let [rises, most, before] = [0, 0, Infinity];
  for (let step = 0; step < 2000; step++) {
    time += 10;
    const shownBefore = clock.now();
    if (step % 100 === 0) answer(SERVER + time - 300);
    const left = remaining(TALK, clock.now());
    if (left > before) rises++;
    before = left;
    most = Math.max(most, Math.abs(clock.now() - shownBefore));
  }
  return { rises, jump: most, off: Math.abs(clock.now() - (SERVER + time - 300)) };
}

function pauses() {
  let running = { ...TALK };
  let now = TALK.started_ms;
  let ran = 0;
  for (let cycle = 0; cycle < 20; cycle++) {
    const run = lot() * 20_000;
    now += run;
    ran += run;
    running = { ...running, paused_at_ms: Math.round(now) };
    now += lot() * 20_000;
    running = { ...running, paused_ms: running.paused_ms + Math.round(now) - running.paused_at_ms, paused_at_ms: null };
  }
  return Math.abs(remaining(running, now) - (480_000 - ran));
}

const texts = [480_000, 479_999, 479_000, 1, 0, -999, -1000, -61_500].map(shown);
const waits = [480_000, 479_999.5, 1001, 1, 0, -1, -999, -1000].map(untilNext);
const marks = [60_001, 60_000, 30_001, 30_000, 1, 0, -5].map(warning);
console.log(JSON.stringify({
  hall: await aHall(), cut: await aCut(), sleep: await aSleep(), step: await aStep(), pauses: pauses(), texts, waits, marks,
}));
