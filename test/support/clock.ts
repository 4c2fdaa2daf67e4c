import type { Clock } from '../../src/time/clock.js';

/** 2026-01-31 12:00:20 UTC: well within a minute. */
export const NOON = Date.UTC(2026, 0, 31, 12, 0, 20);

/** A clock that goes, is set and sleeps when a test says so. */
export class ManualClock implements Clock {
  #now: number;
  #monotonic = 5_000;

  constructor(now = NOON) {
    this.#now = now;
  }

  now = (): number => this.#now;
  monotonic = (): number => this.#monotonic;

  /** Time passes. */
  advance(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
  }

  /** Somebody sets the wall clock; a sleep of the machine looks like this one set forward. */
  set(byMs: number): void {
    this.#now += byMs;
  }
}

/** This process's own time, with a wall clock that a test can set. */
export class SettableClock implements Clock {
  #set = 0;

  now = (): number => Date.now() + this.#set;
  monotonic = (): number => performance.now();

  set(byMs: number): void {
    this.#set += byMs;
  }
}
