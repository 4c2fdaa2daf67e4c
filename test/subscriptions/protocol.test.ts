import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { metric } from '../support/metrics.js';
import { KINDS, ModelClient, type Command, type Kind } from '../support/protocol-model.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
let app: RunningApp;

beforeAll(async () => {
  const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  app = await launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `protocol_${process.pid}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH',
      CYCLE_INTERVAL_MS: '50',
    },
    { market },
  );
  await turnReached(app, 3);
});
afterAll(() => app.stop());

const subscribersAre = (count: number) =>
  until(
    `${count} subscribers`,
    () => metric(app, 'dynamics_subscribers'),
    (found) => found === count,
  );

const id = fc.constantFrom('a', 'b');
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      id,
      kind: fc.constantFrom(...(Object.keys(KINDS) as Kind[])),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('complete' as const), id }) },
  { weight: 3, arbitrary: fc.constantFrom({ do: 'ping' as const }, { do: 'wait' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'close' as const }) },
);

it('each answer is the answer of what stands under its id, and nothing outlives its complete or its socket', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 30 }), async (commands) => {
      const client = await ModelClient.open(app.url);
      let closes: number | null = null;
      for (const next of commands) {
        closes = await client.run(next);
        if (closes !== null) break;
      }
      if (closes !== null) expect(await client.closeCode()).toBe(closes);
      else {
        await client.settled();
        await client.served();
        await subscribersAre(client.shared);
        client.close();
      }
      expect(client.faults).toEqual([]);
      await subscribersAre(0);
    }),
    { numRuns: 150 },
  );
});

it('an id that is used again in one tick is the new operation alone, also where the socket closes at once', async () => {
  const document = (fields: string) => `subscription { cycleCompleted { ${fields} } }`;
  const socket = await RawSocket.open(app);
  socket.subscribe(document('turn symbols'), 'a');
  socket.send({ type: 'complete', id: 'a' });
  socket.subscribe(document('turn'), 'a');
  for (let n = 0; n < 10; n++) {
    expect(await socket.next()).toMatchObject({
      id: 'a',
      payload: { data: { cycleCompleted: { turn: expect.any(Number) as number } } },
    });
  }
  socket.send({ type: 'complete', id: 'a' });
  await subscribersAre(0);
  socket.close();
  for (let n = 0; n < 20; n++) {
    const leaving = await RawSocket.open(app);
    leaving.subscribe(document('turn'), 'a');
    leaving.send({ type: 'complete', id: 'a' });
    leaving.subscribe(document('turn'), 'a');
    leaving.close();
  }
  await subscribersAre(0);
});

it('operations that were begun and completed at once count no longer among those of a socket', async () => {
  const socket = await RawSocket.open(app);
  for (let n = 0; n < 300; n++) {
    socket.subscribe('subscription { cycleCompleted { turn } }', 'a');
    socket.send({ type: 'complete', id: 'a' });
  }
  expect((await socket.run('{ __typename }')).data).toEqual({ __typename: 'Query' });
  await subscribersAre(0);
  socket.close();
});
