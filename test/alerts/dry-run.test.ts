import { describe, expect, it } from 'vitest';
import { DryRun } from '../../src/alerts/dry-run.js';
import { MOST_FIRINGS } from '../../src/alerts/rule-run.js';
import type { Condition } from '../../src/domain/alerts/condition.js';
import type { AlertRule } from '../../src/domain/alerts/rule.js';
import type { Cycle } from '../../src/domain/cycle.js';
import type { Line } from '../../src/domain/series/line.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { MINUTE, SECOND } from '../../src/domain/series/span.js';
import { LineTurns } from '../../src/history/line-turns.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import type { WatchedTurn } from '../support/defined-firings.js';
import { Place, START } from '../support/dry-run-place.js';
import { historyOf, universeOf } from '../support/history.js';

const moment = (text: string) => parseMoment(text) as Moment;
const at = (time: number): Moment => ({ at: time });

const BTC: Line = { kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'BTC', quote: 'USDT' };
const LINES: readonly Line[] = [
  BTC,
  { kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'USDT', quote: 'ETH', trade: { price: 'MID' } },
  { kind: 'CELL', matrix: 'ID_PCT', base: 'BNB', quote: 'DOGE' },
  { kind: 'CELL', matrix: 'QUANTID', base: 'BTC', quote: 'USDT' },
  { kind: 'ASSET', figure: 'STRENGTH', asset: 'ETH', in: null },
  { kind: 'ASSET', figure: 'QUANT', asset: 'BTC', in: null },
  { kind: 'ASSET', figure: 'PRICE', asset: 'BTC', in: 'EUR' },
  { kind: 'ASSET', figure: 'VOLATILITY', asset: 'BTC', in: 'USDT', over: 5 * MINUTE, step: MINUTE },
  { kind: 'WALLET', in: 'BTC' },
  { kind: 'BALANCE', asset: 'USDT', in: 'ETH' },
  { kind: 'STRATEGY', figure: 'SHIFT' },
  { kind: 'CONSISTENCY', figure: 'MAX_BPS' },
  {
    ...{ kind: 'WINDOW', window: 'CORRELATION', base: 'BTC', quote: 'ETH', in: 'USDT' },
    ...{ over: 5 * MINUTE, step: 30 * SECOND, lag: 1 },
  },
];

/** Conditions that a line meets now and then: by the spread of its own values. */
function someConditions(turns: readonly WatchedTurn[]): Condition[] {
  const values = turns.flatMap(({ value }) => value ?? []).sort((a, b) => a - b);
  const level = values[Math.floor(values.length / 2)] ?? 0;
  return [
    { kind: 'ABOVE', level },
    { kind: 'BELOW', level },
    { kind: 'CROSSES', level },
    { kind: 'MOVES', percent: 0.01, within: 30 * SECOND },
    { kind: 'MOVES', percent: 0.05, within: 5 * MINUTE },
  ];
}

/** Over the steps of the clock, by places of turns. */
const RANGES: readonly (readonly [number, number])[] = [
  [30, 200],
  [0, 239],
  [139, 200],
  [172, 239],
];

