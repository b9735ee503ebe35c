/**
 * The bell of a screen: strokes put on the audio clock as soon as a phase runs, so that they sound without a network and
 * with a busy page; taken off when it is held.
 */
import { type HallClock, type Running, WARNINGS, remaining } from "./clock";

/** Strokes at nought, and whether short tones warn before. */
export interface Ringing {
  running: Running | null;
  strokes: number;
  warns: boolean;
}

interface Sound {
  at: number; // audio time, seconds
  source: OscillatorNode;
}

const STROKE_S = 1.4;
const BETWEEN_S = 0.7;
const SOONEST_S = 0.02;

/** One page's bell. */
export class Bell {
  private sounds: Sound[] = [];
  private plan: Ringing = { running: null, strokes: 0, warns: false };

  constructor(
    private readonly clock: HallClock,
    private readonly context: AudioContext,
    private readonly out: AudioNode = context.destination,
  ) {
    context.addEventListener("statechange", () => { this.put(); });
  }

  /** "running", or why nothing can be heard. */
  get state(): string {
    return this.context.state;
  }

  /** Let the browser allow sound (from a press), and ring once. */
  async test(): Promise<string> {
    await this.context.resume().catch(() => undefined);
    if (this.context.state === "running") this.strike(this.context.currentTime + SOONEST_S, 2);
    return this.context.state;
  }

  /** Follow a state of the hall: what was planned before is taken off, what follows from this one put on. */
  follow(plan: Ringing): void {
    this.plan = plan;
    this.put();
  }

  /** Put the same plan on again: the hall's time has been measured better, or sound was allowed. */
  put(): void {
    this.cancel();
    const { running, strokes, warns } = this.plan;
    if (!running || running.paused_at_ms !== null || running.duration_ms === 0) return;
    if (this.context.state !== "running" || !this.clock.isSet) return;
    const left = remaining(running, this.clock.now());
    const at = (mark: number): number => this.context.currentTime + (left - mark) / 1000;
    if (warns) {
      for (const mark of WARNINGS) if (left > mark) this.tone(at(mark), 660, 0.25, 0.2);
    }
    if (left > 0) this.strike(at(0), strokes);
  }

  private cancel(): void {
    for (const sound of this.sounds) {
      if (sound.at <= this.context.currentTime) continue; // it is sounding
      sound.source.stop(0);
      sound.source.disconnect();
    }
    this.sounds = [];
  }

  private strike(at: number, strokes: number): void {
    for (let stroke = 0; stroke < strokes; stroke++) {
      this.tone(at + stroke * BETWEEN_S, 880, STROKE_S, 0.6);
      this.tone(at + stroke * BETWEEN_S, 1760, STROKE_S, 0.25);
    }
  }

  private tone(at: number, frequency: number, length_s: number, loudness: number): void {
    const source = new OscillatorNode(this.context, { frequency });
    const volume = new GainNode(this.context, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(loudness, at + 0.005);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length_s);
    source.connect(volume).connect(this.out);
    source.start(at);
    source.stop(at + length_s);
    this.sounds.push({ at, source });
  }
}
