import { once } from 'node:events';
import type { FormattedExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { RawSocket } from '../support/socket.js';

const scripted = new ScriptedApp();
let app: RunningApp;
beforeEach(() => void ({ app } = scripted));

describe('subscriptions', () => {
  it('says where subscriptions are served to whoever sends one over HTTP', async () => {
    const { status, errors } = await query(app, 'subscription { cycleCompleted { turn } }');
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('WebSocket') as string,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('pushes each cycle to a subscriber over the same address', async () => {
    const client = createClient({
      url: app.url.replace('http', 'ws') + '/graphql',
      webSocketImpl: WebSocket,
    });
    interface Pushed {
      readonly cycleCompleted: { readonly turn: number; readonly matrix: { values: number[][] } };
    }
    const cycles = client.iterate<Pushed>({
      query: 'subscription { cycleCompleted { turn matrix(kind: ID_PCT) { values } } }',
    });
    const first = cycles.next();
    // The subscription is there once a later operation on the same socket has answered.
    for await (const result of client.iterate({ query: '{ status { version } }' })) {
      expect(result.errors).toBeUndefined();
    }
    await scripted.runTurns(2);
    const received = [await first, await cycles.next()].map(
      ({ value }) => (value as FormattedExecutionResult<Pushed>).data?.cycleCompleted,
    );
    expect(received.map((cycle) => cycle?.turn)).toEqual([2, 3]);
    const { data } = await query<{ cycle: { matrix: { values: unknown } } }>(
      app,
      '{ cycle(turn: 3) { matrix(kind: ID_PCT) { values } } }',
    );
    expect(received[1]?.matrix.values).toEqual(data?.cycle.matrix.values);
    await cycles.return?.();
    await client.dispose();
  });

  it('sends a client that comes back every cycle after the last one it has, then goes on live', async () => {
    await scripted.runTurns(3);
    const socket = await RawSocket.open(app);
    const subscription = 'subscription { cycleCompleted(after: 1) { turn } }';
    socket.send({ type: 'subscribe', id: '1', payload: { query: subscription } });
    const turns: unknown[] = [];
    const receive = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        turns.push((await socket.next())['payload']);
      }
    };
    await receive(3);
    await scripted.runTurns(2);
    await receive(2);
    expect(turns).toEqual([2, 3, 4, 5, 6].map((turn) => ({ data: { cycleCompleted: { turn } } })));
    socket.close();
  });

  it('refuses to go on after a turn that is not there yet, or from what is gone', async () => {
    await scripted.runTurns(1);
    const socket = await RawSocket.open(app);
    const after = (turn: number) =>
      socket.run(`subscription { cycleCompleted(after: ${turn}) { turn } }`);
    for (const turn of [-1, 3]) {
      expect((await after(turn)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', argument: 'after' } },
      ]);
    }
    await query(app, 'mutation { purgeCycles(confirm: true) { deleted } }');
    const gone = { code: 'HISTORY_GONE', oldestTurn: null };
    expect((await after(0)).errors).toMatchObject([{ extensions: gone }]);
    await scripted.runTurns(1);
    expect((await after(1)).errors).toMatchObject([{ extensions: { ...gone, oldestTurn: 3 } }]);
    expect((await after(2)).data).toEqual({ cycleCompleted: { turn: 3 } });
    socket.close();
  });

  it('sends a client that comes back lists of cycles as long as it asks for, then each alone', async () => {
    await scripted.runTurns(4);
    const socket = await RawSocket.open(app);
    const subscription =
      'subscription { cyclesCompleted(after: 1, atMost: 3) { turn previousTurn } }';
    socket.send({ type: 'subscribe', id: '1', payload: { query: subscription } });
    const next = async () => {
      const { data } = (await socket.next())['payload'] as {
        data: { cyclesCompleted: { turn: number; previousTurn: number }[] };
      };
      return data.cyclesCompleted.map(({ turn, previousTurn }) => [previousTurn, turn]);
    };
    expect(await next()).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(await next()).toEqual([
      [3, 4],
      [4, 5],
    ]);
    await scripted.runTurns(2);
    expect([await next(), await next()]).toEqual([[[5, 6]], [[6, 7]]]);
    socket.close();
  });

  it('refuses lists that are empty or too long, and those after a turn that is not there yet', async () => {
    const socket = await RawSocket.open(app);
    for (const [args, argument] of [
      ['atMost: 0', 'atMost'],
      ['atMost: 101', 'atMost'],
      ['after: 7', 'after'],
    ]) {
      const { errors } = await socket.run(`subscription { cyclesCompleted(${args}) { turn } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    }
    socket.close();
  });

  it('closes its sockets when it stops, and its subscriptions end', async () => {
    const socket = new WebSocket(
      app.url.replace('http', 'ws') + '/graphql',
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await app.stop();
    expect((await closed)[0]).toBe(1001);
  });
});
