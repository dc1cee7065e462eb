/** The clock of the page, running: it moves the playback with the frames of the screen, and says where it stands. */
import type { Slices } from '../../../sim/recording/format.ts';
import { advanced, clamped, nextSpeed, type Playback } from './playback.ts';
import { endOf, type Span, stepped } from './slices.ts';

export interface ClockEvents {
  /** The time or the speed is another, or a frame has passed. */
  show(playback: Playback): void;
  /** The time stands still at a new place. */
  rest(): void;
}

/** A tab that was in the background does not leap when it comes back, seconds. */
const LONGEST_FRAME = 0.25;

export class Clock {
  private playback: Playback = { time: 0, playing: false, speed: 1 };
  private span: Span = { from: 0, to: 0 };
  /** Whose edges the steps go to. */
  private slices: Slices = { count: 0, warmup: 0, seconds: 1, edges: new Float64Array(1) };
  private frame = 0;
  private lastFrame = 0;

  constructor(private readonly events: ClockEvents) {}

  get now(): Playback {
    return this.playback;
  }

  /** Goes to another stretch of time: slices to step through (the longest where there are several), place and pace. */
  open(all: readonly Slices[], span: Span, { time, playing, speed }: Playback): void {
    this.span = span;
    this.slices = all.reduce((longest, it) => (endOf(it) > endOf(longest) ? it : longest));
    this.playback = { time: clamped(time, span.from, span.to), playing, speed };
    this.show();
    this.run();
  }

  /** Goes to a moment; what plays goes on playing. */
  seek(time: number): void {
    this.playback = { ...this.playback, time: clamped(time, this.span.from, this.span.to) };
    this.show();
    this.events.rest();
  }

  /** One slice, or with `far` a twentieth of all; stops what plays. */
  step(direction: 1 | -1, far: boolean): void {
    this.playback = { ...this.playback, playing: false };
    const twentieth = Math.max(1, Math.round(this.slices.count / 20));
    this.seek(stepped(this.slices, this.playback.time, direction * (far ? twentieth : 1)));
  }

  start(): void {
    this.seek(this.span.from);
  }

  end(): void {
    this.seek(this.span.to);
  }

  /** Plays or pauses; from the end it plays from the beginning. */
  toggle(): void {
    const { time, playing } = this.playback;
    this.playback = { ...this.playback, time: time >= this.span.to ? this.span.from : time, playing: !playing };
    this.show();
    this.run();
  }

  accelerate(direction: 1 | -1): void {
    this.playback = { ...this.playback, speed: nextSpeed(this.playback.speed, direction) };
    this.show();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private show(): void {
    this.events.show(this.playback);
  }

  private run(): void {
    this.stop();
    this.lastFrame = 0;
    const frame = (now: number) => {
      const elapsed = this.lastFrame === 0 ? 0 : Math.min(LONGEST_FRAME, (now - this.lastFrame) / 1000);
      this.lastFrame = now;
      this.playback = advanced(this.playback, elapsed, this.span.to);
      this.show();
      if (this.playback.playing) this.frame = requestAnimationFrame(frame);
      else this.events.rest();
    };
    if (this.playback.playing) this.frame = requestAnimationFrame(frame);
  }
}
