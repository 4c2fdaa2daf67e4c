import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SeriesReader } from '../../src/history/series-reader.js';
import { nulls } from '../support/nulls.js';
import {
  ASSETS,
  BOOKS,
  CELLS,
  FOLDER,
  momentsOf,
  MOVING_BOOK,
  QUARTER,
  readCells,
  readCloses,
  readerOf,
  type Book,
  type Closes,
} from '../support/recorded-crash.js';

/** A rate by plain loops: listed, listed the other way round, or by the best two legs. */
function definedRate(closes: Closes, book: Book, at: number, base: string, quote: string) {
  const symbols = [...closes.keys()].sort();
  const closeOf = (symbol: string) => closes.get(symbol)?.closes.get(at) as number;
  const direct = base + quote;
  if (closes.has(direct)) return { rate: closeOf(direct), path: direct };
  const inverse = quote + base;
  if (closes.has(inverse)) return { rate: 1 / closeOf(inverse), path: inverse };
  const [start = '', end = ''] = [base, quote].sort();
  let best: string[] = [];
  let least = Infinity;
  for (const one of symbols) {
    for (const other of symbols) {
      for (const middle of ASSETS) {
        const isFirst = one === start + middle || one === middle + start;
        const isSecond = other === middle + end || other === end + middle;
        if (!isFirst || !isSecond || middle === start || middle === end) continue;
        let sum = 0;
        for (const symbol of [one, other]) {
          const { bid, ask } = book(symbol, at, closeOf(symbol));
          sum += bid > 0 ? (ask - bid) / ((ask + bid) / 2) : Infinity;
        }
        if (best.length > 0 && !(sum < least)) continue;
        best = [one, other];
        least = sum;
      }
    }
  }
  const legs = base === start ? best : [best[1] as string, best[0] as string];
  let [rate, held] = [1, base];
  for (const symbol of legs) {
    const { base: from = '', quote: to = '' } = closes.get(symbol) ?? {};
    rate *= held === from ? closeOf(symbol) : 1 / closeOf(symbol);
    held = held === from ? to : from;
  }
  return { rate, path: legs.join(' ') };
}

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

    const defined = (name: string) => {
      const [base = '', quote = ''] = name.split('/');
      return momentsOf(closes).map((at) => ({ at, ...definedRate(closes, book, at, base, quote) }));
    };

    it('the rate of each turn and its path are those of plain loops over the files', async () => {
      const data = await readCells(reader, 'turn');
      CELLS.forEach((name, place) => {
        const expected = defined(name);
        const line = data.lines[place];
        expect([...data.starts]).toEqual(expected.map(({ at }) => at));
        expect([...(line?.values('LAST') ?? [])]).toEqual(expected.map(({ rate }) => rate));
        const paths = line?.paths.flatMap(({ fromTurn, toTurn, path }) =>
          Array.from({ length: toTurn - fromTurn + 1 }, () => path.join(' ')),
        );
        expect(paths).toEqual(expected.map(({ path }) => path));
        const changes = expected.filter(({ path }, at) => path !== expected[at - 1]?.path);
        expect(line?.pathCount).toBe(changes.length);
      });
      const isMoving = book === MOVING_BOOK;
      expect(data.lines.some(({ pathCount }) => (pathCount ?? 0) > 100)).toBe(isMoving);
    });

    it('candles and means of a quarter of an hour too, and those without a turn are empty', async () => {
      const data = await readCells(reader, QUARTER);
      CELLS.forEach((name, place) => {
        const rates = defined(name);
        const first = Math.floor((rates[0]?.at as number) / QUARTER) * QUARTER;
        const rows: (number | null)[][] = [];
        for (let start = first; start <= (rates.at(-1)?.at as number); start += QUARTER) {
          let open: number | null = null;
          let [high, low, close]: (number | null)[] = [null, null, null];
          let [sum, count] = [0, 0];
          for (const { at, rate } of rates) {
            if (at < start || at >= start + QUARTER) continue;
            open ??= rate;
            high = high === null || high === undefined || rate > high ? rate : high;
            low = low === null || low === undefined || rate < low ? rate : low;
            close = rate;
            sum += rate;
            count++;
          }
          const ends = [high ?? null, low ?? null, close ?? null];
          rows.push([start, open, ...ends, count > 0 ? sum / count : null, count]);
        }
        const line = data.lines[place];
        const columns = (['FIRST', 'MAX', 'MIN', 'LAST', 'MEAN', 'COUNT'] as const).map((of) =>
          nulls(line?.values(of) ?? new Float64Array()),
        );
        expect([...data.starts].map((at, n) => [at, ...columns.map((all) => all[n])])).toEqual(
          rows,
        );
        expect(rows.filter(([, open]) => open === null)).toHaveLength(2);
      });
    });
  });
});
