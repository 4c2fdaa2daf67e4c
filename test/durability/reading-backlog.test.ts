import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { Damage } from '../../src/history/damage.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { type CycleRange, type CycleStore } from '../../src/history/cycle-store.js';
import { CyclesWithBacklog } from '../../src/durability/cycles-with-backlog.js';
import { chain, START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { setUp, entries } from '../support/backlog.js';

const database = useDatabase();

describe('the span of what is stored, while the database is away', () => {
  it.each<[string, (cycles: CyclesWithBacklog, feed: CycleFeed) => Promise<void> | void]>([
    ['a purge by this instance', async (cycles) => void (await cycles.removeThrough(3))],
    [
      'a purge by another instance',
      (_cycles, feed) => feed.apply({ purgedThrough: 3, cacheResets: 0, visibleFrom: 1 }),
    ],
    [
      'a removal for their age',
      (_cycles, feed) => feed.apply({ purgedThrough: 0, cacheResets: 0, visibleFrom: 4 }),
    ],
  ])('begins after what has been deleted: %s', async (_name, remove) => {
    const { cycles: stored, open } = await setUp(database);
    let isAway = false;
    const leaving: CycleStore = new Proxy(stored, {
      get(target, name: keyof CycleStore) {
        const method = target[name].bind(target) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (isAway && name === 'span') throw new DatabaseUnavailableError('away');
          return method(...args);
        };
      },
    });
    const backlog = await open();
    const cycles = new CyclesWithBacklog(leaving, backlog, new Damage(keptLogger()));
    const feed = new CycleFeed(cycles);
    const made = chain(5);
    for (const cycle of made.slice(0, 3)) await cycles.save(cycle);
    for (const cycle of made) feed.announce(feed.figuresOf(cycle));
    expect(await feed.span()).toEqual({ oldest: 1, latest: 3 });
    await remove(cycles, feed);
    await cycles.save(made[3] as Cycle);
    isAway = true;
    await backlog.append({ cycle: made[4] as Cycle, after: made[3] as Cycle });
    expect(await feed.span()).toEqual({ oldest: 4, latest: 5 });
  });
});

describe('reading, while cycles are kept aside', () => {
  it('misses nothing that is stored between two parts of the reading', async () => {
    const { cycles: stored, open, replay } = await setUp(database);
    const made = chain(12);
    for (const cycle of made.slice(0, 4)) await stored.save(cycle);
    for (const order of ['OLDEST_FIRST', 'NEWEST_FIRST'] as const) {
      await stored.removeThrough(12);
      for (const cycle of made.slice(0, 4)) await stored.save(cycle);
      const backlog = await open();
      for (const entry of entries(made).slice(4)) await backlog.append(entry);
      const replayedFirst = Object.create(stored, {
        span: { value: () => stored.span() },
        byTurns: { value: (turns: number[]) => stored.byTurns(turns) },
        range: {
          value: async (range: CycleRange) => {
            await replay(backlog).run(0, 1000);
            return stored.range(range);
          },
        },
      }) as CycleStore;
      const read = await new CyclesWithBacklog(
        replayedFirst,
        backlog,
        new Damage(keptLogger()),
      ).range({
        order,
        limit: 100,
      });
      expect(order === 'OLDEST_FIRST' ? read : read.reverse()).toEqual(made);
      expect(backlog.turns).toEqual([]);
    }
  });

  it('finds stored and kept cycles as one list, whatever is asked for', async () => {
    const name = 'test_list';
    const { cycles, backlog } = await database.open(name);
    const made = chain(9);
    for (const entry of entries(made)) {
      if (entry.cycle.turn <= 4) await cycles.save(entry.cycle);
      else await backlog.append(entry);
    }
    const turn = fc.option(fc.integer({ min: 0, max: 11 }), { nil: undefined });
    const moment = fc.option(fc.integer({ min: START, max: START + 11_000 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          afterTurn: turn,
          beforeTurn: turn,
          from: moment,
          to: moment,
          order: fc.constantFrom('NEWEST_FIRST' as const, 'OLDEST_FIRST' as const),
          limit: fc.integer({ min: 1, max: 12 }),
        }),
        async ({ afterTurn, beforeTurn, from, to, order, limit }) => {
          const expected = made.filter(
            ({ turn: each, frame: { observedAt } }) =>
              each > (afterTurn ?? 0) &&
              each < (beforeTurn ?? 100) &&
              observedAt >= (from ?? 0) &&
              observedAt < (to ?? Infinity),
          );
          if (order === 'NEWEST_FIRST') expected.reverse();
          const range = {
            ...(afterTurn !== undefined && { afterTurn }),
            ...(beforeTurn !== undefined && { beforeTurn }),
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
            order,
            limit,
          };
          expect(await cycles.range(range)).toEqual(expected.slice(0, limit));
        },
      ),
      { numRuns: 60 },
    );
    expect(await cycles.span()).toEqual({ oldest: 1, latest: 9 });
    expect(await cycles.count()).toBe(9);
    expect((await cycles.byTurns([2, 7, 11])).map(({ turn: each }) => each).sort()).toEqual([2, 7]);
    expect(await cycles.removeThrough(6)).toBe(6);
    expect((await cycles.range({ order: 'OLDEST_FIRST', limit: 9 })).map((c) => c.turn)).toEqual([
      7, 8, 9,
    ]);
  });
});
