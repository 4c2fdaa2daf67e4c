import { beforeAll, expect, it } from 'vitest';
import type { RunningApp } from '../support/app.js';
import { metric } from '../support/metrics.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { RawSocket } from '../support/socket.js';
import { until } from '../support/until.js';

const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(() => void ({ app } = scripted));

const BTC = 'cells: [{ base: "BTC", quote: "USDT" }]';

it.each([
  ['no cells', 'cells: [], every: "1m"', 'cells'],
  ['an asset that nobody knows', 'cells: [{ base: "BTC", quote: "NONE" }], every: "1m"', 'cells'],
  ['what is no span', `${BTC}, every: "1x"`, 'every'],
  ['a turn that is not there yet', `${BTC}, every: "turn", after: 99`, 'after'],
])('a series that grows refuses %s', async (_what, args, argument) => {
  const socket = await RawSocket.open(app);
  const { errors } = await socket.run(`subscription { seriesUpdated(${args}) { starts } }`);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  socket.close();
});

it('viewers of one chart are one group, wherever they begin, and get the same', async () => {
  const query = `subscription ($after: Int) { seriesUpdated(${BTC}, every: "1h", after: $after) { lastTurns } }`;
  const sockets = [await RawSocket.open(app), await RawSocket.open(app)] as const;
  for (const [at, variables] of [{}, { after: 0 }].entries()) {
    sockets[at]?.send({ type: 'subscribe', id: '1', payload: { query, variables } });
  }
  await until(
    'two that are sent the same',
    async () => [
      await metric(app, 'dynamics_subscribers'),
      await metric(app, 'dynamics_subscription_groups'),
    ],
    ([subscribers, groups]) => subscribers === 2 && groups === 1,
  );
  const payload = async (socket: RawSocket) => (await socket.next())['payload'];
  const bucketAt = (turn: number) => ({ data: { seriesUpdated: { lastTurns: [turn] } } });
  expect(await payload(sockets[1])).toEqual(bucketAt(1));
  await scripted.runTurns(1);
  for (const socket of sockets) expect(await payload(socket)).toEqual(bucketAt(2));
  for (const socket of sockets) socket.close();
});
