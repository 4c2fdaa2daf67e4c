import { LRUCache } from 'lru-cache';
import type { Asset, Universe } from '../domain/asset.js';
import { contributions, PackedContributions, valueOf } from '../domain/attribution.js';
import type { Pace } from '../scheduling/slices.js';
import { KnownAssets } from './series-checks.js';
import type { TurnChunks } from './turn-chunk.js';
import { ValuedTurns, type ValuedTurn } from './valued-turns.js';

/** About how much memory a step takes, and each asset of it, bytes. */
const STEP_BYTES = 150;
const ASSET_BYTES = 24;
/** What stays of a run that has become too long: it is not cut at each step. */
const CUT_TO = 3 / 4;

/** A turn at which the wallet was valued. */
export interface WalletStep {
  readonly turn: number;
  readonly observedAt: number;
  readonly universe: Universe;
  /** What the wallet was worth. */
  readonly value: number;
  /** What made that change since the turn before; nothing at the first one. */
  readonly changes: PackedContributions;
}

export interface WalletStepsOptions {
  readonly chunks: TurnChunks;
  /** While it is the same, so is every stored turn. */
  readonly epoch: () => string;
  /** How much memory the steps may take, bytes; 0 for none. */
  readonly bytes: number;
}

/** Which turns are read, and how. */
export interface StepsRequest {
  readonly numeraire: Asset;
  readonly first: number;
  readonly last: number;
  /** How many prices may be read: turns times pairs. */
  readonly mostReads: number;
  readonly pace: Pace;
}

/**
 * What the wallet was worth turn after turn, and why that changed. The steps of the newest turns stay in
 * memory, for each asset that they are valued in: whoever asks anew with every turn has that one read, and
 * not again all since where the range begins. All are forgotten where stored turns may have changed.
 */
export class WalletSteps {
  readonly #options: WalletStepsOptions;
  readonly #runs: LRUCache<Asset, Run> | null;
  #epoch = '';
  /** A range that is read in whole is being kept: one at a time, so that all together hold little. */
  #isFilling = false;

  constructor(options: WalletStepsOptions) {
    this.#options = options;
    const { bytes } = options;
    this.#runs =
      bytes > 0 ? new LRUCache({ maxSize: bytes, sizeCalculation: (run) => run.bytes + 1 }) : null;
  }

  /**
   * The turns that can be read, in order, some at a time. The changes of the first one are of no meaning.
   * @throws {SeriesFault} for a numeraire that none of them has, or too many prices
   */
  async *between(request: StepsRequest): AsyncGenerator<readonly WalletStep[]> {
    const { numeraire, first, last } = request;
    const lines = [{ kind: 'WALLET', in: numeraire }] as const;
    const known = new KnownAssets();
    this.#forgetWhatChanged();
    const kept = this.#runs?.get(numeraire);
    const begin = kept?.covers(first) ? kept.last : null;
    const earlier = kept && begin ? kept.within(first, last) : [];
    const later = begin && begin.turn < last ? await this.#after(begin, request) : [];
    if (kept && begin && later) {
      const steps = [...earlier, ...later];
      for (const { universe } of steps) known.addUniverse(universe);
      yield steps;
      known.check(lines);
      this.#extend(request, kept, begin, later);
      return;
    }
    const epoch = this.#epoch;
    const run = this.#isFilling ? null : new Run(first, this.#options.bytes);
    if (run) this.#isFilling = true;
    try {
      for await (const step of this.#read(request)) {
        known.addUniverse(step.universe);
        run?.push(step);
        yield [step];
      }
      known.check(lines);
      if (run) this.#keep(numeraire, run, epoch);
    } finally {
      if (run) this.#isFilling = false;
    }
  }

  /** The steps after one that is kept; null where that one cannot be read any more. */
  async #after(begin: WalletStep, request: StepsRequest): Promise<readonly WalletStep[] | null> {
    const steps: WalletStep[] = [];
    let isFirst = true;
    for await (const step of this.#read({ ...request, first: begin.turn })) {
      if (isFirst && step.turn !== begin.turn) return null;
      if (!isFirst) steps.push(step);
      isFirst = false;
    }
    return isFirst ? null : steps;
  }

  async *#read({
    numeraire,
    first,
    last,
    mostReads,
    pace,
  }: StepsRequest): AsyncGenerator<WalletStep> {
    const valued = new ValuedTurns(numeraire, mostReads, pace);
    let before: ValuedTurn | null = null;
    let changes = PackedContributions.NONE;
    for await (const turn of valued.over(this.#options.chunks.chunks(first, last, pace))) {
      if (before) {
        changes = PackedContributions.of(contributions(before.holdings, turn.holdings), changes);
      }
      const { observedAt, universe, holdings } = turn;
      yield { turn: turn.turn, observedAt, universe, value: valueOf(holdings), changes };
      before = turn;
    }
  }

  #extend({ numeraire }: StepsRequest, run: Run, begin: WalletStep, steps: readonly WalletStep[]) {
    this.#forgetWhatChanged();
    // Another answer may have brought it farther meanwhile.
    if (this.#runs?.peek(numeraire) !== run || run.last !== begin) return;
    for (const step of steps) run.push(step);
    this.#runs.delete(numeraire);
    this.#runs.set(numeraire, run);
  }

  #keep(numeraire: Asset, run: Run, epoch: string): void {
    this.#forgetWhatChanged();
    if (epoch !== this.#epoch || run.last === null) return;
    const known = this.#runs?.peek(numeraire)?.last ?? null;
    if (known === null || known.turn <= run.last.turn) this.#runs?.set(numeraire, run);
  }

  #forgetWhatChanged(): void {
    const epoch = this.#options.epoch();
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#runs?.clear();
  }
}

/** The steps from a turn on, as many of the newest as there is memory for. */
class Run {
  bytes = 0;
  #from: number;
  readonly #room: number;
  readonly #steps: WalletStep[] = [];

  constructor(from: number, room: number) {
    this.#from = from;
    this.#room = room;
  }

  get last(): WalletStep | null {
    return this.#steps.at(-1) ?? null;
  }

  /** Whether a range that begins with this turn begins within it. */
  covers(turn: number): boolean {
    return this.last !== null && this.#from <= turn && turn <= this.last.turn;
  }

  within(first: number, last: number): readonly WalletStep[] {
    return this.#steps.filter(({ turn }) => turn >= first && turn <= last);
  }

  push(step: WalletStep): void {
    this.#steps.push(step);
    this.bytes += bytesOf(step);
    if (this.bytes <= this.#room) return;
    let cut = 0;
    while (this.bytes > CUT_TO * this.#room)
      this.bytes -= bytesOf(this.#steps[cut++] as WalletStep);
    this.#steps.splice(0, cut);
    this.#from = this.#steps[0]?.turn ?? Infinity;
  }
}

function bytesOf({ changes }: WalletStep): number {
  return STEP_BYTES + ASSET_BYTES * changes.size;
}
