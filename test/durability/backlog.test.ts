import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { Damage } from '../../src/history/damage.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { type CycleRange, type CycleStore } from '../../src/history/cycle-store.js';
import { Backlog } from '../../src/durability/backlog.js';
import { Replay } from '../../src/durability/replay.js';
import { CyclesWithBacklog } from '../../src/durability/cycles-with-backlog.js';
import { BacklogFolder } from '../../src/data-dir/backlog-folder.js';
import { chain, figures, START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { temporaryFolder } from '../support/temporary.js';

const database = useDatabase();
async function setUp() {
  const dataDir = temporaryFolder();
  const { cycles } = await database.open();
  const open = async () => {
    const folder = new BacklogFolder(dataDir, 'test', new Damage(keptLogger()));
    const backlog = new Backlog({ store: folder, log: keptLogger() });
    await backlog.open();
    return backlog;
  };
  const folder = path.join(dataDir, 'spool', 'test');
  const rejected = path.join(dataDir, 'rejected', 'test');
  const names = (of: string): string[] => {
    try {
      return readdirSync(of).sort();
    } catch {
      return [];
    }
  };
  const replay = (backlog: Backlog) => new Replay({ backlog, cycles, log: keptLogger() });
  return { cycles, open, replay, dataDir, folder, rejected, names };
}

const entries = (cycles: readonly Cycle[]) =>
  cycles.map((cycle, at) => ({ cycle, after: cycles[at - 1] ?? null }));

describe('a file that is kept with the turn of a stored cycle', () => {
  it.each<[string, (folder: string, cycles: readonly Cycle[]) => Promise<void>]>([
    [
      'left by a process that was killed before it could remove it',
      async (folder, [, second]) => {
        const files = new BacklogFolder(folder, 'test', new Damage(keptLogger()));
        await files.add({ cycle: second as Cycle, after: null });
      },
    ],
    [
      'that is no cycle',
      async (folder) => {
        await mkdir(path.join(folder, 'spool', 'test'), { recursive: true });
        const name = `${'2'.padStart(12, '0')}-${'0'.repeat(32)}.bson`;
        await writeFile(path.join(folder, 'spool', 'test', name), 'no cycle');
      },
    ],
  ])('changes nothing of what is read: %s', async (_name, leave) => {
    const { cycles: stored, open, dataDir } = await setUp();
    const made = chain(5);
    await stored.saveAll(made);
    await leave(dataDir, made);
    const backlog = await open();
    expect(backlog.turns).toEqual([2]);
    const cycles = new CyclesWithBacklog(stored, backlog, new Damage(keptLogger()));
    expect((await cycles.latest())?.turn).toBe(5);
    expect(await cycles.span()).toEqual({ oldest: 1, latest: 5 });
    expect(await cycles.byTurns([2])).toEqual([made[1]]);
    for (const order of ['NEWEST_FIRST', 'OLDEST_FIRST'] as const) {
      const found = await cycles.range({ order, limit: 10 });
      expect(found).toEqual(order === 'OLDEST_FIRST' ? made : [...made].reverse());
    }
  });
});

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
    const { cycles: stored, open } = await setUp();
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

describe('cycles that are kept aside', () => {
  it('outlive the process, and are stored in order and once, bit for bit', async () => {
    const { cycles, open, replay, names, folder } = await setUp();
    const made = chain(12);
    const [first, second, ...others] = entries(made);
    if (!first || !second) throw new Error('too few');
    expect(await cycles.save(first.cycle)).toBe('SAVED');
    // Stored although its save seemed to fail.
    expect(await cycles.save(second.cycle)).toBe('SAVED');
    const before = await open();
    for (const entry of [second, ...others]) await before.append(entry);
    const after = await open();
    expect(after.turns).toEqual(made.slice(1).map(({ turn }) => turn));
    expect(await after.read(7)).toEqual(made[6]);
    while ((await replay(after).run(0, 1)) === 'MORE');
    expect(names(folder)).toEqual([]);
    expect(await cycles.range({ order: 'OLDEST_FIRST', limit: 100 })).toEqual(made);
  });

  it('are found whole whatever a process was killed over, and never half', async () => {
    const { open, folder } = await setUp();
    const [first, second] = entries(chain(2));
    if (!first || !second) throw new Error('too few');
    const backlog = await open();
    await backlog.append(first);
    const [name = ''] = readdirSync(folder);
    const whole = readFileSync(path.join(folder, name));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        // What the write of the next one leaves, ended at any moment.
        writeFileSync(path.join(folder, `${name}.1234567`), whole.subarray(0, length));
        const again = await open();
        expect(again.turns).toEqual([1]);
        expect(await again.read(1)).toEqual(first.cycle);
        expect(readdirSync(folder)).toEqual([name]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['another instance has taken their turns', 'TURN_TAKEN'],
    ['what they follow was purged', 'PURGED'],
    ['the database holds another history', 'OTHER_HISTORY'],
  ])('are set aside where %s, never renumbered, and nothing is lost', async (_words, kind) => {
    const { cycles, open, replay, folder, rejected, names } = await setUp();
    const made = entries(chain(5));
    const [one, ...kept] = made;
    if (!one) throw new Error('too few');
    await cycles.save(kind === 'OTHER_HISTORY' ? figures(1, null, 7).cycle : one.cycle);
    const backlog = await open();
    for (const entry of kept) await backlog.append(entry);
    if (kind === 'TURN_TAKEN') await cycles.save(figures(2, null, 9).cycle);
    const files = names(folder);
    expect(await replay(backlog).run(kind === 'PURGED' ? 1 : 0, 1000)).toBe('REJECTED');
    expect(backlog.turns).toEqual([]);
    expect([names(folder), names(rejected)]).toEqual([[], files]);
    expect(backlog.warnings.join()).toContain(rejected);
    const latest = await cycles.latest();
    expect(latest?.turn).toBe(kind === 'TURN_TAKEN' ? 2 : 1);
  });
});

describe('reading, while cycles are kept aside', () => {
  it('misses nothing that is stored between two parts of the reading', async () => {
    const { cycles: stored, open, replay } = await setUp();
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
