import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { frameAt, observed, refused } from '../support/scripted-market.js';
import { untilNotFresh } from '../support/turns.js';
import { until } from '../support/until.js';
import { RestApp } from '../support/rest.js';

const rest = new RestApp();
const { market } = rest;
let app: RunningApp;
beforeAll(() => void ({ app } = rest));

const post = (body: string, type = 'application/json') =>
  rest.call('/strategy/config', { method: 'POST', headers: { 'content-type': type }, body });

describe('the REST paths', () => {
  it.each([
    ['/status', '{ status { latestTurn version } }', 'status'],
    ['/wallet', '{ latestCycle { turn wallet { value unpriced } } }', 'latestCycle'],
    ['/wallet?in=BTC', '{ latestCycle { wallet { value(in: "BTC") } } }', 'latestCycle'],
    [
      '/assets?in=ETH',
      '{ latestCycle { assets { symbol price(in: "ETH") quant } } }',
      'latestCycle',
    ],
    ['/market', '{ latestCycle { symbols matrix(kind: ID_BENCHMARK) { values } } }', 'latestCycle'],
    ['/market', '{ latestCycle { matrices { kind unit scale values } } }', 'latestCycle'],
    ['/strategy/config', '{ strategyConfig { version tier } }', 'strategyConfig'],
    ['/strategy/aux', '{ strategyAux { turn leadQuant } }', 'strategyAux'],
    ['/strategy/aux?turn=1', '{ strategyAux(turn: 1) { turn leadQuant } }', 'strategyAux'],
  ])('%s answers with what GraphQL says', async (path, document, field) => {
    const { status, type, body } = await rest.call(path);
    expect([status, type]).toEqual([200, 'application/json']);
    expect(body).toMatchObject((await query(app, document)).data?.[field] as object);
  });

  it.each(['correlation', 'COVARIANCE', 'Beta'])(
    '/window/%s is that window, whole or in part',
    async (name) => {
      const path = `/window/${name}?in=BTC&over=1h&every=5m&lag=1&bases=BTC,ETH&quotes=USDT&digits=3`;
      const answer = await query<{ latestCycle: object }>(
        app,
        `{ latestCycle { turn windowMatrix(kind: ${name.toUpperCase()}, in: "BTC", over: "1h", every: "5m", lag: 1,
        bases: ["BTC", "ETH"], quotes: ["USDT"]) { kind in bases quotes values(digits: 3) counts staleCounts } } }`,
      );
      const { status, body } = await rest.call(path);
      expect(status).toBe(200);
      expect(body).toMatchObject(answer.data?.latestCycle ?? {});
      expect(body).toMatchObject({ windowMatrix: { in: 'BTC', bases: ['BTC', 'ETH'] } });
    },
  );

  it.each([
    ['amount=0.10&from=BTC&to=USDT', 'amount: "0.10", from: "BTC", to: "USDT"'],
    [
      'amount=3&from=ETH&to=BTC&price=TAKE&feeBps=7.5&turn=1',
      'amount: "3", from: "ETH", to: "BTC", price: TAKE, feeBps: 7.5, turn: 1',
    ],
  ])('/convert?%s is what GraphQL says', async (asked, args) => {
    const { status, body } = await rest.call(`/convert?${asked}`);
    const answer = await query<{ convert: object }>(
      app,
      `{ convert(${args}) { amount rate path reason turn } }`,
    );
    expect([status, body]).toEqual([200, answer.data?.convert]);
    expect(body['amount']).toMatch(/^\d+\.\d+$/);
  });

  it.each([
    ['ID_BENCHMARK', 'ID_BENCHMARK'],
    ['benchmark', 'ID_BENCHMARK'],
    ['delta', 'ID_DELTA'],
    ['delta_pct', 'ID_PERCENT'],
    ['id_percent', 'ID_PERCENT'],
    ['id_pct', 'ID_PCT'],
    ['quantid_matrix', 'QUANTID'],
    ['quantid', 'QUANTID'],
  ])('/matrix/%s is the matrix %s, whole or in part', async (name, kind) => {
    const path = `/matrix/${name}?bases=BTC,ETH&quotes=USDT&digits=3`;
    const answer = await query<{ latestCycle: object }>(
      app,
      `{ latestCycle { turn matrix(kind: ${kind}, bases: ["BTC", "ETH"], quotes: ["USDT"]) {
        kind unit bases quotes scale values(digits: 3) } } }`,
    );
    expect((await rest.call(path)).body).toMatchObject(answer.data?.latestCycle ?? {});
  });

  it('/dashboard runs a cycle and returns its matrices', async () => {
    const { body } = await until(
      'a turn to be run on demand',
      () => rest.call('/dashboard'),
      (answer) => answer.body['ran'] === true,
    );
    expect((body['cycle'] as { matrices: unknown[] }).matrices).toHaveLength(5);
    expect(body).not.toHaveProperty('userErrors');
  });

  it('POST /strategy/config changes the settings in part', async () => {
    const { status, body } = await post('{"mode":"MOMENTUM"}');
    expect(status).toBe(200);
    expect(body).toMatchObject({ strategyConfig: { mode: 'MOMENTUM', tier: 'STANDARD' } });
    expect((await rest.call('/strategy/config')).body).toMatchObject({ mode: 'MOMENTUM' });
  });

  it('POST /strategy/config takes names and values in any case, and older names', async () => {
    const { status, body } = await post(
      '{"Tier":"aggressive","imprint":1.02,"EXPECTED_LUGGAGE":2}',
    );
    expect(status).toBe(200);
    const changed = { tier: 'AGGRESSIVE', expectedImprint: 1.02, expectedLuggage: 2 };
    expect(body).toMatchObject({ strategyConfig: changed });
    const twice = await post('{"imprint":1.5,"expectedImprint":2}');
    expect([twice.status, twice.body['detail']]).toEqual([
      400,
      'imprint and expectedImprint are one: send one',
    ]);
    const wild = await post('{"tier":"wild"}');
    expect([wild.status, wild.body['detail']]).toEqual([400, expect.stringMatching(/wild/)]);
    expect((await rest.call('/strategy/config')).body).toMatchObject(changed);
  });

  it.each([
    ['an unknown matrix', '/matrix/nope', 400, /type: expected ID_BENCHMARK/],
    ['digits out of range', '/matrix/delta?digits=99', 400, /digits: expected 1 to 17/],
    ['digits that are no number', '/matrix/delta?digits=x', 400, /digits: expected a whole number/],
    ['an asset outside the universe', '/wallet?in=XRP', 400, /in: "XRP" is not in the universe/],
    ['an unknown window', '/window/nope?over=1h&every=5m', 400, /kind: expected CORRELATION/],
    ['a window without a length', '/window/beta?every=5m', 400, /over/],
    [
      'a window that is none',
      '/window/beta?over=7m&every=5m',
      400,
      /over: expected a whole number/,
    ],
    ['an amount that is none', '/convert?amount=-1&from=BTC&to=USDT', 400, /amount/],
    ['an asset to convert that is none', '/convert?amount=1&from=X&to=BTC', 400, /from: "X"/],
    ['an attribution without a begin', '/attribution', 400, /from/],
    ['an attribution in what is none', '/attribution?from=start&in=X', 400, /in/],
    ['an unknown parameter', '/wallet?out=BTC', 400, /out: no such parameter; known: in/],
    ['a parameter twice', '/wallet?in=BTC&in=ETH', 400, /in: expected once/],
    ['a turn that is not stored', '/strategy/aux?turn=999', 404, /nothing is stored/],
    ['an unknown path', '/nothing', 404, /nothing is served at \/nothing/],
  ])('answer with a problem: %s', async (_name, path, status, detail) => {
    const answer = await rest.call(path);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    expect(answer.body).toMatchObject({ status, title: expect.any(String) as string });
    expect(answer.body['detail']).toMatch(detail);
  });

  it.each([
    ['null', '{"tier":null}', 400, /tier: expected/],
    ['an unknown field', '{"teer":"STANDARD"}', 400, /teer/],
    ['a value that is none', '{"tier":"WILD"}', 400, /WILD/],
    ['a list', '[]', 400, /JSON object/],
    ['no JSON', '{', 400, /JSON/],
    ['a body of over 64 kB', JSON.stringify({ quantBase: 'x'.repeat(70_000) }), 413, /large/],
  ])('refuse settings with a problem: %s', async (_name, body, status, detail) => {
    const answer = await post(body);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    expect(answer.body['detail']).toMatch(detail);
  });

  it('refuse a form that another site can have a browser send, and another method', async () => {
    expect((await post('mode=MOMENTUM', 'application/x-www-form-urlencoded')).status).toBe(400);
    const deleted = await rest.call('/strategy/config', { method: 'DELETE' });
    expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, POST']);
    const asked = await fetch(`${app.url}/dashboard`, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET']);
  });

  it('say when to come back while the exchange is away', async () => {
    const away = await rest.start();
    market.answerWith(() => refused('EXCHANGE_BANNED', 'banned', 120_000));
    const { status, body, headers } = await until(
      'the exchange to be asked',
      () => rest.call('/dashboard', {}, away),
      (answer) => answer.status !== 200,
    );
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE', reason: 'EXCHANGE_BANNED' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(60);
    await away.stop();
  });
});

describe('a cycle', () => {
  const mutation = `?query=${encodeURIComponent('mutation { runCycle { ran } }')}`;
  const send = (path: string, method: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(app.url);
      request({ hostname, port, path, method, headers, agent: false }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end();
    });

  const senders: readonly (readonly [string, string, string, Record<string, string>])[] = [
    ['an image on another site', '/dashboard', 'GET', { 'sec-fetch-site': 'cross-site' }],
    ['a link on another site', '/dashboard/', 'GET', { referer: 'https://evil.example/' }],
    ['another server of this machine', '/DASHBOARD', 'GET', { 'sec-fetch-site': 'same-site' }],
    ['a page loaded ahead', '/dashboard', 'GET', { 'sec-purpose': 'prefetch' }],
    ['HEAD, from another site', '/dashboard', 'HEAD', { 'sec-fetch-site': 'cross-site' }],
    ['HEAD', '/dashboard', 'HEAD', {}],
    ['OPTIONS', '/dashboard', 'OPTIONS', { 'sec-fetch-site': 'cross-site' }],
    ['POST for GET', '/dashboard', 'POST', { 'x-http-method-override': 'GET' }],
    ['PUT', '/dashboard', 'PUT', {}],
    ['a method of WebDAV', '/dashboard', 'PROPFIND', {}],
    ['GraphQL by GET', `/graphql${mutation}`, 'GET', { 'apollo-require-preflight': '1' }],
    ['GraphQL by HEAD', `/graphql${mutation}`, 'HEAD', { 'apollo-require-preflight': '1' }],
    ['GraphQL by PUT', `/graphql${mutation}`, 'PUT', { 'apollo-require-preflight': '1' }],
  ];

  it('is run by none of these', async () => {
    market.answerWith((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
    await until(
      'a turn to be run on demand',
      () => rest.call('/dashboard'),
      ({ body }) => body['ran'] === true,
    );
    await untilNotFresh(app);
    const before = market.observations;
    for (const [name, path, method, headers] of senders) {
      const status = await send(path, method, headers);
      expect(status === 204 || status >= 400, `${name}: ${status}`).toBe(true);
      expect(market.observations, name).toBe(before);
    }
  });
});

describe('a request', () => {
  it('has an id in its answer: its own, or the one that a proxy gave it', async () => {
    const idOf = async (given?: string) => {
      const headers = given === undefined ? {} : { 'x-request-id': given };
      return (await fetch(`${app.url}/healthz`, { headers })).headers.get('x-request-id');
    };
    expect(await idOf()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf()).not.toBe(await idOf());
    expect(await idOf('edge-7.1:42')).toBe('edge-7.1:42');
    expect(await idOf('not an id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
