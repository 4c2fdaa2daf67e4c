import type { Universe } from './asset.js';
import { FrameFigures, keptOr } from './frame-figures.js';
import type { Frame } from './frame.js';
import {
  againstEarlier,
  isOfOneFrame,
  matrixOf,
  movements,
  type FrameBasis,
  type LookBackKind,
  type Matrix,
  type MatrixKind,
} from './matrix.js';
import { quants } from './quant.js';
import { PairGraphs } from './rates/pair-graph.js';
import { Rates } from './rates/rates.js';
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
  /** How far apart turns were to be, milliseconds; null where the cycle was stored without it. */
  readonly intervalMs: number | null;
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
  readonly intervalMs: number | null;
  readonly previous: CycleFigures | null;
}

/** Computes a turn into the cycle that is stored and the figures that are derived from it. */
export function composeCycle(input: TurnInput): CycleFigures {
  const { previous, ...observed } = input;
  const graphs = previous?.graphs ?? new PairGraphs();
  const rates = new Rates(input.frame, input.universe, graphs);
  const basis = { rates, movements: movements(rates) };
  const quantsNow = quants(
    matrixOf('QUANTID', basis, null),
    SMOOTHING[input.config.tier],
    previous?.cycle.quants ?? null,
  );
  const { aux, leadPrice } = strategyFigures({
    turn: input.turn,
    config: input.config,
    quants: quantsNow,
    benchmark: matrixOf('ID_BENCHMARK', basis, null),
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
  return new CycleFigures(cycle, graphs, basis);
}

/** Everything that follows from one cycle alone, each figure worked out once, when asked for. */
export class CycleFigures extends FrameFigures {
  #asFirst: ComparedFigures | undefined;
  /** None of them keeps another turn in memory: else each turn would keep all before it. */
  readonly #compared = new WeakMap<CycleFigures, ComparedFigures>();
  readonly #lookedBack = new WeakMap<CycleFigures, LookBack>();
  #lookedBackToNothing: LookBack | undefined;

  /** @param graphs carries what stays the same from frame to frame */
  constructor(
    readonly cycle: Cycle,
    graphs = new PairGraphs(),
    known: Partial<FrameBasis> = {},
  ) {
    super(cycle.frame, cycle.universe, graphs, known);
  }

  get turn(): number {
    return this.cycle.turn;
  }

  /**
   * The same figures together with those of the turn before.
   * @param previous the figures of `cycle.previousTurn`, or null where there is no such turn
   */
  since(previous: CycleFigures | null): ComparedFigures {
    if (previous === null) return (this.#asFirst ??= new ComparedFigures(this, null));
    return keptOr(this.#compared, previous, () => new ComparedFigures(this, previous));
  }

  /**
   * The same rates held against those of an earlier cycle, instead of the exchange's of 24 h ago.
   * @param earlier null where there is none: all cells are null then
   */
  lookBack(earlier: CycleFigures | null): LookBack {
    if (earlier === null) return (this.#lookedBackToNothing ??= new LookBack(this, null));
    return keptOr(this.#lookedBack, earlier, () => new LookBack(this, earlier));
  }
}

/** The matrices that hold the rates of a cycle against those of an earlier one. */
export class LookBack {
  readonly #basis: FrameBasis;
  readonly #matrices = new Map<MatrixKind, Matrix>();

  constructor(now: CycleFigures, earlier: CycleFigures | null) {
    this.#basis = againstEarlier(now.rates, earlier && earlier.rates);
  }

  matrix(kind: LookBackKind): Matrix {
    return keptOr(this.#matrices, kind, () => matrixOf(kind, this.#basis, null));
  }
}

/** The matrices of a cycle, made of its frame and that of the turn before. */
export class ComparedFigures {
  readonly #now: CycleFigures;
  readonly #before: CycleFigures | null;
  readonly #matrices = new Map<MatrixKind, Matrix>();

  constructor(now: CycleFigures, before: CycleFigures | null) {
    this.#now = now;
    this.#before = before;
  }

  matrix(kind: MatrixKind): Matrix {
    if (isOfOneFrame(kind)) return this.#now.matrix(kind);
    return keptOr(this.#matrices, kind, () => matrixOf(kind, this.#now, this.#before));
  }
}
