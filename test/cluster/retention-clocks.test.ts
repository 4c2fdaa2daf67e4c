import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockWitnesses } from '../../src/cluster/clock-witnesses.js';
import type { CycleAge } from '../../src/history/cycle-store.js';
import { Retention } from '../../src/cluster/retention.js';
import { ManualClock, NOON } from '../support/clock.js';
import { keptLogger } from '../support/logs.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Times as they are, a little or far off, of the future, or not to be read. */
const time = fc.oneof(
  fc.integer({ min: NOON - 3 * DAY, max: NOON }),
  fc.integer({ min: NOON - 1_000 * DAY, max: NOON + 1_000 * DAY }),
  fc.constant(NaN),
);
const offBy = fc.oneof(
  fc.integer({ min: -MINUTE, max: MINUTE }),
  fc.integer({ min: -60 * DAY, max: 60 * DAY }),
);
const scene = fc.record({
  times: fc.array(fc.record({ observedAt: time, completedAt: time }), { minLength: 1 }),
  setMs: fc.oneof(fc.constant(0), offBy),
  databaseMs: fc.oneof(fc.constant(0), offBy),
  exchangeMs: fc.oneof(fc.constant(0), fc.constant(null), offBy),
  kind: fc.constantFrom('BINANCE' as const, 'SIMULATED' as const, 'REPLAY' as const),
  days: fc.integer({ min: 1, max: 400 }),
});

describe('what is removed for its age, over random times and clocks', () => {
  it('is the run of old turns at the beginning, but for one; nothing where the clocks do not agree', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async (given) => {
        const { times, setMs, databaseMs, exchangeMs, kind, days } = given;
        let stored: CycleAge[] = times.map((each, index) => ({ turn: index + 1, ...each }));
        const all = stored;
        const marks: number[] = [];
        const clock = new ManualClock();
        const ages = {
          agesFrom: (turn: number, limit: number) =>
            Promise.resolve(stored.filter((each) => each.turn >= turn).slice(0, limit)),
          databaseTime: () => Promise.resolve(NOON + databaseMs),
        };
        const status = () => ({
          usedWeight: null,
          weightLimit: 6000,
          weightPerTurn: 0,
          bannedUntil: null,
          clockOffsetMs: exchangeMs,
          warnings: [],
        });
        const witnesses = new ClockWitnesses({ clock, market: { kind, status }, ages });
        clock.set(setMs);
        const retention = new Retention({
          cycles: {
            span: () => Promise.resolve({ oldest: 1, latest: all.length }),
            removeOldest(beforeTurn, limit) {
              const gone = stored.filter(({ turn }) => turn < beforeTurn).slice(0, limit);
              stored = stored.slice(gone.length);
              return Promise.resolve(gone.length);
            },
          },
          skips: { removeThrough: () => Promise.resolve() },
          backfill: { removeBefore: () => Promise.resolve() },
          ages,
          controlStore: { markVisibleFrom: (turn) => Promise.resolve(void marks.push(turn)) },
          lease: { isHeld: true },
          witnesses,
          log: keptLogger(),
          days,
          isReplay: kind === 'REPLAY',
        });
        await retention.run(0);

        const isNear = (ms: number): boolean => Math.abs(ms) <= 2 * MINUTE;
        const isBorneOut =
          kind === 'BINANCE' ? exchangeMs !== null && isNear(exchangeMs) : isNear(setMs);
        if (!isNear(databaseMs - setMs) || !isBorneOut) {
          expect(stored).toEqual(all);
          expect(marks).toEqual([]);
          expect(retention.warnings.join()).toMatch(/^RETENTION_DAYS: nothing is removed/);
          return;
        }
        const youngFrom = NOON + Math.min(setMs, databaseMs) - days * DAY;
        const timeOf = (age: CycleAge) => (kind === 'REPLAY' ? age.completedAt : age.observedAt);
        const young = all.findIndex((age) => timeOf(age) >= youngFrom);
        const old = all.slice(0, young < 0 ? all.length : young);
        const lastOld = old.findLast((age) => !Number.isNaN(timeOf(age)))?.turn ?? 0;
        const visibleFrom = Math.min(lastOld + 1, all.length);
        expect(stored[0]?.turn).toBe(Math.max(1, visibleFrom - 1));
        expect(marks).toEqual(visibleFrom > 1 ? [visibleFrom] : []);
      }),
      { numRuns: 500 },
    );
  });
});
