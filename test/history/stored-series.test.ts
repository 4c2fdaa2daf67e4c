import { describe, expect, it } from 'vitest';
import { buildSeries } from '../../src/app/series.js';
import type { Cycle } from '../../src/domain/cycle.js';
import type { Line } from '../../src/domain/series/line.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { SECOND } from '../../src/domain/series/span.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { RecentChunks } from '../../src/history/recent-chunks.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import type { TurnChunks } from '../../src/history/turn-chunk.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { useDatabase } from '../support/database.js';
import { historyOf, universeOf } from '../support/history.js';
import { ageAll, sealedPlace } from '../support/sealed.js';

const moment = (text: string) => parseMoment(text) as Moment;
const matrix = 'ID_BENCHMARK';

describe('series', () => {
  const database = useDatabase();

  it('of direct, inverse and cross cells are the same from documents, blocks and memory', async () => {
    const turns = [1, 2, 1_000, 2_047, 2_048, 2_049];
    const history = historyOf(universeOf(9), turns.length);
    const place = await sealedPlace(
      database,
      history.map((cycle, at) => {
        const turn = turns[at] as number;
        return { ...cycle, turn, aux: { ...cycle.aux, turn } };
      }),
    );
    const { cycles, ages, chunks } = place.open;
    const told = async (from: TurnChunks) => {
      const reader = new SeriesReader({
        ...{ cycles, chunks: from, clock: () => 0 },
        extent: { observed: () => ages.observedWithin(1, 3_000) },
      });
      const lines = ['BTC/USDT', 'USDT/BTC', 'JPY/BTC', 'DOGE/ETH'].map((name) => {
        const [base = '', quote = ''] = name.split('/');
        return { kind: 'CELL', matrix, base, quote } as const;
      });
      const range = {
        from: moment('start'),
        to: moment('now'),
        every: 'turn',
        maxPoints: 9_000,
      } as const;
      const { plan, ...data } = await reader.read({ lines, ...range }, UNPACED);
      const values = data.lines.map((line) => {
        const { paths, nulls } = line;
        return { values: [...line.values('LAST')], paths, nulls };
      });
      const { blocks, documents, fromKept } = plan;
      return { blocks, documents, fromKept, values };
    };
    const before = await told(chunks);
    expect(before).toMatchObject({ blocks: 0, documents: 6, fromKept: false });
    expect(before.values.flatMap(({ paths }) => paths)).toHaveLength(4);
    await place.sealAll();
    expect(await told(chunks)).toEqual({ ...before, blocks: 1, documents: 1 });
    const recent = new RecentChunks({
      ...{ store: chunks, latestTurn: () => 3_000, epoch: () => '', bytes: 2 ** 26 },
    });
    expect(await told(recent)).toEqual({ ...before, blocks: 1, documents: 1 });
    expect(await told(recent)).toEqual({
      ...before,
      ...{ blocks: 0, documents: 0, fromKept: true },
    });
  });

  it('of past buckets are kept until turns fall into them or what is stored is to be read anew', async () => {
    const turns = Array.from({ length: 101 }, (_, at) => (at < 50 ? at + 1 : at + 1_949));
    const history = historyOf(universeOf(5), turns.length + 1).map((cycle, at) => {
      const turn = turns[at] ?? 2_050;
      return { ...cycle, turn, aux: { ...cycle.aux, turn } };
    });
    const place = await sealedPlace(database, history.slice(0, turns.length));
    await place.sealAll();
    const { open } = place;
    const feed = new CycleFeed(open.cycles);
    const announce = (cycle: Cycle) => {
      feed.announce(feed.figuresOf(cycle));
    };
    const { series: reader } = buildSeries({ ...open, feed, clock: () => 0, memory: 2 ** 24 });
    history.slice(0, turns.length).forEach(announce);
    const read = async (lines: readonly Line[]) => {
      const range = { from: moment('start'), to: moment('now'), every: SECOND, maxPoints: 500 };
      const { plan, counts, lines: told } = await reader.read({ lines, ...range }, UNPACED);
      const values = told.map((line) => [line.paths, [...line.values('MEAN')]]);
      return { read: plan.turns, answer: [[...counts], values] };
    };
    const cross = { kind: 'CELL', matrix, base: 'DOGE', quote: 'ETH' } as const;
    const first = await read([cross]);
    expect(first.read).toBe(turns.length);
    const taken = await read([{ ...cross, trade: { price: 'TAKE', feeBps: 5 } }]);
    expect(taken.read).toBe(turns.length);
    expect(taken.answer).not.toEqual(first.answer);
    const second = await read([cross]);
    expect(second.answer).toEqual(first.answer);
    // But for the newest ones, which are at most a stretch.
    expect(second.read).toBeLessThanOrEqual(24);

    const last = history.at(-1) as Cycle;
    const { observedAt } = (history[50] as Cycle).frame;
    const late = { ...last, frame: { ...last.frame, observedAt } };
    await open.cycles.save(late);
    announce(late);
    const third = await read([cross]);
    // That one, and those of the stretch that it fell into.
    expect(third.read).toBe(second.read + 1 + 24);
    expect(third.answer[0]?.[50]).toBe(2);

    const marks = { visibleFrom: 1, purgedThrough: 0 };
    for (const cacheResets of [0, 1]) feed.apply({ ...marks, cacheResets });
    const anew = await read([cross]);
    expect(anew).toEqual({ read: turns.length + 1, answer: third.answer });
  });

  it('say of turns whose only copy is damaged that they cannot be read, from the first answer on', async () => {
    const turns = [1, 2, 3, 2_049, 2_050, 4_097];
    const history = historyOf(universeOf(9), turns.length).map((cycle, at) => {
      const turn = turns[at] as number;
      return { ...cycle, turn, aux: { ...cycle.aux, turn } };
    });
    const place = await sealedPlace(database, history);
    await place.sealAll();
    await ageAll(place);
    const { open } = place;
    const parts = place.db.collection<{ _id: string }>('history_blocks');
    await parts.deleteMany({ _id: /^0000001\/.*\/pair/ as never });
    const feed = new CycleFeed(open.cycles);
    for (const cycle of history) feed.announce(feed.figuresOf(cycle));
    // As after a start, when nothing of it is in memory.
    const { series: reader } = buildSeries({ ...open, feed, clock: () => 0, memory: 2 ** 24 });
    const nullsOf = async (base: string) => {
      const range = { from: moment('start'), to: moment('now'), maxPoints: 9_000 };
      const lines = [{ kind: 'CELL', matrix, base, quote: 'USDT' }] as const;
      return (await reader.read({ lines, ...range, every: 'turn' }, UNPACED)).lines[0]?.nulls;
    };
    const unreadable = [{ fromTurn: 2_049, toTurn: 2_050, reason: 'UNREADABLE' }];
    for (const base of ['BTC', 'BTC', 'ETH']) {
      expect([base, await nullsOf(base)]).toEqual([base, unreadable]);
    }
    expect(open.damage.warnings.join()).toContain('block 1 is damaged');

    const again = await database.open(place.db.databaseName);
    const { attribution } = buildSeries({ ...again, feed, clock: () => 0, memory: 2 ** 24 });
    const whole = { in: 'JPY', from: moment('start'), to: moment('now'), every: null };
    expect(await attribution.read(whole, UNPACED)).not.toBeNull();
    expect(again.damage.warnings.join()).toContain('block 1 is damaged');
  });
});
