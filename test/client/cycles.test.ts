import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  AccessError,
  createClient,
  CycleMatrixDocument,
  LiveCyclesDocument,
  RequestError,
  StatusDocument,
  TurnMomentDocument,
  UnreachableError,
  type ConnectionState,
} from '../../src/client/node.js';
import { issueToken } from '../../src/http/auth.js';
import type { Proxy } from '../chaos/proxy.mjs';
import type { RunningApp } from '../support/app.js';
import { ClientPlace, proxyTo, subscribed } from '../support/client-place.js';
import { metric } from '../support/metrics.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { turnReached } from '../support/turns.js';
import { inTime, until } from '../support/until.js';

const place = new ClientPlace();

/** 1, 2, 3 and so on. */
const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);

describe('a client of a server whose turns come quickly', () => {
  let app: RunningApp;
  let proxy: Proxy;
  let url: string;
  beforeAll(async () => {
    ({ app } = await place.start(50));
    proxy = await proxyTo(app);
    url = `http://127.0.0.1:${proxy.port}`;
    await turnReached(app, 2);
  });
  afterAll(async () => {
    await proxy.stop();
    await app.stop();
  });

  it('over 100 broken sockets misses no cycle and gets none twice', async () => {
    const client = createClient({ url });
    const ending = new AbortController();
    const [turns, times]: [number[], string[]] = [[], []];
    let broken = 0;
    const onConnection = ({ state }: ConnectionState): void => {
      if (state === 'LOST') broken++;
    };
    const listening = (async () => {
      const cycles = client.cycles({ after: 0, signal: ending.signal, onConnection });
      for await (const { turn, observedAt } of cycles) {
        turns.push(turn);
        times.push(observedAt);
      }
    })();
    while (broken < 100) {
      await pause(Math.random() * 60);
      proxy.set('cut');
      proxy.set('pass');
      client.retry();
    }
    const last = await turnReached(app, turns.length);
    await until(
      `turn ${last}`,
      () => turns.at(-1) ?? 0,
      (turn) => turn >= last,
    );
    ending.abort();
    await listening;
    expect(turns).toEqual(upTo(turns.length));
    const { cycle } = await client.query(TurnMomentDocument, { turn: last });
    expect(times[last - 1]).toBe(cycle?.observedAt);
    await until(
      'no socket',
      () => metric(app, 'dynamics_sockets'),
      (count) => count === 0,
    );
  });

  it('receives no more than there is room for while the body of its loop takes its time', async () => {
    const client = createClient({ url: app.url });
    const turns: number[] = [];
    for await (const { turn } of client.cycles({ after: 0, buffer: 5 })) {
      turns.push(turn);
      // Nobody listens while five wait.
      if (turn === 1) await subscribed(app, 0);
      if (turn === 1) await turnReached(app, 20);
      if (turn === 23) break;
      await pause(1);
    }
    expect(turns).toEqual(upTo(23));
    await subscribed(app, 0);
  });

  it('leaves no subscription and no socket behind, however a loop over it ends', async () => {
    const open = (): Promise<number> => metric(app, 'dynamics_sockets');
    const client = createClient({ url: app.url });
    for await (const { turn } of client.cycles()) if (turn) break;
    const ending = new AbortController();
    for await (const { turn } of client.cycles({ signal: ending.signal })) {
      if (turn) ending.abort();
    }
    const closed = client.cycles();
    await closed.next();
    const last = closed.next();
    await subscribed(app, 1);
    client.close();
    await last;
    expect((await closed.next()).done).toBe(true);
    await until('no socket', open, (count) => count === 0);
    // One that is being opened, at a network that says nothing, is given up at once.
    proxy.set('hang');
    const hanging = createClient({ url });
    const cycles = hanging.cycles({ after: 1 });
    const never = cycles.next();
    await pause(50);
    await cycles.return?.();
    expect(await inTime('the loop to end', never)).toEqual({ done: true, value: undefined });
    proxy.set('pass');
  });

  it('asks whatever stored operations ask, and takes subscriptions to cycles of all kinds', async () => {
    const client = createClient({ url: `${app.url}/` });
    const { cycle } = await client.query(CycleMatrixDocument, {
      ...{ turn: 1, kind: 'ID_BENCHMARK', digits: 3 },
    });
    expect(cycle?.matrix?.values[0]?.[0]).toBe(1);
    const live = client.cycles({
      document: LiveCyclesDocument,
      after: 1,
      variables: {
        ...{ withMatrix: false, kind: 'ID_DELTA', over: null, digits: 4 },
        ...{
          withWindow: false,
          window: 'BETA',
          windowIn: null,
          windowOver: '1h',
          windowEvery: '1m',
        },
        ...{ withPair: true, base: 'BTC', quote: 'USDT', withAssets: false },
      },
    });
    const { value } = await live.next();
    expect(value).toMatchObject({
      turn: 2,
      last: { cell: { value: expect.any(Number) as number } },
    });
    await live.return?.();
    // @ts-expect-error -- its variables are missing
    client.cycles({ document: LiveCyclesDocument, after: 1 });
    // @ts-expect-error -- that is no subscription to cycles
    client.cycles({ document: StatusDocument });
  });

  it('tells what is wrong with what it was asked', async () => {
    const client = createClient({ url: app.url });
    const wrong = client.query(CycleMatrixDocument, { turn: 1, kind: 'NO' as 'ID_PCT' });
    await expect(wrong).rejects.toThrow(RequestError);
    await expect(wrong).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    const elsewhere = createClient({ url: `${app.url}/elsewhere` });
    await expect(elsewhere.query(StatusDocument)).rejects.toMatchObject({ status: 404 });
    await expect(elsewhere.cycles({ after: 1 }).next()).rejects.toThrow(
      /no Dynamics server there: it answered with status 404/,
    );
    const nowhere = createClient({ url: 'http://127.0.0.1:9' });
    await expect(nowhere.query(StatusDocument)).rejects.toThrow(UnreachableError);
    expect(() => createClient({ url: 'ftp://localhost' })).toThrow(/expected http or https/);
    const without = { ...LiveCyclesDocument, definitions: [] };
    await expect(
      client.cycles({ document: without, after: 1, variables: {} as never }).next(),
    ).rejects.toThrow(RequestError);
    expect(await metric(app, 'dynamics_subscribers')).toBe(0);
  });
});

describe('a client of a server that wants a token', () => {
  it('asks for it anew at each connection, and tells where it does not do', async () => {
    const { app } = await place.start(50, { API_SECRET_KEY });
    onTestFinished(() => app.stop());
    let asked = 0;
    const token = () => {
      asked++;
      return issueToken(API_SECRET_KEY, 'viewer', Date.now() + 2_000);
    };
    const client = createClient({ url: app.url, token });
    const turns: number[] = [];
    for await (const { turn } of client.cycles({ after: 0 })) {
      turns.push(turn);
      if (asked > 2) break;
    }
    expect(turns).toEqual(upTo(turns.length));
    const stranger = createClient({ url: app.url, token: 'none' });
    await expect(stranger.cycles({ after: 0 }).next()).rejects.toThrow(AccessError);
    await expect(stranger.cycles().next()).rejects.toThrow(AccessError);
    await expect(stranger.query(StatusDocument)).rejects.toThrow(AccessError);
  });
});
