import type { Universe } from './asset.js';
import { quants, strengths } from './asset-figures.js';
import { consistency, type Consistency } from './consistency.js';
import type { Frame } from './frame.js';
import {
  benchmark,
  delta,
  percent,
  percentChange,
  quantid,
  type Matrix,
  type MatrixKind,
} from './matrix.js';
import { findRates, type Rates } from './rates.js';
import { SMOOTHING, strategyFigures, type StrategyConfig, type StrategyState } from './strategy.js';
import type { Holdings } from './wallet.js';

/** The exchange that a cycle's prices come from. */
export type ExchangeKind = 'BINANCE' | 'SIMULATED' | 'REPLAY';

/** Changes whenever the same frame would give other numbers. */
export const FORMULA_VERSION = 1;

/**
 * One completed turn, as it is stored: what was observed, and the figures that also need the turn
 * before. Everything else is derived from it by {@link CycleFigures}. Times are milliseconds since
 * 1970.
 */
export interface Cycle extends StrategyState {
  readonly turn: number;
  /** The stored turn before, or null for a first one. */
  readonly previousTurn: number | null;
  readonly startedAt: number;
  readonly completedAt: number;
  readonly exchange: ExchangeKind;
  readonly universe: Universe;
  readonly frame: Frame;
  /** The age from which a cell counts as stale, milliseconds. */
  readonly staleAfterMs: number;
  readonly formulaVersion: number;
}

/** What a new turn is made of. */
export interface TurnInput {
  readonly turn: number;
  readonly startedAt: number;
  readonly completedAt: number;
  readonly exchange: ExchangeKind;
  readonly universe: Universe;
  readonly frame: Frame;
  readonly holdings: Holdings;
  readonly config: StrategyConfig;
  readonly staleAfterMs: number;
  readonly previous: CycleFigures | null;
}

/** Computes a turn into the cycle that is stored and the figures that are derived from it. */
export function composeCycle(input: TurnInput): CycleFigures {
  const { previous, ...observed } = input;
  const rates = findRates(input.frame, input.universe);
  const quantsNow = quants(
    quantid(rates),
    SMOOTHING[input.config.tier],
    previous?.cycle.quants ?? null,
  );
  const { aux, leadPrice } = strategyFigures({
    turn: input.turn,
    config: input.config,
    quants: quantsNow,
    benchmark: benchmark(rates),
    holdings: input.holdings,
    before: previous && { state: previous.cycle, benchmark: previous.matrix('ID_BENCHMARK') },
  });
  const cycle: Cycle = {
    ...observed,
    previousTurn: previous?.cycle.turn ?? null,
    quants: quantsNow,
    aux,
    leadPrice,
    formulaVersion: FORMULA_VERSION,
  };
  return new CycleFigures(cycle, rates);
}

/** Everything that is derived from one cycle's frame, each figure worked out once, when asked for. */
export class CycleFigures {
  #rates: Rates | undefined;
  #strengths: readonly (number | null)[] | undefined;
  #consistency: Consistency | undefined;
  readonly #matrices = new Map<MatrixKind, Matrix>();

  constructor(
    readonly cycle: Cycle,
    rates?: Rates,
  ) {
    this.#rates = rates;
  }

  get rates(): Rates {
    return (this.#rates ??= findRates(this.cycle.frame, this.cycle.universe));
  }

  /** Percent, in universe order; null for an asset without any rate. */
  get strengths(): readonly (number | null)[] {
    return (this.#strengths ??= strengths(this.rates));
  }

  get consistency(): Consistency {
    return (this.#consistency ??= consistency(this.cycle.frame, this.cycle.universe));
  }

  /** Any matrix that follows from this cycle's frame alone. */
  matrix(kind: Exclude<MatrixKind, 'ID_PCT'>): Matrix {
    return this.#once(kind, () => {
      switch (kind) {
        case 'ID_BENCHMARK':
          return benchmark(this.rates);
        case 'ID_DELTA':
          return delta(this.rates);
        case 'ID_PERCENT':
          return percent(this.rates);
        case 'QUANTID':
          return quantid(this.rates);
      }
    });
  }

  /** ID_PCT against the figures of `cycle.previousTurn`, or null where there is no such turn. */
  percentChange(previous: CycleFigures | null): Matrix {
    return this.#once('ID_PCT', () =>
      percentChange(this.matrix('ID_PERCENT'), previous?.matrix('ID_PERCENT') ?? null),
    );
  }

  #once(kind: MatrixKind, make: () => Matrix): Matrix {
    let matrix = this.#matrices.get(kind);
    if (matrix === undefined) this.#matrices.set(kind, (matrix = make()));
    return matrix;
  }
}
