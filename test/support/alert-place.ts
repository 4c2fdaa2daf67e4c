import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { AlertRules, RuleContent } from '../../src/alerts/alert-rules.js';
import { Evaluation, type EvaluationOptions } from '../../src/alerts/evaluation.js';
import type { Firing } from '../../src/alerts/firing-store.js';
import type { RuleBook } from '../../src/alerts/rule-book.js';
import type { StoredVersion } from '../../src/alerts/rule-store.js';
import { buildAlerts } from '../../src/app/alerts.js';
import { buildSeries } from '../../src/app/series.js';
import { purgeCycles } from '../../src/cluster/maintenance.js';
import type { Cycle, CycleFigures } from '../../src/domain/cycle.js';
import type { Condition } from '../../src/domain/alerts/condition.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { StrategyFeed } from '../../src/feeds/strategy-feed.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { figures, UNIVERSE } from './cycles.js';
import type { TestDatabase } from './database.js';
import { definedFirings } from './defined-firings.js';
import { keptLogger } from './logs.js';
import { until } from './until.js';

const BTC_USDT = {
  kind: 'CELL',
  matrix: 'ID_BENCHMARK',
  base: 'BTC',
  quote: 'USDT',
} as const;
export const ETH_USDT = { ...BTC_USDT, base: 'ETH' } as const;

/** A rule as somebody says it, with what a test leaves out. */
export function ruleOf(condition: Condition, rest: Partial<RuleContent> = {}): RuleContent {
  const defaults = { name: 'A rule', line: BTC_USDT, cooldown: 0, channels: [], isEnabled: true };
  return { ...defaults, condition, ...rest };
}

/** One of several instances on a database: what it judges, and what it knows. */
interface Instance {
  readonly evaluation: Evaluation;
  readonly feed: CycleFeed;
  readonly lease: { isHeld: boolean };
  readonly rules: AlertRules;
  readonly book: RuleBook;
}

/** Rules over a real database, judged by instances that come and go while turns are stored. */
export class AlertPlace {
  /** All that were ever stored and not taken back, purged ones too. */
  readonly cycles: Cycle[] = [];
  /** Firings as they were passed on, by whichever instance. */
  readonly passedOn: Firing[] = [];
  #last: CycleFigures | null = null;
  #turn = 0;
  #instances: Instance[] = [];

  private constructor(readonly database: OpenDatabase) {}

  static async open(database: TestDatabase): Promise<AlertPlace> {
    return new AlertPlace(await database.open(`alerts_${randomUUID().slice(0, 8)}`));
  }

  get instance(): Instance {
    return this.#instances.at(-1) as Instance;
  }

  /** An instance that judges from now on, as one does that has just started. */
  async start(parts: Partial<EvaluationOptions> = {}): Promise<Instance> {
    const { database } = this;
    const feed = new CycleFeed(database.cycles);
    const strategy = new StrategyFeed(database.controlStore, UNIVERSE, database.notifications);
    feed.apply(await strategy.control());
    const latest = await database.cycles.latest();
    if (latest) feed.announce(feed.figuresOf(latest));
    const alerts = buildAlerts({ database, feed, strategy });
    const clock = () => Date.now();
    const series = buildSeries({ ...database, feed, clock, memory: 0 });
    const lease = { isHeld: true };
    const { history } = database;
    const evaluation = new Evaluation({
      ...{ feed, backlog: database.backlog, lease, book: alerts.book, log: keptLogger() },
      ...database.alerts,
      rules: database.alerts.rules,
      cycles: history.cycles,
      extent: async () => ({
        ...((await history.cycles.span()) ?? { oldest: Infinity, latest: 0 }),
        purgedThrough: await strategy.purgedThrough(),
      }),
      valuesAt: (of, lines, pace) => series.values.valuesAt(of, lines, pace),
      earlier: series.earlier,
      onFirings: (firings) => {
        this.passedOn.push(...firings);
        return Promise.resolve();
      },
      paceOf: () => UNPACED,
      writer: randomUUID(),
      ...parts,
    });
    const instance = { evaluation, feed, lease, rules: alerts.rules, book: alerts.book };
    this.#instances.push(instance);
    evaluation.start();
    return instance;
  }

  /** Ends the instances, whatever they are doing. */
  async stop(): Promise<void> {
    for (const { evaluation } of this.#instances) await evaluation.stop();
    this.#instances = [];
  }

  /** Stores turns, and announces them to all that judge. @param steps what moves the prices of each */
  async turns(steps: readonly number[], isAnnounced = true): Promise<void> {
    for (const step of steps) {
      this.#last = figures(++this.#turn, this.#last, step);
      this.cycles.push(this.#last.cycle);
      await this.database.cycles.save(this.#last.cycle);
      if (isAnnounced) for (const { feed } of this.#instances) feed.announce(this.#last);
    }
  }

  /** Turns up to one are left out. */
  leaveOutThrough(turn: number): void {
    this.#turn = turn;
  }

  async purge(): Promise<void> {
    await purgeCycles(this.database);
    const control = { visibleFrom: 1, purgedThrough: this.#turn, cacheResets: 0 };
    for (const { feed } of this.#instances) feed.apply(control);
    this.#last = null;
  }

  /** Takes turns back, as a restore does that brings back the cycles of an earlier moment. */
  async takeBackAfter(turn: number): Promise<void> {
    const { cycles } = this.database;
    for (const cycle of this.cycles.splice(turn)) await cycles.remove(cycle.turn);
    this.#turn = turn;
    const last = this.cycles.at(-1);
    for (const { feed } of this.#instances) feed.rewind({ stands: turn, goesOnAfter: turn });
    this.#last = last ? (this.#instances[0]?.feed.figuresOf(last) ?? null) : null;
  }

  /** Waits until every turn is judged. */
  async judged(): Promise<void> {
    const { evaluation } = this.instance;
    const through = this.#turn;
    await until(
      `turn ${through} to be judged`,
      () => [evaluation.judgedThrough, ...evaluation.warnings],
      ([last]) => Number(last) >= through,
    );
  }

  firings(): Promise<Firing[]> {
    return this.database.alerts.firings.range({ order: 'OLDEST_FIRST', limit: 100_000 });
  }

  async versions(): Promise<StoredVersion[]> {
    const { versions } = await this.database.alerts.rules.from(1);
    return versions.map(({ afterTurn, ...version }) => ({
      ...version,
      afterTurn: afterTurn as number,
    }));
  }

  /** What the definition says that all rules have fired, in order. */
  async defined(): Promise<Firing[]> {
    const versions = await this.versions();
    const rules = [...new Set(versions.map(({ rule }) => rule))];
    const firings = rules.flatMap((rule) =>
      definedFirings(
        versions.filter((version) => version.rule === rule),
        ({ line }) => this.cycles.map((cycle) => watched(cycle, line)),
      ).map(({ value, ...firing }) => ({ rule, ...firing, value: value as number })),
    );
    return firings.sort((a, b) => a.turn - b.turn || (a.rule < b.rule ? -1 : 1));
  }

  async expectAsDefined(): Promise<Firing[]> {
    await this.judged();
    const firings = await this.firings();
    expect(firings).toEqual(await this.defined());
    return firings;
  }
}

/** The last price of a listed pair. */
function watched({ turn, frame }: Cycle, line: StoredVersion['line']) {
  if (line.kind !== 'CELL') throw new Error('only cells are told by hand');
  const listed = frame.tickers.find(({ symbol }) => symbol === line.base + line.quote);
  return { turn, observedAt: frame.observedAt, value: listed?.last ?? null };
}
