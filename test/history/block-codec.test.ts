import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FORMULA_VERSION, type Cycle } from '../../src/domain/cycle.js';
import { STRATEGY_MODES, STRATEGY_TIERS } from '../../src/domain/strategy.js';
import { packColumn, unpackColumn } from '../../src/history/blocks/column.js';
import {
  cycleAt,
  packBlock,
  partOf,
  RECORDS,
  UnpackedPair,
  unpackTurns,
  VOLUMES,
} from '../../src/history/blocks/block.js';
import type { Columns } from '../../src/history/blocks/block.js';
import { unpackIds } from '../../src/history/blocks/ids.js';
import { columnOf, unpackRecords } from '../../src/history/blocks/records.js';
import { packTexts, unpackTexts } from '../../src/history/blocks/texts.js';
import { ChunkBuilder } from '../../src/history/chunk-builder.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { market, OBSERVED_AT } from '../support/arbitraries.js';

/** Whatever a double can be, and what exchanges send. */
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, 5e-324, 2 ** 53, -(2 ** 53), 2 ** 52 + 1, 1e22),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc
    .tuple(fc.integer({ min: 0, max: 10 ** 12 }), fc.integer({ min: 0, max: 9 }))
    .map(([whole, places]) => whole / 10 ** places),
);

const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 0n, max: 10n ** 20n }))
  .map(([whole, part]) => `${whole}.${part}`);
const figure = fc.option(fc.double());

function same(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  return (
    one.length === other.length && Array.from(one).every((value, at) => Object.is(value, other[at]))
  );
}

/** A cycle with any figures over any market; now and then with balances that cannot be read. */
const cycle: fc.Arbitrary<
  Omit<Cycle, 'turn' | 'aux'> & { readonly aux: Omit<Cycle['aux'], 'turn'> }
> = market.chain(({ universe, tickers }) =>
  fc.record({
    previousTurn: fc.option(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
    startedAt: fc.integer({ min: 0, max: 2 * OBSERVED_AT }),
    completedAt: fc.integer({ min: 0, max: 2 * OBSERVED_AT }),
    intervalMs: fc.option(number),
    exchange: fc.constantFrom('BINANCE', 'SIMULATED', 'REPLAY'),
    universe: fc.constant(universe),
    frame: fc.constant({ observedAt: OBSERVED_AT, tickers }),
    holdings: fc.record(
      {
        source: fc.constantFrom('ACCOUNT', 'PAPER'),
        balances: fc.array(
          fc.record({ asset: fc.constantFrom(...universe), free: decimal, locked: decimal }),
          { maxLength: 3 },
        ),
        unreadable: fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['source', 'balances'] },
    ),
    quants: fc
      .array(figure, { minLength: universe.length, maxLength: universe.length })
      .map((values) => ({ universe, values })),
    aux: fc.record({
      leadQuant: fc.option(fc.constantFrom(...universe)),
      quant: figure,
      shift: figure,
      leadSince: fc.integer({ min: 1 }),
      grt: figure,
      imprint: figure,
      luggage: fc.double(),
      imprintReached: fc.option(fc.boolean()),
      luggageReached: fc.option(fc.boolean()),
    }),
    leadPrice: figure,
    config: fc.record({
      version: fc.integer({ min: 1 }),
      updatedAt: fc.integer({ min: 0 }),
      tier: fc.constantFrom(...STRATEGY_TIERS),
      mode: fc.constantFrom(...STRATEGY_MODES),
      quantBase: fc.constantFrom(...universe),
      expectedImprint: fc.double({ min: 1e-9, noNaN: true }),
      expectedLuggage: fc.double({ min: 1e-9, noNaN: true }),
    }),
    staleAfterMs: fc.nat(),
    formulaVersion: fc.constant(FORMULA_VERSION),
  }),
);

/** Some turns one after another, numbers left out here and there, some of them unreadable. */
const turns: fc.Arbitrary<StoredCycle[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.option(cycle, { freq: 6 })), { maxLength: 12 })
  .map((steps) => {
    let turn = 0;
    return steps.map(([step, made]) => {
      turn += step;
      // As plain objects, as they are read.
      const cycle = structuredClone(made);
      return cycle
        ? { ...cycle, turn, aux: { turn, ...cycle.aux } }
        : new UnreadableCycle(turn, 'damaged');
    });
  });

const id = fc.oneof(fc.stringMatching(/^[0-9a-f]{24}$/), fc.string());