describe('a dry run', () => {
  it.each(LINES.map((line) => [line]))(
    'fires as the definition says over any range, for each condition, of %j',
    async (line) => {
      const place = new Place(1);
      const turns = await place.turnsOf(line);
      const times = turns.map(({ observedAt }) => observedAt).filter((time) => time > 0);
      let fired = 0;
      for (const condition of someConditions(turns)) {
        for (const [from, to] of line === BTC ? RANGES : RANGES.slice(0, 1)) {
          const rule = { line, condition, cooldown: from === 30 ? 45 * SECOND : 0 };
          const ends = [times[from] ?? START, times[to] ?? times.at(-1) ?? START];
          const [begin, end] = [Math.min(...ends), Math.max(...ends)];
          const defined = await place.defined(rule, begin, end);
          const { total, firings } = await place.run(rule, at(begin), at(end));
          expect(firings).toEqual(defined);
          expect(total).toBe(defined.length);
          fired += total;
        }
      }
      expect(fired).toBeGreaterThan(0);
    },
  );

  it('looks back to turns before its range, and begins as not true', async () => {
    const place = new Place();
    const turns = await place.turnsOf(BTC);
    const from = turns[60] as WatchedTurn;
    const rule = (condition: Condition): AlertRule => ({ line: BTC, condition, cooldown: 0 });
    const least = rule({ kind: 'MOVES', percent: Number.MIN_VALUE, within: 20 * SECOND });
    const { firings } = await place.run(least, at(from.observedAt), at(from.observedAt + 1));
    expect(firings).toEqual([from]);
    const above = await place.run(
      rule({ kind: 'ABOVE', level: 0 }),
      at(from.observedAt),
      moment('now'),
    );
    expect(above.firings[0]).toEqual(from);
  });

  it('takes `in` for the quant base of the newest turn of its range where it is left out', async () => {
    const place = new Place();
    const told = async (numeraire: string | null) => {
      const line: Line = { kind: 'ASSET', figure: 'PRICE', asset: 'BTC', in: numeraire };
      const condition = { kind: 'MOVES', percent: 0.01, within: MINUTE } as const;
      return place.run({ line, condition, cooldown: 0 }, moment('start'), moment('now'));
    };
    expect((await told(null)).total).toBeGreaterThan(0);
    expect(await told(null)).toEqual(await told('USDT'));
    expect(await told('EUR')).not.toEqual(await told('USDT'));
  });

  it('tells nothing of a range without a turn, or without a stored cycle', async () => {
    const rule: AlertRule = { line: BTC, condition: { kind: 'ABOVE', level: 0 }, cooldown: 0 };
    const place = new Place();
    const none = await place.run(rule, at(0), at(1));
    expect(none).toMatchObject({ total: 0, firings: [] });
    const empty = new CyclesInMemory([], 32);
    const lines = new LineTurns({ cycles: empty, chunks: empty });
    const dryRun = new DryRun({ cycles: empty, lines, extent: empty, clock: () => START });
    const request = { rule, from: moment('start'), to: moment('now') };
    expect(await dryRun.read(request, UNPACED)).toEqual({ total: 0, firings: [], to: START });
  });

  it.each<[Line, string]>([
    [{ ...BTC, base: 'OUT' }, 'line.base'],
    [{ ...BTC, quote: 'OUT' }, 'line.quote'],
    [{ kind: 'ASSET', figure: 'QUANT', asset: 'OUT', in: null }, 'line.asset'],
    [{ kind: 'WALLET', in: 'OUT' }, 'line.in'],
  ])('names the part of the line whose asset no turn has: %j', async (line, argument) => {
    const rule: AlertRule = { line, condition: { kind: 'ABOVE', level: 0 }, cooldown: 0 };
    const run = new Place().run(rule, moment('start'), moment('now'));
    await expect(run).rejects.toMatchObject({ argument, limit: null });
  });

  it('is refused over a range that is too long, with a beginning that fits, and that one runs', async () => {
    const place = new Place();
    for (const condition of [
      { kind: 'ABOVE', level: 0 },
      { kind: 'MOVES', percent: 1, within: MINUTE },
    ] as const) {
      const rule: AlertRule = { line: BTC, condition, cooldown: 0 };
      const error: unknown = await place
        .run(rule, moment('start'), moment('now'), 60)
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        argument: 'from',
        limit: { name: 'prices read', allowed: 60 },
      });
      const [, from] = /from: (\S+) fits/.exec((error as Error).message) ?? [];
      const part = await place.run(rule, moment(from as string), moment('now'), 60);
      expect(part.total).toBeGreaterThanOrEqual(0);
    }
  });

  it('over a window is refused where the clock went too far, before its buckets take memory', async () => {
    const cycles = historyOf(universeOf(2), 3).map((cycle): Cycle => {
      const observedAt = cycle.turn === 2 ? 8e15 : cycle.frame.observedAt;
      return { ...cycle, frame: { ...cycle.frame, observedAt } };
    });
    const store = new CyclesInMemory(cycles, 32);
    const lines = new LineTurns({ cycles: store, chunks: store });
    const dryRun = new DryRun({ cycles: store, lines, extent: store, clock: () => 0 });
    const line: Line = {
      ...{ kind: 'ASSET', figure: 'VOLATILITY', asset: 'BTC', in: 'USDT' },
      ...{ over: 3 * SECOND, step: SECOND },
    };
    const rule: AlertRule = { line, condition: { kind: 'ABOVE', level: 0 }, cooldown: 0 };
    const run = dryRun.read({ rule, from: moment('start'), to: moment('now') }, UNPACED);
    await expect(run).rejects.toMatchObject({ limit: { name: 'bytes of prices' } });
  });

  it('says so where it looks back further than may be read', async () => {
    const condition = { kind: 'MOVES', percent: 1, within: 60 * MINUTE } as const;
    const run = new Place().run(
      { line: BTC, condition, cooldown: 0 },
      moment('now-1m'),
      moment('now'),
      60,
    );
    await expect(run).rejects.toThrow(/look back less far/);
  });

  it('works out no more windows than it may, however often the clock has it look back anew', async () => {
    const place = new Place(1);
    const line = LINES.at(-1) as Line;
    const turns = await place.turnsOf(line);
    const times = turns.map(({ observedAt }) => observedAt).filter((time) => time > 0);
    const condition = { kind: 'MOVES', percent: 0.05, within: 10 * SECOND } as const;
    const rule: AlertRule = { line, condition, cooldown: 0 };
    const request = { rule, from: at(times[75] as number), to: at(Math.max(...times)) };
    const plenty = 1e9;
    const left: number[] = [];
    const whole = await place.runWithin({ returns: plenty }, request, left);
    expect(left.length).toBeGreaterThan(1);
    const taken = plenty - Math.min(...left);
    expect(await place.runWithin({ returns: taken }, request)).toEqual(whole);
    const refused = place.runWithin({ returns: taken - 1 }, request);
    await expect(refused).rejects.toMatchObject({ argument: 'from', limit: { name: 'returns' } });
  });

  it('tells the newest firings, newest last, and how many there are', async () => {
    const cycles = historyOf(universeOf(2), 3 * MOST_FIRINGS);
    const store = new CyclesInMemory(cycles, 2_048);
    const lines = new LineTurns({ cycles: store, chunks: store });
    const dryRun = new DryRun({ cycles: store, lines, extent: store, clock: () => 0 });
    const line: Line = { kind: 'CELL', matrix: 'ID_PCT', base: 'BTC', quote: 'USDT' };
    const rule: AlertRule = { line, condition: { kind: 'CROSSES', level: 0 }, cooldown: 0 };
    const request = { rule, from: moment('start'), to: moment('now') };
    const { total, firings } = await dryRun.read(request, UNPACED);
    expect(total).toBeGreaterThan(MOST_FIRINGS);
    expect(firings).toHaveLength(MOST_FIRINGS);
    const turns = firings.map(({ turn }) => turn);
    expect(turns).toEqual([...turns].sort((a, b) => a - b));
    const last = cycles.at(-1) as Cycle;
    expect(last.turn - (turns.at(-1) as number)).toBeLessThan(50);
  });
});
