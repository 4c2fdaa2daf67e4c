import { mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pino } from 'pino';
import { launchApp, query } from '../support/app.js';
import { listen, moreIsSpooledThan, nothingIsSpooled, reach } from '../support/outage.js';
import { RawSocket } from '../support/socket.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

interface Told {
  readonly level: number;
  readonly pid?: number;
  readonly role?: string;
  readonly msg: string;
  readonly reason?: string;
}

const STATE = '{ status { latestTurn oldestTurn database { reachable } } }';
interface State {
  readonly status: {
    readonly latestTurn: number | null;
    readonly oldestTurn: number | null;
    readonly database: { readonly reachable: boolean };
  };
}

describe('a server whose data folder is taken away while it runs', () => {
  it.each<[string, (dataDir: string) => void]>([
    ['deleted', (dataDir) => rmSync(dataDir, { recursive: true, maxRetries: 9 })],
    [
      'moved, with an empty one in its place',
      (dataDir) => {
        renameSync(dataDir, `${dataDir}.moved`);
        mkdirSync(dataDir);
      },
    ],
    [
      'without its database',
      (dataDir) => rmSync(path.join(dataDir, 'mongodb'), { recursive: true, maxRetries: 9 }),
    ],
  ])('says so, and goes on with the next turn on a new database: %s', async (_how, takeAway) => {
    const dataDir = path.join(temporaryFolder(), 'data');
    const told: Told[] = [];
    const log = pino(
      { level: 'info' },
      { write: (line) => void told.push(JSON.parse(line) as Told) },
    );
    const app = await launchApp({ DATA_DIR: dataDir, CYCLE_INTERVAL_MS: '200' }, { log });
    onTestFinished(() => app.stop());
    const state = async () => (await query<State>(app, STATE)).data?.status;
    await turnReached(app, 3);
    const socket = await RawSocket.open(app);
    socket.subscribe('subscription { cycleCompleted { turn } }');
    takeAway(dataDir);
    await until(
      'a word of the folder',
      () => told,
      (lines) =>
        lines.some(({ level, msg }) => level === 50 && /was deleted or replaced/.test(msg)),
    );
    const before = (await state())?.latestTurn ?? 0;
    const pushed: number[] = [];
    while ((pushed.at(-1) ?? 0) < before + 10) {
      const { payload } = (await socket.next()) as {
        payload: { data: { cycleCompleted: { turn: number } } };
      };
      pushed.push(payload.data.cycleCompleted.turn);
    }
    socket.close();
    const [first = 0] = pushed;
    expect(pushed).toEqual(pushed.map((_, n) => first + n));
    expect(told.filter(({ msg, reason }) => /spawn/.test(`${msg} ${reason}`))).toEqual([]);

    const client = await new MongoClient(
      `mongodb://${encodeURIComponent(path.join(dataDir, 'mongodb.sock'))}/?directConnection=true`,
    ).connect();
    onTestFinished(() => client.close());
    const stored = client.db('dynamics_prototype_simulated').collection('cycle_matrices');
    const turns = await until(
      `turn ${before + 10} in the new database`,
      async () =>
        (await stored.find().sort({ turn: 1 }).toArray()).map(({ turn }) => turn as number),
      (found) => (found.at(-1) ?? 0) >= before + 10,
    );
    const indexes = await stored.indexes();
    expect(indexes.some(({ key, unique }) => 'turn' in key && unique === true)).toBe(true);
    const [oldest = 0] = turns;
    expect(oldest).toBeGreaterThanOrEqual(3);
    expect(oldest).toBeLessThanOrEqual(before);
    expect(turns).toEqual(turns.map((_, n) => oldest + n));
    expect((await state())?.oldestTurn).toBe(oldest);
  });

  it('goes on with those that it keeps on disk, because the database hung before its folder was deleted', async () => {
    const dataDir = path.join(temporaryFolder(), 'data');
    const told: Told[] = [];
    const log = pino(
      { level: 'info' },
      { write: (line) => void told.push(JSON.parse(line) as Told) },
    );
    const app = await launchApp({ DATA_DIR: dataDir, CYCLE_INTERVAL_MS: '500' }, { log });
    onTestFinished(() => app.stop());
    await turnReached(app, 3);
    const seen = await listen(app);
    const { pid = 0 } = told.find(({ role }) => role === 'host') ?? {};
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, 'SIGSTOP');
    await moreIsSpooledThan(dataDir, 1);
    rmSync(path.join(dataDir, 'mongodb'), { recursive: true, maxRetries: 9 });
    await nothingIsSpooled(dataDir);
    await reach(seen, (seen.at(-1)?.turn ?? 0) + 3);
    expect(seen.map(({ turn }) => turn)).toEqual(seen.map((_, n) => n + 1));
    expect(told.filter(({ msg }) => /was deleted or replaced/.test(msg))).toHaveLength(1);
    expect(told.filter(({ msg }) => /put back|could not be stored/.test(msg))).toEqual([]);
  });
});
