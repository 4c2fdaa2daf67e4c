import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readable } from '../../src/history/stored-cycle.js';
import { openDatabase, type OpenDatabase } from '../../src/open-database.js';
import { chain, figures } from '../support/cycles.js';
import { useDatabase, type TestDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { hasReplicaSet, startReplicaSet } from '../support/replica-set.js';
import { temporaryFolder } from '../support/temporary.js';
import { insist } from '../support/insist.js';

const engine = useDatabase();

async function setUp({ engine }: TestDatabase, options = '') {
  const set = await startReplicaSet(engine.uri);
  const name = `set_${randomUUID().slice(0, 8)}`;
  const open = async (uri = set.uri + options): Promise<OpenDatabase> => {
    const settings = { uri, name, dataDir: temporaryFolder(), retentionDays: 0 };
    const database = await openDatabase(settings, keptLogger());
    onTestFinished(() => database.close());
    return database;
  };
  // What stands in the end is asked of the engine itself.
  return { set, open, database: await open(), direct: () => open(engine.uri) };
}

describe.skipIf(!hasReplicaSet)('a replica set (where ../shared/tools is there)', () => {
  it('has for good what it has acknowledged, whatever is rolled back meanwhile', async () => {
    const fault = fc.oneof(
      fc.record({ op: fc.constant('ambiguous' as const), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({
        op: fc.constant('wce' as const),
        code: fc.constantFrom(64, 91, 189),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({
        op: fc.constant('isolate' as const),
        ms: fc.integer({ min: 20, max: 400 }),
        electionMs: fc.integer({ min: 0, max: 200 }),
      }),
      fc.record({ op: fc.constant('stall' as const), ms: fc.integer({ min: 20, max: 400 }) }),
      fc.record({
        op: fc.constant('stepdown' as const),
        electionMs: fc.integer({ min: 0, max: 200 }),
        mode: fc.constantFrom('notPrimary' as const, 'drop' as const),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 4 }), async (faults) => {
        const { set, open, direct } = await setUp(engine);
        const [one, other, third] = [await open(), await open(), await open()];
        const under = (async () => {
          for (const each of faults) {
            await set.fault(each);
            // So that the writes go on between two faults.
            await pause(30);
          }
        })();
        // Two of them store a turn each, and go on from whichever is told to stand.
        const told = new Map<number, number[]>();
        const run = async (database: OpenDatabase, step: number): Promise<void> => {
          for (let turn = 1; turn <= 12; turn++) {
            const { cycle } = figures(turn, null, step);
            if ((await insist(() => database.cycles.save(cycle))) === 'SAVED') {
              told.set(turn, [...(told.get(turn) ?? []), cycle.completedAt]);
            }
          }
        };
        // And one reads what they store, and believes what is confirmed to it.
        let isOver = false;
        const watch = async ({ cycles }: OpenDatabase): Promise<void> => {
          while (!isOver) {
            const latest = await insist(() => cycles.latest());
            const [sure] = latest ? await insist(() => cycles.confirmed([latest])) : [];
            if (sure) {
              const { turn, completedAt } = readable(sure);
              told.set(turn, [...(told.get(turn) ?? []), completedAt]);
            }
            // So that the one who reads does not keep the others from writing.
            await pause(5);
          }
        };
        const watching = watch(third);
        await Promise.all([run(one, 1), run(other, 2)]);
        await under;
        isOver = true;
        await watching;
        const { cycles } = await direct();
        const stored = await cycles.range({ order: 'OLDEST_FIRST', limit: 100 });
        expect(stored).toHaveLength(12);
        for (const { turn, completedAt } of stored.map(readable)) {
          expect(new Set(told.get(turn))).toEqual(new Set([completedAt]));
        }
      }),
      { numRuns: 12 },
    );
  });

  it('is read as a majority of it is: what one member alone has may be gone in a moment', async () => {
    const { set, database, direct } = await setUp(engine);
    const made = chain(6);
    const all = { order: 'OLDEST_FIRST', limit: 9 } as const;
    const engineItself = await direct();
    let isOver = false;
    const isolation = set.fault({ op: 'isolate', ms: 2_500, electionMs: 100 });
    void isolation.then(() => (isOver = true));
    const saving = insist(() => database.cycles.saveAll(made));
    await expect.poll(() => engineItself.cycles.range(all)).toHaveLength(6);
    expect(await database.cycles.range(all)).toEqual([]);
    expect(isOver).toBe(false);
    expect(await saving).toBe(6);
    expect(isOver).toBe(true);
    expect(await engineItself.cycles.range(all)).toEqual(made);
  });

  it('is read and written durably, whatever its address asks for', async () => {
    const weak = '&w=1&journal=false&readConcernLevel=local&readPreference=secondaryPreferred';
    const { set, database, direct } = await setUp(engine, weak);
    await set.fault({ op: 'lag', ms: 60_000 });
    const { cycle } = figures(1, null);
    expect(await database.cycles.save(cycle)).toBe('SAVED');
    expect(await database.cycles.latest()).toEqual(cycle);
    await set.fault({ op: 'heal' });
    const isolation = set.fault({ op: 'isolate', ms: 600, electionMs: 100 });
    const second = figures(2, null).cycle;
    expect(await insist(() => database.cycles.save(second))).toBe('SAVED');
    await isolation;
    expect(await (await direct()).cycles.latest()).toEqual(second);
  });

  it('tells who takes the lease that it is new, also where the first answer was lost', async () => {
    const { set, database } = await setUp(engine);
    const request = { durationMs: 50, isGone: () => false, mayTakeOverdue: true };
    expect(await database.lease.take('one', request)).toMatchObject({ state: 'OURS' });
    // Nothing tells when a lease has run out: its time has to pass.
    await pause(2 * request.durationMs);
    await set.fault({ op: 'ambiguous', count: 1 });
    const answer = await insist(() => database.lease.take('other', request));
    expect(answer).toEqual({ state: 'OURS', isNew: true, isAlone: false });
  });

  it('that elects a primary is waited for at the start, not taken for a read-only member', async () => {
    const { set, open } = await setUp(engine);
    const election = set.fault({ op: 'stepdown', electionMs: 800, mode: 'notPrimary' });
    const database = await open();
    expect(await database.cycles.save(figures(1, null).cycle)).toBe('SAVED');
    await election;
  });

  it('without a majority is still read, and takes writes again as soon as there is one', async () => {
    const { set, database } = await setUp(engine);
    const { cycle } = figures(1, null);
    await database.cycles.save(cycle);
    const stall = set.fault({ op: 'stall', ms: 6_000 });
    const refused = await database.cycles.save(figures(2, null).cycle).catch(String);
    expect(refused).toMatch(/the database takes no writes/);
    expect(await database.cycles.byTurns([1])).toEqual([cycle]);
    expect(database.probe.trouble()).toMatch(/the database takes no writes/);
    const back = new Promise<void>((resolve) => database.onBack(resolve));
    await stall;
    await back;
    expect(database.probe.trouble()).toBeNull();
    expect(await database.cycles.save(figures(2, null).cycle)).toBe('SAVED');
  });
});
