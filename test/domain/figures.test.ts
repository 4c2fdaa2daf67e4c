import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { CycleFigures } from '../../src/domain/cycle.js';
import type { Ticker } from '../../src/domain/frame.js';
import { MATRIX_KINDS } from '../../src/domain/matrix.js';
import { cellAt, submatrix } from '../../src/domain/pair-table.js';
import { figuresOf } from '../support/agreement.js';
import { OBSERVED_AT } from '../support/arbitraries.js';
import { figures } from '../support/cycles.js';

const ticker = (base: string, quote: string, last: number, open: number): Ticker => ({
  symbol: base + quote,
  base,
  quote,
  last,
  open,
  bid: last,
  ask: last,
  quoteVolume: 1,
  closeTime: OBSERVED_AT,
});

describe('the figures of a cycle', () => {
  const first = figures(1, null);
  const second = figures(2, first, 5);
  const third = figures(3, second, 2);

  it('are compared with the turn before that they are given, whichever was given earlier', () => {
    const cells = ({ cells, universe }: { cells: Float64Array; universe: readonly string[] }) =>
      submatrix({ cells, universe }, [...universe.keys()], [...universe.keys()]).flat();
    const percent = (one: CycleFigures) => cells(one.matrix('ID_PERCENT'));
    const change = (before: CycleFigures | null) => cells(third.since(before).matrix('ID_PCT'));
    const expected = (before: CycleFigures) =>
      percent(third).map((now, cell) => (now as number) - (percent(before)[cell] as number));
    expect(change(null).every((cell) => cell === null)).toBe(true);
    expect(change(second)).toEqual(expected(second));
    expect(change(first)).toEqual(expected(first));
    expect(change(first)).not.toEqual(change(second));
    expect(change(null).every((cell) => cell === null)).toBe(true);
  });

  it('have each matrix once, so that its text is made once', () => {
    for (const kind of MATRIX_KINDS) {
      expect(third.since(second).matrix(kind)).toBe(third.since(second).matrix(kind));
      if (kind !== 'ID_PCT') expect(third.since(second).matrix(kind)).toBe(third.matrix(kind));
    }
  });

  it('keep no earlier turn in memory', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const earlier: WeakRef<CycleFigures>[] = [];
    const newest = ((): CycleFigures => {
      let last = figures(1, null);
      for (let turn = 2; turn <= 5; turn++) {
        earlier.push(new WeakRef(last));
        const next = figures(turn, last);
        next.since(last).matrix('ID_PCT');
        last = next;
      }
      return last;
    })();
    // What a WeakRef was made of stays until the job is over.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(earlier.map((ref) => ref.deref())).toEqual(earlier.map(() => undefined));
    expect(newest.turn).toBe(5);
  });
});

describe('QUANTID', () => {
  it('is scaled by the largest that is within the range of a double: one beyond it is null alone', () => {
    const tickers = [ticker('A', 'B', 1e160, 1e-160), ticker('C', 'D', 3, 2)];
    const matrix = figuresOf(tickers, OBSERVED_AT, ['A', 'B', 'C', 'D']).matrix('QUANTID');
    expect(cellAt(matrix, 0, 1)).toBeNull();
    expect(matrix.scale).toBe(0.75);
    expect(cellAt(matrix, 2, 3)).toBe(1);
    expect(cellAt(matrix, 3, 2)).toBeCloseTo(((1 - 1 / 3) * (-1 / 3)) / 0.75, 12);
  });
});

describe('the worst triangle of a frame', () => {
  it('is of equal ones that of the pair whose symbol sorts first', () => {
    const tickers = [ticker('A', 'B', 1, 1), ticker('A', 'C', 2, 2), ticker('B', 'C', 1, 1)];
    const { consistency } = figuresOf(tickers, OBSERVED_AT, ['C', 'A', 'B']);
    const bps = 1e4 * Math.log(2);
    expect(consistency).toEqual({
      medianBps: bps,
      maxBps: bps,
      worst: ['AB', 'AC', 'BC'],
    });
  });
});
