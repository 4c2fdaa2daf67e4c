import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { stepOf, type TransformKind } from '../../src/domain/series/transform.js';
import type { SeriesReader } from '../../src/history/series-reader.js';
import { nulls } from '../support/nulls.js';
import {
  BOOKS,
  FOLDER,
  QUARTER,
  readCells,
  readCloses,
  readerOf,
  type Closes,
} from '../support/recorded-crash.js';

describe.skipIf(!existsSync(FOLDER))('of the FTX crash (where ../shared/data is there)', () => {
  let closes: Closes;
  beforeAll(() => {
    closes = readCloses();
  });

  describe.each(BOOKS)('%s', (_name, book) => {
    let reader: SeriesReader;
    beforeAll(async () => {
      reader = await readerOf(closes, book);
    });

    it('transforms go on over what is empty', async () => {
      const data = await readCells(reader, QUARTER);
      for (const line of data.lines) {
        const values = nulls(line.values('LAST'));
        const come = (kind: TransformKind, length: number | null = null) => {
          const step = stepOf([{ kind, length }]);
          return values.map((value) => {
            const result = step(value ?? NaN);
            return Number.isNaN(result) ? null : result;
          });
        };
        const seen: number[] = [];
        const expected: Record<string, (number | null)[]> = { D: [], L: [], C: [], M: [], E: [] };
        let smooth = NaN;
        for (const value of values) {
          const before = seen.at(-1);
          if (value !== null) {
            seen.push(value);
            smooth = seen.length === 1 ? value : 0.4 * value + 0.6 * smooth;
          }
          const isAny = value !== null;
          const isPair = isAny && before !== undefined;
          expected['D']?.push(isPair ? value - before : null);
          expected['L']?.push(isPair ? Math.log(value / before) : null);
          expected['C']?.push(isAny ? 100 * (value / (seen[0] as number) - 1) : null);
          const [a = 0, b = 0, c = 0, d = 0] = seen.slice(-4);
          expected['M']?.push(isAny && seen.length >= 4 ? (a + b + c + d) / 4 : null);
          expected['E']?.push(isAny ? smooth : null);
        }
        expect(come('DIFFERENCE')).toEqual(expected['D']);
        expect(come('LOG_RETURN')).toEqual(expected['L']);
        expect(come('CUMULATIVE_PERCENT')).toEqual(expected['C']);
        expect(come('MOVING_AVERAGE', 4)).toEqual(expected['M']);
        const smoothed = come('EWMA', 4);
        smoothed.forEach((value, at) => {
          const other = expected['E']?.[at] ?? null;
          expect(value === null).toBe(other === null);
          expect(Math.abs((value ?? 0) - (other ?? 0))).toBeLessThanOrEqual(1e-12 * (other ?? 0));
        });
      }
    });
  });
});
