import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { Damage } from '../../src/history/damage.js';
import { CyclesWithBacklog } from '../../src/durability/cycles-with-backlog.js';
import { BacklogFolder } from '../../src/data-dir/backlog-folder.js';
import { chain, figures } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { setUp, entries } from '../support/backlog.js';

const database = useDatabase();

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
    const { cycles: stored, open, dataDir } = await setUp(database);
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

describe('cycles that are kept aside', () => {
  it('outlive the process, and are stored in order and once, bit for bit', async () => {
    const { cycles, open, replay, names, folder } = await setUp(database);
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
    const { open, folder } = await setUp(database);
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
    const { cycles, open, replay, folder, rejected, names } = await setUp(database);
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
