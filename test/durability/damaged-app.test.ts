import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { query, startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { RawSocket } from '../support/socket.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
let client: MongoClient;
beforeAll(async () => {
  client = await MongoClient.connect(database.engine.uri);
});
afterAll(() => client.close());

const UNCHECKED = { bypassDocumentValidation: true };
const TURN = '{ latestCycle { turn previousTurn } status { warnings } }';

interface Latest {
  readonly latestCycle: { readonly turn: number; readonly previousTurn: number | null } | null;
  readonly status: { readonly warnings: readonly string[] };
}

it('a server on a damaged newest document starts, says so, and builds upon the last readable one', async () => {
  const name = 'damaged_app';
  const settings = {
    EXCHANGE: 'simulated',
    ASSETS: 'USDT,BTC,ETH',
    CYCLE_INTERVAL_MS: '100',
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: name,
    DATA_DIR: temporaryFolder(),
  };
  const first = await startApp(settings);
  await turnReached(first, 8);
  await first.stop();
  const documents = client.db(`${name}_simulated`).collection('cycle_matrices');
  const newest = await documents.findOne({}, { sort: { turn: -1 } });
  const last = newest?.['turn'] as number;
  await documents.updateOne({ turn: last }, { $set: { formulaVersion: 99 } }, UNCHECKED);
  await documents.deleteOne({ turn: 3 });

  const second = await startApp(settings);
  const { data } = await until(
    `a turn after ${last}`,
    () => query<Latest>(second, TURN),
    (answer) => (answer.data?.latestCycle?.turn ?? 0) > last,
  );
  expect(data?.status.warnings.join()).toMatch(`turn ${last} cannot be read`);
  const next = await query<{ cycle: { previousTurn: number } }>(
    second,
    `{ cycle(turn: ${last + 1}) { previousTurn } }`,
  );
  expect(next.data?.cycle.previousTurn).toBe(last - 1);

  const socket = await RawSocket.open(second);
  const subscription = `subscription { cycleCompleted(after: 1) { turn } }`;
  socket.send({ id: '1', type: 'subscribe', payload: { query: subscription } });
  const seen: unknown[] = [];
  while (seen.length <= last) {
    const { type, payload } = (await socket.next()) as {
      type: string;
      payload: {
        data: { cycleCompleted: { turn: number } } | null;
        errors?: { extensions: { code: string; turn: number } }[];
      };
    };
    expect(type).toBe('next');
    const [error] = payload.errors ?? [];
    seen.push(
      error ? [error.extensions.code, error.extensions.turn] : payload.data?.cycleCompleted.turn,
    );
  }
  const expected: unknown[] = Array.from({ length: last + 1 }, (_, at) => at + 2);
  expected[1] = ['HISTORY_GONE', 3];
  expected[last - 2] = ['CYCLE_UNREADABLE', last];
  expect(seen).toEqual(expected);
});
