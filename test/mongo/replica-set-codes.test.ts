import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultSettings } from '../../src/domain/strategy.js';
import { openDatabase, type OpenDatabase } from '../../src/open-database.js';
import { chain, figures } from '../support/cycles.js';
import { useDatabase, type TestDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import {
  hasReplicaSet,
  startReplicaSet,
  type Fault,
  type ReplicaSet,
} from '../support/replica-set.js';
import { temporaryFolder } from '../support/temporary.js';
import { insist } from '../support/insist.js';

const engine = useDatabase();
const INITIAL = defaultSettings(['USDT', 'BTC', 'ETH']);

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

/** Every write that is made, by what it does; `n` makes each one another. */
const WRITES: Readonly<Record<string, (database: OpenDatabase, n: number) => Promise<unknown>>> = {
  'saves a cycle': ({ cycles }, n) => cycles.save(figures(n, null).cycle),
  'saves many cycles': ({ cycles }, n) =>
    cycles.saveAll(chain(3).map((cycle) => ({ ...cycle, turn: 3 * n + cycle.turn }))),
  'confirms what was read': ({ cycles }) => cycles.confirmed(chain(1)),
  'takes a cycle back': ({ cycles }, n) => cycles.remove(n),
  'removes cycles': ({ cycles }, n) => cycles.removeThrough(n),
  'reads the control data': ({ controlStore }) => controlStore.control(INITIAL),
  'adds a version of the settings': async ({ controlStore }, n) => {
    const { strategy } = await controlStore.control(INITIAL);
    return controlStore.add(strategy, { ...strategy, expectedLuggage: n });
  },
  'marks what is purged': ({ controlStore }, n) => controlStore.markPurged(n),
  'marks what is shown': ({ controlStore }, n) => controlStore.markVisibleFrom(n),
  'marks what is dropped': ({ controlStore }, n) => controlStore.markDropped(n),
  'resets caches': ({ controlStore }) => controlStore.markCacheReset(),
  'takes the lease': ({ lease }) =>
    lease.take('one', { durationMs: 1_000, isGone: () => false, mayTakeOverdue: true }),
  'gives the lease back': ({ lease }) => lease.drop('one'),
  'reserves weight': ({ exchangeLimits }, n) => exchangeLimits.reserve(1, n),
  'tells a silence': ({ exchangeLimits }, n) =>
    exchangeLimits.publish({
      id: String(n),
      leftMs: n,
      code: 'EXCHANGE_BANNED',
      message: 'silence',
    }),
};

/** Of a member that is not, or no longer, the primary; its set then elects another. */
const STATE_CODES = [91, 189, 10107, 11600, 11602, 13435, 13436];
const OTHER_CODES = [6, 8, 13, 18, 50, 89, 133, 262, 371, 8000, 9001, 11601, 14031];
const CONCERN_CODES = [64, 91, 100, 189, 11600, 11602, 14031];

describe.skipIf(!hasReplicaSet)('a replica set (where ../shared/tools is there)', () => {
  /** A member that is in no state to is followed by another, as in a real set. */
  async function put(set: ReplicaSet, fault: Fault): Promise<void> {
    await set.fault(fault);
    const isOfState = 'code' in fault && STATE_CODES.includes(fault.code);
    if (!isOfState) return;
    // An election takes its time; meanwhile there is no primary.
    setTimeout(() => {
      void set.fault({ op: 'stepdown', electionMs: 20, mode: 'notPrimary' });
    }, 50);
  }

  it('answers with many codes that say something of itself: all of them are outages', async () => {
    const { set, database } = await setUp(engine);
    const faults: Fault[] = [
      ...[...STATE_CODES, ...OTHER_CODES].map((code) => ({ op: 'error', code, count: 1 }) as const),
      ...CONCERN_CODES.map((code) => ({ op: 'wce', code, count: 1 }) as const),
    ];
    for (const [n, fault] of faults.entries()) {
      await put(set, fault);
      await insist(() => database.controlStore.markPurged(n + 1));
      await set.fault({ op: 'heal' });
      expect((await insist(() => database.controlStore.control(INITIAL))).purgedThrough).toBe(
        n + 1,
      );
    }
  });

  it.each(Object.keys(WRITES))('may refuse or lose any write, also one that %s', async (name) => {
    const { set, database } = await setUp(engine);
    const write = WRITES[name] as (typeof WRITES)[string];
    const faults: Fault[] = [
      { op: 'error', code: 14031, count: 1 },
      { op: 'error', code: 10107, count: 1 },
      { op: 'wce', code: 64, count: 2 },
      { op: 'wce', code: 91, count: 1 },
      { op: 'ambiguous', count: 2 },
    ];
    for (const [n, fault] of faults.entries()) {
      await put(set, fault);
      await insist(() => write(database, n + 1));
      await set.fault({ op: 'heal' });
    }
  });
});
