import type { Universe } from './asset.js';
import { quants, strengths } from './asset-figures.js';
import { consistency, type Consistency } from './consistency.js';
import type { Frame } from './frame.js';
import {
  benchmark,
  movements,
  percentChange,
  type Matrix,
  type MatrixKind,
  type Movements,
} from './matrix.js';
import { findRates, type Provenance, type Rates } from './rates.js';
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
  const moves = movements(rates);
  const quantsNow = quants(
    moves.quantid,
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
  return new CycleFigures(cycle, { rates, moves });
}

/** Everything that is derived from one cycle's frame, each figure worked out once, when asked for. */
export class CycleFigures {
  #rates: Rates | undefined;
  #moves: Movements | undefined;
  #benchmark: Matrix | undefined;
  #change: Matrix | undefined;
  #strengths: readonly (number | null)[] | undefined;
  #consistency: Consistency | undefined;
  #provenance: Provenance | undefined;

  constructor(
    readonly cycle: Cycle,
    known: { readonly rates?: Rates; readonly moves?: Movements } = {},
  ) {
    this.#rates = known.rates;
    this.#moves = known.moves;
  }

  get turn(): number {
    return this.cycle.turn;
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

  get provenance(): Provenance {
    return (this.#provenance ??= this.rates.provenance(this.cycle.frame.observedAt));
  }

  /** Any matrix that follows from this cycle's frame alone. */
  matrix(kind: Exclude<MatrixKind, 'ID_PCT'>): Matrix {
    switch (kind) {
      case 'ID_BENCHMARK':
        return (this.#benchmark ??= benchmark(this.rates));
      case 'ID_DELTA':
        return this.#movements.delta;
      case 'ID_PERCENT':
        return this.#movements.percent;
      case 'QUANTID':
        return this.#movements.quantid;
    }
  }

  /** ID_PCT against the figures of `cycle.previousTurn`, or null where there is no such turn. */
  percentChange(previous: CycleFigures | null): Matrix {
    return (this.#change ??= percentChange(
      this.matrix('ID_PERCENT'),
      previous?.matrix('ID_PERCENT') ?? null,
    ));
  }

  get #movements(): Movements {
    return (this.#moves ??= movements(this.rates));
  }
}
