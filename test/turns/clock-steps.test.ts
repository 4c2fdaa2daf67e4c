import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Metronome } from '../../src/turns/metronome.js';
import type { TurnOutcome, TurnRunner } from '../../src/turns/turn-runner.js';
import { keptLogger } from '../support/logs.js';

const HOUR = 3_600_000;
/** How often the metronome looks whether the machine has slept. */
const LOOK_MS = 1_000;
/** A timer takes at least a millisecond, and so does each look. */
const TIMER_MS = 3;

/** Somebody sets the wall clock, or, where that is forward, the machine has slept. */
interface Leap {
  /** Milliseconds after the leap before. */
  readonly afterMs: number;
  readonly byMs: number;
}

const back = fc.integer({ min: -40 * 24 * HOUR, max: -1 });
const forward = fc.integer({ min: 1, max: 40 * 24 * HOUR });
/** So little that all of them together are no leap. */
const slight = fc.integer({ min: -80, max: 80 });
const leapsOf = (byMs: fc.Arbitrary<number>): fc.Arbitrary<Leap[]> =>
  fc.array(fc.record({ afterMs: fc.integer({ min: 1, max: 30_000 }), byMs }), { maxLength: 12 });

interface Turn {
  readonly start: number;
  end: number;
}

interface Run {
  readonly turns: readonly Turn[];
  /** What `status` said of the next turn, against the wall clock of that moment. */
  readonly nextIn: readonly number[];
}

/** Runs a metronome for 120 s while the wall clock leaps; every time is of the monotonic clock. */
async function runThrough(
  intervalMs: number,
  durations: readonly number[],
  leaps: readonly Leap[],
): Promise<Run> {
  vi.setSystemTime(0);
  const begun = performance.now();
  const monotonic = (): number => Math.round(performance.now() - begun);
  let ahead = 1_700_000_000_000;
  const clock = { now: () => monotonic() + ahead, monotonic };
  const turns: Turn[] = [];
  const runner = {
    warnings: [],
    async run(): Promise<TurnOutcome> {
      const turn = { start: monotonic(), end: Infinity };
      const ms = durations[turns.length % durations.length] ?? 0;
      turns.push(turn);
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      turn.end = monotonic();
      const cycle = { turn: turns.length, frame: { tickers: [] } };
      return { kind: 'COMPLETED', figures: { cycle } } as unknown as TurnOutcome;
    },
  };
  const metronome = new Metronome({
    runner: runner as unknown as TurnRunner,
    clock,
    log: keptLogger(),
    intervalMs,
  });
  const nextIn: number[] = [];
  metronome.start();
  const stepBy = async (ms: number): Promise<void> => {
    await vi.advanceTimersByTimeAsync(ms);
    const { nextTurnAt } = metronome.status();
    if (nextTurnAt !== null) nextIn.push(nextTurnAt - clock.now());
  };
  for (const { afterMs, byMs } of leaps) {
    await stepBy(afterMs);
    ahead += byMs;
    await stepBy(0);
  }
  await stepBy(Math.max(0, 120_000 - monotonic()));
  const stopped = metronome.stop(0);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  await stopped;
  return { turns, nextIn };
}

const interval = fc.integer({ min: 50, max: 20_000 });
const durations = fc.array(fc.integer({ min: 0, max: 25_000 }), { minLength: 1, maxLength: 5 });

/** A turn, the one before, and when it was due by the beat, at the earliest. */
interface Beat {
  readonly before: Turn;
  readonly turn: Turn;
  readonly due: number;
}

/**
 * Turns keep their beat: what one is late by does not put off the next, unless it is half an interval
 * or more. How much of a leap was noticed is not known, so after one lateness is a range.
 * @param aheadIn how far the wall clock leapt forward between two moments
 */
function beatsOf(
  { turns }: Run,
  intervalMs: number,
  aheadIn: (from: number, to: number) => number = () => 0,
): Beat[] {
  const half = intervalMs / 2;
  let late = { least: 0, most: 0 };
  return turns.slice(1).map((turn, index) => {
    const before = turns[index] as Turn;
    const onTheBeat = before.start + intervalMs;
    const due = onTheBeat - late.most - aheadIn(before.start, turn.start);
    const most = turn.start - due;
    const least = Math.max(0, turn.start - (onTheBeat - late.least));
    if (most < half) late = { least, most: Math.max(0, most) };
    else if (least >= half) late = { least: 0, most: 0 };
    else late = { least: 0, most: half };
    return { before, turn, due };
  });
}

describe('turns start on the interval, whatever the wall clock does', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('to the millisecond where it is set back by any amount, or slightly either way', async () => {
    await fc.assert(
      fc.asyncProperty(
        interval,
        durations,
        leapsOf(fc.oneof(back, slight)),
        async (intervalMs, times, leaps) => {
          const run = await runThrough(intervalMs, times, leaps);
          expect(run.turns.length).toBeGreaterThan(1);
          for (const beat of beatsOf(run, intervalMs)) {
            const due = Math.max(beat.due, beat.before.end);
            expect(beat.turn.start).toBeGreaterThanOrEqual(due);
            expect(beat.turn.start).toBeLessThanOrEqual(due + TIMER_MS);
          }
          for (const ms of run.nextIn) {
            expect(ms).toBeGreaterThanOrEqual(0);
            expect(ms).toBeLessThanOrEqual(intervalMs);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never later than that, and sooner by a leap forward at most, as after a sleep', async () => {
    await fc.assert(
      fc.asyncProperty(
        interval,
        durations,
        leapsOf(fc.oneof(back, forward, slight)),
        async (intervalMs, times, leaps) => {
          const run = await runThrough(intervalMs, times, leaps);
          let at = 0;
          const placed = leaps.map(({ afterMs, byMs }) => ({ at: (at += afterMs), byMs }));
          const aheadIn = (from: number, to: number): number => {
            const between = placed.filter(({ at }) => at >= from && at <= to);
            return between.reduce((sum, { byMs }) => sum + Math.max(0, byMs), 0);
          };
          for (const { before, turn, due } of beatsOf(run, intervalMs, aheadIn)) {
            const latest = Math.max(before.start + intervalMs, before.end);
            expect(turn.start).toBeLessThanOrEqual(latest + TIMER_MS);
            expect(turn.start).toBeGreaterThanOrEqual(Math.max(due, before.end));
          }
          for (const ms of run.nextIn) {
            expect(ms).toBeGreaterThanOrEqual(0);
            expect(ms).toBeLessThanOrEqual(intervalMs);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('at once after a sleep that a turn would have come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        interval,
        durations,
        fc.integer({ min: 1, max: 60_000 }),
        async (intervalMs, times, sleepAt) => {
          const sleep = { afterMs: sleepAt, byMs: 20_000 + HOUR };
          const { turns } = await runThrough(intervalMs, times, [sleep]);
          const before = turns.findLast(({ start }) => start <= sleepAt) as Turn;
          const next = turns.find(({ start }) => start > sleepAt) as Turn;
          const due = Math.max(before.end, sleepAt + LOOK_MS);
          expect(next.start).toBeLessThanOrEqual(due + TIMER_MS);
        },
      ),
      { numRuns: 60 },
    );
  });
});
