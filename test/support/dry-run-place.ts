import { DryRun, type DryRunData, type DryRunRequest } from '../../src/alerts/dry-run.js';
import type { MostRead } from '../../src/alerts/read-allowance.js';
import type { AlertRule } from '../../src/domain/alerts/rule.js';
import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import type { Line } from '../../src/domain/series/line.js';
import type { Moment } from '../../src/domain/series/moment.js';
import { SECOND } from '../../src/domain/series/span.js';
import { LineTurns } from '../../src/history/line-turns.js';
import { LineValues } from '../../src/history/line-values.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { WindowReader } from '../../src/history/window-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from './chunks-of.js';
import { definedFirings, type WatchedTurn } from './defined-firings.js';
import { historyOf, universeOf } from './history.js';

const COUNT = 240;
export const START = 1_700_000_040_000;

/** Turns whose clock goes on, stands, goes back by little and by much, and far on for a while. */
function timesOf(seed: number): number[] {
  let time = START;
  return Array.from({ length: COUNT }, (_, n) => {
    const step = [10, 10, 10, 11, 9, 10, 0, 10][(n * 7 + seed) % 8] as number;
    time += step * SECOND;
    if (n === 80) time -= 90 * SECOND;
    if (n === 140) time -= 900 * SECOND;
    return n >= 170 && n < 175 ? time + 3_600 * SECOND : time;
  });
}

const market = historyOf(universeOf(9), COUNT);

/** A history with a stepping clock, turns left out, one of another universe, and some that cannot be read. */
function stored(seed: number): { cycles: StoredCycle[]; figures: Map<number, CycleFigures> } {
  const figures = new Map<number, CycleFigures>();
  let previous: CycleFigures | null = null;
  const cycles = timesOf(seed).flatMap((observedAt, n): StoredCycle[] => {
    const { turn, frame, config, holdings, universe } = market[n] as Cycle;
    if (n % 50 === 49) return [];
    if (n % 40 === 20) return [new UnreadableCycle(turn, 'of the test')];
    const isSmall = n >= 100 && n < 103;
    const shift = observedAt - frame.observedAt;
    const tickers = frame.tickers.map((ticker) => {
      return { ...ticker, closeTime: ticker.closeTime + shift };
    });
    previous = composeCycle({
      ...{ turn, startedAt: observedAt, completedAt: observedAt, exchange: 'SIMULATED' },
      universe: isSmall ? universe.filter((asset) => asset !== 'BTC') : universe,
      frame: { observedAt, tickers: tickers.filter(({ base }) => !isSmall || base !== 'BTC') },
      holdings,
      config,
      ...{ staleAfterMs: 60_000, intervalMs: 10_000, previous },
    });
    figures.set(turn, previous);
    return [previous.cycle];
  });
  return { cycles, figures };
}

/** A history, a dry run over it, and its lines turn by turn as each cycle answers them. */
export class Place {
  readonly cycles: readonly StoredCycle[];
  readonly store: CyclesInMemory;
  readonly #figures: ReadonlyMap<number, CycleFigures>;
  readonly #values: LineValues;
  readonly #known = new Map<string, Promise<readonly WatchedTurn[]>>();

  constructor(seed = 0) {
    const { cycles, figures } = stored(seed);
    this.cycles = cycles;
    this.#figures = figures;
    this.store = new CyclesInMemory(cycles, 32);
    this.#values = new LineValues({
      windows: this.#windows(),
      load: (turn) => Promise.resolve(figures.get(turn) ?? null),
    });
  }

  #windows(): WindowReader {
    return new WindowReader({ cycles: this.store, chunks: this.store, epoch: () => '' });
  }

  run(rule: AlertRule, from: Moment, to: Moment, reads?: number): Promise<DryRunData> {
    return this.runWithin({ reads }, { rule, from, to });
  }

  /** @param budgets takes what is left after each time that the line was gone through */
  runWithin(most: MostRead, request: DryRunRequest, budgets: number[] = []): Promise<DryRunData> {
    const { store } = this;
    const read = new LineTurns({ cycles: store, chunks: store });
    const lines: Pick<LineTurns, 'over'> = {
      async *over(line, first, lastTurn, budget, pace) {
        yield* read.over(line, first, lastTurn, budget, pace);
        budgets.push(budget.returns);
      },
    };
    const options = { cycles: store, lines, extent: store, clock: () => 0 };
    return new DryRun({ ...options, most }).read(request, UNPACED);
  }

  turnsOf(line: Line): Promise<readonly WatchedTurn[]> {
    const key = JSON.stringify(line);
    const known = this.#known.get(key) ?? this.#turnsOf(line);
    this.#known.set(key, known);
    return known;
  }

  async #turnsOf(line: Line): Promise<readonly WatchedTurn[]> {
    const turns: WatchedTurn[] = [];
    for (const { turn } of this.cycles) {
      const figures = this.#figures.get(turn);
      const [value] = figures ? await this.#values.valuesAt(figures, [line]) : [null];
      const observedAt = figures?.cycle.frame.observedAt ?? NaN;
      turns.push({ turn, observedAt, value: value ?? null });
    }
    return turns;
  }

  /** By the definition, over the turns from the first that was observed in a range to the last one. */
  async defined(rule: AlertRule, from: number, to: number): Promise<readonly object[]> {
    const turns = await this.turnsOf(rule.line);
    const within = turns.filter(({ observedAt }) => observedAt >= from && observedAt < to);
    const [first, last] = [within[0], within.at(-1)];
    if (!first || !last) return [];
    const version = { ...rule, version: 1, isEnabled: true, afterTurn: first.turn - 1 };
    const firings = definedFirings([version], () => turns.filter(({ turn }) => turn <= last.turn));
    return firings.map(({ turn, observedAt, value }) => ({ turn, observedAt, value }));
  }
}
