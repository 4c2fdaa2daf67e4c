import type { Universe } from './asset.js';
import { consistency, type Consistency } from './consistency.js';
import type { Frame } from './frame.js';
import {
  againstEarlier,
  isOfOneFrame,
  matrixOf,
  movements,
  type FrameBasis,
  type FrameMatrixKind,
  type LookBackKind,
  type Matrix,
  type MatrixKind,
  type Movements,
} from './matrix.js';
import { quants } from './quant.js';
import { PairGraphs } from './rates/pair-graph.js';
import { provenance, type Provenance } from './rates/provenance.js';
import { Rates } from './rates/rates.js';
import { SMOOTHING, strategyFigures, type StrategyConfig, type StrategyState } from './strategy.js';
import { strengths } from './strength.js';
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
export class CycleFigures implements FrameBasis {
  #rates: Rates | undefined;
  #movements: Movements | undefined;
  #strengths: readonly (number | null)[] | undefined;
  #consistency: Consistency | undefined;
  #provenance: Provenance | undefined;
  readonly #matrices = new Map<MatrixKind, Matrix>();
  #asFirst: ComparedFigures | undefined;
  /** None of them keeps another turn in memory: else each turn would keep all before it. */
  readonly #compared = new WeakMap<CycleFigures, ComparedFigures>();
  readonly #lookedBack = new WeakMap<CycleFigures, LookBack>();
  #lookedBackToNothing: LookBack | undefined;

  /** @param graphs carries what stays the same from frame to frame */
  constructor(
    readonly cycle: Cycle,
    readonly graphs = new PairGraphs(),
    known: Partial<FrameBasis> = {},
  ) {
    this.#rates = known.rates;
    this.#movements = known.movements;
  }

  get turn(): number {
    return this.cycle.turn;
  }

  get rates(): Rates {
    return (this.#rates ??= new Rates(this.cycle.frame, this.cycle.universe, this.graphs));
  }

  get movements(): Movements {
    return (this.#movements ??= movements(this.rates));
  }

  /** Percent, in universe order; null for an asset without any rate. */
  get strengths(): readonly (number | null)[] {
    return (this.#strengths ??= strengths(this.rates));
  }

  get consistency(): Consistency {
    return (this.#consistency ??= consistency(this.rates));
  }

  get provenance(): Provenance {
    return (this.#provenance ??= provenance(this.rates, this.cycle.frame.observedAt));
  }

  /** A matrix of this cycle's frame; {@link since} has all kinds. */
  matrix(kind: FrameMatrixKind): Matrix {
    return keptOr(this.#matrices, kind, () => matrixOf(kind, this, null));
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

/** What is kept under a key; made, and kept, where nothing is yet. */
function keptOr<Key, Value>(
  kept: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  const found = kept.get(key);
  if (found !== undefined) return found;
  const value = make();
  kept.set(key, value);
  return value;
}
