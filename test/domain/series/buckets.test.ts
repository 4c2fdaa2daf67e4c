import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AGGREGATES,
  LineAggregates,
  type Aggregate,
} from '../../../src/domain/series/aggregate.js';
import { isFinal, NOWHERE, SpanBuckets, TurnPoints } from '../../../src/domain/series/buckets.js';
import { widened } from '../../../src/domain/series/range.js';
import { Runs } from '../../../src/domain/series/runs.js';
import { definedAggregates } from '../../support/defined-series.js';

interface Point {
  readonly turn: number;
  readonly observedAt: number;
  readonly value: number;
  readonly stale: number;
}

const SPAN = 10_000;
/** Turns whose clock mostly goes on and sometimes back, with and without values. */
const points: fc.Arbitrary<readonly Point[]> = fc
  .array(
    fc.record({
      step: fc.oneof(fc.integer({ min: 0, max: 8_000 }), fc.integer({ min: -30_000, max: 60_000 })),
      value: fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(NaN)),
      stale: fc.constantFrom(0, 1),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let observedAt = 1_700_000_000_000;
    return steps.map(({ step, value, stale }, n) => {
      observedAt += step;
      return { turn: n + 1, observedAt, value, stale };
    });
  });
const ranges = fc
  .tuple(fc.integer({ min: -50_000, max: 50_000 }), fc.integer({ min: 1, max: 200_000 }))
  .map(([from, ms]) => ({ from: 1_700_000_000_000 + from, to: 1_700_000_000_000 + from + ms }));

const column = (list: readonly Point[], of: (point: Point) => number) =>
  Float64Array.from(list, of);

/** The points added in chunks, the borders of which are the given numbers of points. */
function answer(
  list: readonly Point[],
  buckets: SpanBuckets | TurnPoints,
  borders: readonly number[],
) {
  const line = new LineAggregates(buckets.room);
  const stops = [...borders.filter((at) => at < list.length), list.length].sort((a, b) => a - b);
  let from = 0;
  for (const stop of stops) {
    const chunk = list.slice(from, stop);
    from = stop;
    const places = buckets.add({
      turns: column(chunk, ({ turn }) => turn),
      observedAt: column(chunk, ({ observedAt }) => observedAt),
    });
    const stale = Uint8Array.from(chunk, (point) => point.stale);
    line.add(
      places,
      column(chunk, ({ value }) => value),
      stale,
    );
  }
  return { buckets, line };
}

const numbers = (list: Float64Array) => [...list].map((v) => (Number.isNaN(v) ? null : v));

