import { expect } from 'vitest';
import type { Ticker } from '../../src/domain/frame.js';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import type { Matrix } from '../../src/domain/matrix.js';
import { cellAt, submatrix } from '../../src/domain/pair-table.js';
import { rateAge } from '../../src/domain/rates/provenance.js';
import type { StrategyAux } from '../../src/domain/strategy.js';
import type { DefinedFigures } from './definitions.js';

/** The figures of a frame alone. */
export function figuresOf(
  tickers: readonly Ticker[],
  observedAt: number,
  universe: readonly string[],
): CycleFigures {
  return new CycleFigures({ frame: { observedAt, tickers }, universe } as unknown as Cycle);
}

/** The largest difference that counts as agreement, by the definitions: of B, absolute, of A. */
function tolerance(kind: Matrix['kind'], benchmark: number): number {
  switch (kind) {
    case 'ID_BENCHMARK':
    case 'ID_DELTA':
      return 1e-12 * Math.abs(benchmark);
    case 'ID_PERCENT':
    case 'ID_PCT':
      return 1e-10;
    case 'QUANTID':
      return 1e-12;
  }
}

/** The cells of a matrix that do not agree with the definitions. */
export function disagreements(
  kind: Exclude<Matrix['kind'], 'ID_PCT'>,
  values: readonly (readonly (number | null)[])[],
  universe: readonly string[],
  defined: DefinedFigures,
): unknown[] {
  return universe.flatMap((base, i) =>
    universe.flatMap((quote, j) => {
      const value = values[i]?.[j] ?? null;
      const expected = defined.matrices[kind].get(`${base}>${quote}`) ?? null;
      const benchmark = defined.matrices.ID_BENCHMARK.get(`${base}>${quote}`) ?? 0;
      const agrees =
        value === null || expected === null
          ? value === expected
          : Math.abs(value - expected) <= tolerance(kind, benchmark);
      return agrees ? [] : [{ kind, base, quote, value, expected }];
    }),
  );
}

/** All matrices, sources, paths and ages agree with the definitions; counts the cells that exist. */
export function expectAgreement(
  figures: CycleFigures,
  defined: DefinedFigures,
  observedAt: number,
): number {
  const { universe } = figures.cycle;
  const { rates } = figures;
  const { ages, legs } = figures.provenance;
  const positions = [...universe.keys()];
  for (const kind of ['ID_BENCHMARK', 'ID_DELTA', 'ID_PERCENT', 'QUANTID'] as const) {
    const values = submatrix(figures.matrix(kind), positions, positions);
    expect(disagreements(kind, values, universe, defined)).toEqual([]);
  }
  const found = new Map<string, unknown>();
  const wanted = new Map<string, unknown>();
  for (const [i, base] of universe.entries()) {
    for (const [j, quote] of universe.entries()) {
      const rate = defined.rates.get(`${base}>${quote}`) ?? null;
      wanted.set(`${base}>${quote}`, [
        rate?.source ?? null,
        rate?.path ?? [],
        rate?.ageMs ?? null,
        rate?.ageMs ?? null,
        rate?.path.length ?? null,
      ]);
      found.set(`${base}>${quote}`, [
        rates.source(i, j),
        rates.path(i, j).map(({ symbol }) => symbol),
        rateAge(rates, observedAt, i, j),
        cellAt(ages, i, j),
        cellAt(legs, i, j),
      ]);
    }
  }
  expect(found).toEqual(wanted);
  return [...defined.rates.values()].filter((rate) => rate !== null).length;
}

/** Lists of figures agree to ten digits, and are null together. */
export function expectClose(
  actual: readonly (number | null)[],
  expected: readonly (number | null)[],
): void {
  expect(actual.map((value) => value === null)).toEqual(expected.map((value) => value === null));
  actual.forEach((value, index) => {
    const wanted = expected[index] ?? 0;
    expect(Math.abs((value ?? 0) - wanted) / Math.max(1, Math.abs(wanted))).toBeLessThan(1e-10);
  });
}

/** The strategy figures of a turn agree to ten digits, the lead and since when exactly. */
export function expectSameFigures(actual: StrategyAux, defined: StrategyAux): void {
  const names = ['quant', 'shift', 'grt', 'imprint', 'luggage'] as const;
  for (const name of names) {
    const [value, expected] = [actual[name], defined[name]];
    expect(value === null).toBe(expected === null);
    const size = Math.max(1, Math.abs(expected ?? 0));
    expect(Math.abs((value ?? 0) - (expected ?? 0)) / size).toBeLessThan(1e-10);
  }
  const { turn, leadQuant, leadSince } = defined;
  expect(actual).toMatchObject({ turn, leadQuant, leadSince });
}