describe('a column', () => {
  it('comes back bit for bit, whatever numbers are in it', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), (numbers) => {
        const values = Float64Array.from(numbers);
        return same(unpackColumn(packColumn(values), values.length), values);
      }),
      { numRuns: 2_000 },
    );
  });

  it('comes back bit for bit beside another one, whatever numbers are in either', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 60 }), (rows) => {
        const values = Float64Array.from(rows, ([value]) => value);
        const beside = Float64Array.from(rows, ([, other]) => other);
        return same(unpackColumn(packColumn(values, beside), values.length, beside), values);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of bids beside last prices leaves less to compress than by itself', () => {
    const steps = Array.from({ length: 2_048 }, (_, n) => (Math.imul(n, 0x9e3779b1) >>> 16) % 97);
    const last = Float64Array.from(steps, (step, n) => (6_512_345 + step + (n % 2)) / 100);
    const bid = Float64Array.from(steps, (step) => (6_512_345 + step) / 100);
    const left = (bytes: Uint8Array) => deflateRawSync(bytes).length;
    const packed = packColumn(bid, last);
    expect(left(packed)).toBeLessThan(left(packColumn(bid)) / 10);
    expect(() => unpackColumn(packed, 2_048)).toThrow('from what is not there');
  });

  it('of large numbers that move evenly takes half of what they take as doubles', () => {
    const volumes = Float64Array.from(
      { length: 2_048 },
      (_, n) => 1_315_665_951.4567502 + n * 31_000.123 + Math.sin(n),
    );
    expect(packColumn(volumes).length).toBeLessThan(5 * volumes.length);
  });

  it('of prices takes a byte or two a turn', () => {
    const prices = Float64Array.from(
      { length: 2_048 },
      (_, n) => (6_512_345 + ((n * 37) % 50)) / 100,
    );
    expect(packColumn(prices).length).toBeLessThan(2 * prices.length);
    expect(packColumn(new Float64Array(2_048).fill(NaN)).length).toBeLessThan(8);
  });

  it('that ends too early, or goes on, is found to be damaged', () => {
    const packed = packColumn(Float64Array.of(1.5, 2.25, NaN, -3));
    expect(() => unpackColumn(packed.subarray(0, -1), 4)).toThrow('too early');
    expect(() => unpackColumn(Uint8Array.of(...packed, 0), 4)).toThrow('more than it says');
    expect(() => unpackColumn(packed, 2)).toThrow();
  });
});

describe('texts', () => {
  it('come back as they were, and null for none', () => {
    const text = fc.option(
      fc.oneof(fc.constantFrom('a', 'b', ''), fc.string({ unit: 'grapheme' })),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
        expect(unpackTexts(packTexts(texts), texts.length, (each) => each)).toEqual(texts);
      }),
    );
  });
});

describe('a block of cycles', () => {
  it('unpacks into the same cycles bit for bit, with the ids of their documents', async () => {
    await fc.assert(
      fc.asyncProperty(
        turns,
        fc.array(id, { minLength: 12, maxLength: 12 }),
        async (cycles, someIds) => {
          const builder = new ChunkBuilder(cycles.length);
          for (const stored of cycles)
            builder.add(stored, stored.turn % 2 === 0 ? NaN : stored.turn);
          const ids = someIds.slice(0, cycles.length);
          const { pairs, turns, parts } = await packBlock(builder.build(), ids);
          const length = cycles.length;
          const head = unpackTurns(turns, length);
          const volumes = parts.get(VOLUMES) as Columns;
          const { ids: packedIds, ...records } = parts.get(RECORDS) as Columns;
          const unpacked = {
            ...head,
            records: await unpackRecords(records, length),
            pairs: pairs.map((pair, number) => {
              const columns = parts.get(partOf(number)) as Columns;
              const prices = new UnpackedPair(columns, length);
              return {
                ...pair,
                last: prices.column('last'),
                open: prices.column('open'),
                bid: prices.column('bid'),
                ask: prices.column('ask'),
                lag: prices.column('lag'),
                quoteVolume: unpackColumn(columnOf(volumes, partOf(number)), length),
              };
            }),
          };
          expect(unpackIds(packedIds as Uint8Array, length)).toEqual(ids);
          cycles.forEach((stored, at) => {
            const found = cycleAt(unpacked, at);
            if (stored instanceof Error) expect(found).toBeNull();
            else if (!isDeepStrictEqual(found, stored)) expect(found).toStrictEqual(stored);
            expect(head.turns[at]).toBe(stored.turn);
          });
        },
      ),
    );
  });
});