describe('buckets', () => {
  it('have what a plain walk through all turns finds, wherever chunks end', () => {
    fc.assert(
      fc.property(points, ranges, fc.array(fc.nat(60)), (list, asked, borders) => {
        const range = widened(asked, SPAN);
        const { buckets, line } = answer(list, new SpanBuckets(range, SPAN), borders);
        expect(buckets.size).toBe((range.to - range.from) / SPAN);
        for (let bucket = 0; bucket < buckets.size; bucket++) {
          const start = range.from + bucket * SPAN;
          const own = list.filter(
            ({ observedAt }) => observedAt >= start && observedAt < start + SPAN,
          );
          expect(buckets.starts[bucket]).toBe(start);
          expect(buckets.counts[bucket]).toBe(own.length);
          expect(buckets.firstTurns[bucket]).toBe(own[0]?.turn ?? NaN);
          expect(buckets.lastTurns[bucket]).toBe(own.at(-1)?.turn ?? NaN);
          // What has no value is made of no price that could be stale.
          expect(line.staleCounts[bucket]).toBe(
            own.filter(({ stale, value }) => stale === 1 && !Number.isNaN(value)).length,
          );
          const values = own.map(({ value }) => value).filter((value) => !Number.isNaN(value));
          for (const of of AGGREGATES) {
            const found = numbers(line.values(of, buckets.size))[bucket] as number | null;
            const expected = definedAggregates[of]?.(values) ?? null;
            // Of 0 and -0, neither is the least.
            expect(found === null ? null : found + 0).toBe(expected === null ? null : expected + 0);
          }
        }
      }),
    );
  });

  it('have the same numbers in every answer, whatever its range', () => {
    fc.assert(
      fc.property(points, ranges, ranges, (list, one, other) => {
        const [first, second] = [one, other].map((asked) => {
          const { buckets, line } = answer(list, new SpanBuckets(widened(asked, SPAN), SPAN), []);
          return new Map(
            [...buckets.starts].map((start, bucket) => [
              start,
              AGGREGATES.map((of) => line.values(of, buckets.size)[bucket]),
            ]),
          );
        });
        for (const [start, values] of first ?? []) {
          if (second?.has(start)) expect(second.get(start)).toEqual(values);
        }
      }),
    );
  });

  it('have first, last and mean between the least and the most, which make their candle', () => {
    fc.assert(
      fc.property(points, ranges, (list, asked) => {
        const { buckets, line } = answer(list, new SpanBuckets(widened(asked, SPAN), SPAN), []);
        const of = (aggregate: Aggregate) => line.values(aggregate, buckets.size);
        const [open, high, low, close] = [of('FIRST'), of('MAX'), of('MIN'), of('LAST')];
        const [counts, mean] = [of('COUNT'), of('MEAN')];
        counts.forEach((count, bucket) => {
          if (count === 0) {
            expect([open, high, low, close, mean].map((each) => each[bucket])).toEqual(
              new Array(5).fill(NaN),
            );
            return;
          }
          const [least, most] = [low[bucket] as number, high[bucket] as number];
          // A mean is rounded; and neither 0 is more than the other.
          const slack = 1e-12 * Math.max(Math.abs(least), Math.abs(most));
          for (const each of [open, close, mean]) {
            expect(each[bucket]).toBeGreaterThanOrEqual(least - slack);
            expect(each[bucket]).toBeLessThanOrEqual(most + slack);
          }
        });
      }),
    );
  });

  it('of one point a turn are the turns of the range, in their order', () => {
    fc.assert(
      fc.property(points, ranges, fc.array(fc.nat(60)), (list, range, borders) => {
        const own = list.filter(
          ({ observedAt }) => observedAt >= range.from && observedAt < range.to,
        );
        const { buckets, line } = answer(list, new TurnPoints(range, own.length), borders);
        expect([...buckets.starts]).toEqual(own.map(({ observedAt }) => observedAt));
        expect([...buckets.firstTurns]).toEqual(own.map(({ turn }) => turn));
        expect([...buckets.lastTurns]).toEqual(own.map(({ turn }) => turn));
        expect([...buckets.counts]).toEqual(own.map(() => 1));
        for (const of of ['LAST', 'FIRST', 'MIN', 'MAX'] as const) {
          expect([...line.values(of, buckets.size)]).toEqual(own.map(({ value }) => value));
        }
      }),
    );
  });

  it('leave out a turn that does not say its time', () => {
    const buckets = new SpanBuckets({ from: 0, to: 2 * SPAN }, SPAN);
    const places = buckets.add({
      turns: Float64Array.of(1, 2, 3),
      observedAt: Float64Array.of(1, NaN, SPAN),
    });
    expect([...places]).toEqual([0, NOWHERE, 1]);
    expect([...buckets.counts]).toEqual([1, 1]);
  });

  it('are final once a turn at their end is stored', () => {
    // `now` is one millisecond after the last turn.
    expect(isFinal(SPAN, SPAN)).toBe(false);
    expect(isFinal(SPAN, SPAN + 1)).toBe(true);
  });
});

describe('runs', () => {
  it('are neighbouring turns of one code, wherever chunks end', () => {
    const codes = fc.array(fc.constantFrom(0, 0, 1, 1, 2), { maxLength: 40 });
    fc.assert(
      fc.property(codes, fc.nat(40), fc.array(fc.boolean()), (list, border, isOut) => {
        const runs = new Runs();
        const turns = Float64Array.from(list, (_, n) => n + 1);
        const places = Int32Array.from(list, (_, n) => (isOut[n] ? NOWHERE : n));
        for (const [from, to] of [
          [0, border],
          [border, list.length],
        ] as const) {
          runs.add(
            turns.subarray(from, to),
            places.subarray(from, to),
            Int32Array.from(list).subarray(from, to),
          );
        }
        const inside = list
          .map((code, n) => ({ code, turn: n + 1 }))
          .filter(({ turn }) => !isOut[turn - 1]);
        const expected: { fromTurn: number; toTurn: number; code: number }[] = [];
        inside.forEach(({ code, turn }, n) => {
          if (code === 0) return;
          const last = expected.at(-1);
          if (last && inside[n - 1]?.code === code) last.toTurn = turn;
          else expected.push({ fromTurn: turn, toTurn: turn, code });
        });
        expect(runs.list).toEqual(expected);
        expect(runs.count).toBe(expected.length);
      }),
    );
  });

  it('are counted also where they are too many to keep', () => {
    const runs = new Runs();
    const turns = Float64Array.from({ length: 50_000 }, (_, n) => n + 1);
    const places = new Int32Array(50_000);
    runs.add(
      turns,
      places,
      Int32Array.from(turns, (turn) => (turn % 2) + 1),
    );
    expect(runs.count).toBe(50_000);
    expect(runs.list).toHaveLength(10_000);
    expect(runs.list.at(-1)).toEqual({ fromTurn: 10_000, toTurn: 10_000, code: 1 });
  });
});
