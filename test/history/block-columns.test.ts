import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Columns } from '../../src/history/blocks/block.js';
import { packBook, unpackBook } from '../../src/history/blocks/book.js';
import { BlockFault, ByteWriter } from '../../src/history/blocks/bytes.js';
import { packColumn, unpackColumn } from '../../src/history/blocks/column.js';
import { packRecords, unpackNumbers, unpackRecords } from '../../src/history/blocks/records.js';
import type { TurnRecord } from '../../src/history/turn-chunk.js';

function same(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  return (
    one.length === other.length && Array.from(one).every((value, at) => Object.is(value, other[at]))
  );
}

function varint(value: number): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(value);
  return writer.bytes;
}

function bytesOf(columns: Columns): number {
  return Object.values(columns).reduce((sum, { length }) => sum + length, 0);
}

describe('a column', () => {
  it('of more numbers than are written together comes back bit for bit, however they move', () => {
    const step = fc.oneof(
      { weight: 40, arbitrary: fc.integer({ min: -9, max: 9 }) },
      { weight: 4, arbitrary: fc.integer({ min: -1e6, max: 1e6 }) },
      { weight: 1, arbitrary: fc.maxSafeInteger() },
    );
    const unit = fc.constantFrom(1, 100, 1e8, 3, Math.PI);
    fc.assert(
      fc.property(fc.array(step, { minLength: 250, maxLength: 400 }), unit, (steps, over) => {
        let whole = 0;
        const values = Float64Array.from(steps, (each) => (whole += each) / over);
        return same(unpackColumn(packColumn(values), values.length), values);
      }),
      { numRuns: 300 },
    );
  });

  it('of figures that no power of ten makes whole takes what is not known of them, also about 0', () => {
    const figures = Float64Array.from({ length: 2_048 }, (_, n) => Math.sin(n / 300) / 7);
    const packed = packColumn(figures);
    expect(same(unpackColumn(packed, 2_048), figures)).toBe(true);
    expect(packed.length).toBeLessThan(6 * figures.length);
    expect(packColumn(Float64Array.of(-0, ...figures)).length).toBeLessThan(6 * figures.length);
  });

  it('of any bytes at all is a column or damaged, and nothing else', () => {
    const lengths = fc.nat({ max: 300 });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        lengths,
        fc.nat({ max: 3 }),
        (bytes, length, way) => {
          for (const some of [bytes, Uint8Array.of(0, ...varint(length), way, ...bytes)]) {
            try {
              expect(unpackColumn(some, length).length).toBe(length);
            } catch (error) {
              expect(error).toBeInstanceOf(BlockFault);
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe('the book of a pair', () => {
  const length = 600;
  const noise = (n: number): number => {
    const mixed = Math.imul(n + 1, 0x9e3779b1);
    const again = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77);
    return (again ^ (again >>> 13)) >>> 8;
  };
  const spread = (n: number): number => 56 + (noise(n) % 3);
  const bid = Float64Array.from({ length }, (_, n) => (6_512_345 + (noise(n) % 97)) / 100);
  const ask = bid.map((price, n) => (Math.round(price * 100) + spread(n)) / 100);
  const last = bid.map((price, n) => (noise(n + length) % 2 === 0 ? price : (ask[n] as number)));

  it('takes less than three quarters of bid and ask beside each other, where trades meet one of them', () => {
    const apart = { bid: packColumn(bid, last), ask: packColumn(ask, bid) };
    const book = packBook({ last, bid, ask });
    expect(bytesOf(book ?? {})).toBeGreaterThan(0);
    expect(bytesOf(book ?? {})).toBeLessThan(0.75 * bytesOf(apart));
  });

  it('comes back bit for bit, wherever the last price is, and with turns without any', () => {
    const price = fc.integer({ min: 0, max: 10 ** 6 }).map((ticks) => ticks / 1000);
    const row = fc.tuple(
      price,
      price,
      price,
      fc.constantFrom('AT_BID', 'AT_ASK', 'AT_NEITHER', 'NONE'),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const columnsOf = rows.map(([one, other, third, where]) => {
          if (where === 'NONE') return [NaN, NaN, NaN];
          return [where === 'AT_BID' ? one : where === 'AT_ASK' ? other : third, one, other];
        });
        const [prices, bids, asks] = [0, 1, 2].map((at) =>
          Float64Array.from(columnsOf, (each) => each[at] as number),
        ) as [Float64Array, Float64Array, Float64Array];
        const packed = packBook({ last: prices, bid: bids, ask: asks });
        const book = unpackBook(packed as Columns, prices);
        return same(book.bid, bids) && same(book.ask, asks);
      }),
    );
  });
});

describe('numbers of a record that another field has', () => {
  const length = 500;
  const quants = [1, 2].map((asset) =>
    Array.from({ length }, (_, turn) => Math.sin(turn * asset) / 3 + asset / 10),
  );
  const records = Array.from({ length }, (_, turn) => {
    const lead = quants[turn % 100 < 60 ? 0 : 1] as number[];
    return {
      quants: quants.map((values) => values[turn]),
      quant: lead[turn],
      shift: turn === 0 ? null : (lead[turn] as number) - (lead[turn - 1] as number),
    } as unknown as TurnRecord;
  });

  it('take next to nothing, and come back bit for bit, with all others and alone', async () => {
    const packed = await packRecords(records);
    expect(await unpackRecords(packed, length)).toEqual(records);
    for (const field of ['quant', 'shift'] as const) {
      const numbers = records.map(
        (record) => (record as unknown as Record<string, number>)[field] ?? NaN,
      );
      expect(same(unpackNumbers(packed, field, length), numbers)).toBe(true);
    }
    const without = await packRecords(records.map((record) => ({ ...record, quant: 0, shift: 0 })));
    expect(bytesOf(packed) - bytesOf(without)).toBeLessThan(0.2 * length);
  });
});
