import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { RawSocket } from '../support/socket.js';
import { until } from '../support/until.js';

const database = useDatabase();
const RUN_CYCLE = 'mutation { runCycle { ran } }';
const STATUS = '{ status { version } }';
const ROLE = '{ role }';
let run = 0;

function start(
  settings: Readonly<Record<string, string>>,
  accountKind: 'ACCOUNT' | 'PAPER' = 'PAPER',
): Promise<RunningApp> {
  const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  Object.defineProperty(market, 'accountKind', { value: accountKind });
  return launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `rights_${process.pid}_${++run}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH',
      CYCLE_INTERVAL_MS: '86400000',
      ...settings,
    },
    { market },
  );
}

const bearer = async (role: 'viewer' | 'operator', ms = 60_000, secret = API_SECRET_KEY) =>
  `Bearer ${await issueToken(secret, role, Date.now() + ms)}`;

const codes = ({ errors }: { errors?: readonly { extensions?: unknown }[] }): unknown[] =>
  (errors ?? []).map(({ extensions }) => (extensions as { code: string }).code);

describe('a server with API_SECRET_KEY', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await start({ API_SECRET_KEY });
  });
  afterAll(() => app.stop());

  it('answers nobody without a right token, over HTTP', async () => {
    const wrong = [
      undefined,
      'Bearer nonsense',
      await bearer('operator', -10_000),
      await bearer('operator', 60_000, 'another secret of at least 32 bytes'),
    ];
    for (const authorization of wrong) {
      const headers: Record<string, string> = authorization ? { authorization } : {};
      const answer = await query(app, STATUS, {}, headers);
      expect([answer.status, codes(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
      const overRest = await fetch(`${app.url}/status`, { headers });
      expect(overRest.status).toBe(401);
      expect(overRest.headers.get('content-type')).toMatch('application/problem+json');
    }
  });

  it('opens no session without a right token, over WebSocket', async () => {
    for (const payload of [{}, { authorization: 'Bearer nonsense' }, { authorization: 7 }]) {
      const socket = await RawSocket.open(app, payload);
      expect(await socket.closeCode()).toBe(4403);
    }
    const early = await RawSocket.open(app, null);
    early.send({ type: 'subscribe', id: '1', payload: { query: STATUS } });
    expect(await early.closeCode()).toBe(4401);
  });

  it('lets a viewer read and subscribe, and not act', async () => {
    const authorization = await bearer('viewer');
    expect((await query(app, STATUS, {}, { authorization })).errors).toBeUndefined();
    expect((await query(app, ROLE, {}, { authorization })).data).toEqual({ role: 'VIEWER' });
    const answer = await query(app, RUN_CYCLE, {}, { authorization });
    expect([answer.status, codes(answer)]).toEqual([403, ['FORBIDDEN']]);
    const socket = await RawSocket.open(app, { authorization });
    expect((await socket.run(STATUS)).errors).toBeUndefined();
    expect(codes(await socket.run(RUN_CYCLE))).toEqual(['FORBIDDEN']);
    expect((await fetch(`${app.url}/dashboard`, { headers: { authorization } })).status).toBe(403);
    socket.close();
  });

  it('lets an operator act', async () => {
    const authorization = await bearer('operator');
    expect((await query(app, RUN_CYCLE, {}, { authorization })).errors).toBeUndefined();
    expect((await query(app, ROLE, {}, { authorization })).data).toEqual({ role: 'OPERATOR' });
    const socket = await RawSocket.open(app, { authorization });
    expect((await socket.run(RUN_CYCLE)).errors).toBeUndefined();
    expect((await fetch(`${app.url}/dashboard`, { headers: { authorization } })).status).toBe(200);
    socket.close();
  });

  it('ends a session when its token expires', async () => {
    const socket = await RawSocket.open(app, { authorization: await bearer('viewer', 1_500) });
    expect((await socket.run(STATUS)).errors).toBeUndefined();
    expect(await socket.closeCode()).toBe(4403);
  });

  it('answers under other names, as behind a proxy it must', async () => {
    const authorization = await bearer('viewer');
    const headers = { authorization, 'x-forwarded-for': '203.0.113.7' };
    expect((await query(app, STATUS, {}, headers)).errors).toBeUndefined();
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  });
});

describe('an open server', () => {
  it('lets anybody on this machine act, where no real account is behind it', async () => {
    const app = await start({});
    expect((await query(app, RUN_CYCLE)).errors).toBeUndefined();
    await app.stop();
  });

  it('lets nobody act on a real account, over HTTP, WebSocket or REST', async () => {
    const app = await start({}, 'ACCOUNT');
    expect((await query(app, STATUS)).errors).toBeUndefined();
    expect(codes(await query(app, RUN_CYCLE))).toEqual(['FORBIDDEN']);
    const socket = await RawSocket.open(app);
    expect(codes(await socket.run(RUN_CYCLE))).toEqual(['FORBIDDEN']);
    expect((await fetch(`${app.url}/dashboard`)).status).toBe(403);
    socket.close();
    await app.stop();
  });

  it('has no session for another site’s page, nor for what a proxy forwarded', async () => {
    const app = await start({ CORS_ORIGINS: 'https://friend.example' });
    const open = (headers: Record<string, string>) =>
      RawSocket.open(app, {}, { headers }).then(
        (socket) => (socket.close(), 'opened'),
        (error: Error) => error.message,
      );
    expect(await open({ origin: 'https://evil.example' })).toMatch(/403/);
    expect(await open({ host: 'rebound.example' })).toMatch(/403/);
    for (const header of ['X-Forwarded-Proto', 'CF-Connecting-IP', 'X-Client-IP']) {
      expect(await open({ [header]: '203.0.113.7' }), header).toMatch(/403/);
      expect((await query(app, STATUS, {}, { [header]: '203.0.113.7' })).status).toBe(403);
    }
    expect(await open({ origin: 'https://friend.example' })).toBe('opened');
    expect(await open({ origin: app.url })).toBe('opened');
    await until(
      'an answer that is not refused',
      () => query(app, STATUS),
      ({ errors }) => errors === undefined,
    );
    await app.stop();
  });
});
