import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanMs } from '../../src/dashboard/format/spans.js';
import {
  askedRange,
  comparedIn,
  PAIR_DEFAULTS,
  parsePairAddress,
  rangeText,
  shownRange,
} from '../../src/dashboard/pair/address.js';
import {
  backfilledBands,
  joined,
  rebased,
  withGaps,
  type PairSeries,
} from '../../src/dashboard/pair/series.js';

const MINUTE = 60_000;

/** A series of minutes: each bucket's turn and value follow from its place and a seed. */
function series(places: readonly number[], seed = 0): PairSeries {
  const values = places.map((place) => (place % 7 === 6 ? null : place * 10 + seed));
  return {
    every: '1m',
    everyMs: MINUTE,
    starts: places.map((place) => place * MINUTE),
    turns: places.map((place) => place + 1),
    lines: [{ values, candles: { open: values, high: values, low: values }, reason: null }],
    lastTurn: places.length === 0 ? null : Math.max(...places) + 1,
  };
}

describe('what was backfilled', () => {
  it('is told apart where there are values and no turn, stretch by stretch', () => {
    const whole = series([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const turns = [null, null, 3, null, 5, 6, null, null, 9];
    const band = (from: number, to: number) => ({
      ...{ name: 'Backfilled: closes of minutes', colour: '--quiet' },
      ...{ from: from * MINUTE, to: to * MINUTE },
    });
    // At the sixth there is nothing at all.
    expect(backfilledBands({ ...whole, turns })).toEqual([band(0, 2), band(3, 4), band(7, 8)]);
    expect(backfilledBands(whole)).toEqual([]);
    expect(backfilledBands({ ...whole, turns, everyMs: null })).toEqual([]);
  });
});

describe('a series that grows', () => {
  it('is, joined from pieces that overlap, what it would be read whole', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(60), { minLength: 1 }),
        fc.nat(60),
        fc.nat(10),
        (found, cut, overlap) => {
          const places = found.toSorted((a, b) => a - b);
          const before = series(places.filter((place) => place < cut));
          const after = series(places.filter((place) => place >= cut - overlap));
          expect(joined(before, after, -Infinity)).toEqual(series(places));
        },
      ),
    );
  });

  it('takes a bucket that comes again in the place of what was there of it', () => {
    const grown = joined(series([1, 2, 3]), series([3, 4], 5), -Infinity);
    expect(grown.lines[0]?.values).toEqual([10, 20, 35, 45]);
    expect(grown.turns).toEqual([2, 3, 4, 5]);
    expect(grown.lastTurn).toBe(5);
  });

  it('lets go what is before its range', () => {
    const grown = joined(series([1, 2, 3]), series([4]), 3 * MINUTE);
    expect(grown.starts).toEqual([3 * MINUTE, 4 * MINUTE]);
  });

  it('has a gap where buckets are missing, between the two', () => {
    const gapped = withGaps(series([1, 2, 5]), MINUTE);
    expect(gapped.starts).toEqual([1, 2, 3.5, 5].map((place) => place * MINUTE));
    expect(gapped.lines[0]?.values).toEqual([10, 20, null, 50]);
    expect(gapped.lines[0]?.candles?.high).toEqual([10, 20, null, 50]);
    expect(gapped.turns).toEqual([2, 3, null, 6]);
    const whole = series([1, 2, 3]);
    expect(withGaps(whole, MINUTE)).toBe(whole);
  });
});

it('a comparison begins at the first value in sight', () => {
  expect(rebased([1, 2, 3, 4], [50, null, 100, 125], 2)).toEqual([-50, null, 0, 25]);
  expect(rebased([1], [null], 0)).toEqual([null]);
});

it('the spans of the server are lengths of time', () => {
  expect([spanMs('30s'), spanMs('5m'), spanMs('2w'), spanMs('turn')]).toEqual([
    30_000,
    300_000,
    1_209_600_000,
    null,
  ]);
});

describe('the address of a pair', () => {
  const read = (search: string) => parsePairAddress(new URLSearchParams(search));

  it('has a free range only where it is one', () => {
    const range = { from: '2026-11-24T14:00:00Z', to: '2026-11-24T15:00:00Z' };
    expect(read(`from=${range.from}&to=${range.to}`)).toEqual({ ...PAIR_DEFAULTS, ...range });
    expect(read(`from=${range.to}&to=${range.from}`)).toEqual(PAIR_DEFAULTS);
    expect(read(`from=${range.from}`)).toEqual(PAIR_DEFAULTS);
    expect(read('range=2h&price=ASK&shape=bars&from=x&to=y&compare=BTC')).toEqual(PAIR_DEFAULTS);
  });

  it('has pairs to compare with, each once and no more than have colours', () => {
    expect(comparedIn('ETH/USDT,BNB/USDT,ETH/USDT,/,x')).toEqual([
      { base: 'ETH', quote: 'USDT' },
      { base: 'BNB', quote: 'USDT' },
    ]);
    expect(comparedIn('A/B,C/D,E/F,G/H,I/J,K/L')).toHaveLength(5);
  });

  it('is written to the second, and never empty', () => {
    const at = Date.UTC(2026, 10, 24, 14, 0, 0);
    expect(rangeText({ from: at + 400, to: at + 900 })).toEqual({
      from: '2026-11-24T14:00:00Z',
      to: '2026-11-24T14:00:01Z',
    });
  });
});

describe('a range that is asked for', () => {
  const newest = Date.UTC(2026, 10, 24, 14);
  const day = 24 * 60 * MINUTE;

  it('is by the server’s own clock while the newest turn is looked at, else up to the turn', () => {
    expect(askedRange(PAIR_DEFAULTS, newest, true)).toMatchObject({
      ...{ from: 'now-24h', to: 'now', isLive: true },
    });
    expect(askedRange(PAIR_DEFAULTS, newest, false)).toMatchObject({
      from: '2026-11-23T14:00:00.000Z',
      to: '2026-11-24T14:00:00.001Z',
      isLive: false,
    });
    const past = { ...PAIR_DEFAULTS, from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' };
    expect(askedRange(past, newest, true).isLive).toBe(false);
  });

  it('is drawn as long as it is called, or as what is stored is', () => {
    const whole = shownRange(PAIR_DEFAULTS, newest, newest - 2 * day);
    expect(whole.to - whole.from).toBe(day);
    expect(whole.to).toBeGreaterThan(newest);
    expect(whole.to - newest).toBeLessThan(day / 50);
    const young = shownRange(PAIR_DEFAULTS, newest, newest - 10 * MINUTE);
    expect(young.from).toBe(newest - 10 * MINUTE);
    expect(young.to - newest).toBeLessThan(MINUTE);
    const all = shownRange({ ...PAIR_DEFAULTS, range: 'all' }, newest, newest - 3 * day);
    expect(all.from).toBe(newest - 3 * day);
  });

  it('keeps its place while turns come, until they are a step further', () => {
    const one = shownRange(PAIR_DEFAULTS, newest + 1, newest - 2 * day);
    const next = shownRange(PAIR_DEFAULTS, newest + 3_000, newest - 2 * day);
    expect(next).toEqual(one);
  });
});
