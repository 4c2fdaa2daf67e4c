import { createClient } from 'graphql-sse';
import { describe, expect, it, onTestFinished } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { countFrom, EventStreamsPlace, LIVE, open, turnsOf } from '../support/event-streams.js';
import { metric } from '../support/metrics.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { until } from '../support/until.js';

const place = new EventStreamsPlace();

describe('a server of event streams', () => {
  it('that is started again loses its clients no cycle, and gives them none twice', async () => {
    const settings = { DATABASE_NAME: `events_${process.pid}_again` };
    let app = await place.start(settings);
    const { port } = new URL(app.url);
    let last = 0;
    const client = createClient({
      url: `http://localhost:${port}/graphql`,
      headers: (): Record<string, string> => (last > 0 ? { 'last-event-id': String(last) } : {}),
      retryAttempts: 1_000,
      retry: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
    let reached = (): void => undefined;
    const some = new Promise<void>((resolve) => (reached = resolve));
    const turns = turnsOf(client, LIVE, 40, (turn) => {
      last = turn;
      if (turn >= 10) reached();
    });
    await some;
    await app.stop();
    app = await place.start({ ...settings, PORT: port });
    const received = await turns;
    expect(received).toEqual(countFrom(received[0] ?? 0, 40));
    await app.stop();
  });

  it('ends one whose client does not read; who comes back with its last turn goes on', async () => {
    const assets = ['USDT', 'BTC', 'ETH', ...countFrom(0, 97).map((n) => `A${n}`)];
    const app = await place.start({ ASSETS: assets.join(',') });
    onTestFinished(() => app.stop());
    const query =
      'subscription ($after: Int) { cycleCompleted(after: $after) { turn matrices { values } } }';
    const [stalled, reading] = [await open(app, { query }), await open(app, { query })];
    const [last = 0] = await stalled.turns(1);
    const read = reading.turns(25);
    await until(
      'the one that does not read to be ended',
      () => metric(app, 'dynamics_slow_consumers_total'),
      (count) => count === 1,
    );
    const turns = await read;
    expect(turns).toEqual(countFrom(turns[0] ?? 0, 25));
    const back = await open(app, { query }, { 'last-event-id': String(last) });
    expect(await back.turns(10)).toEqual(countFrom(last + 1, 10));
  });

  it('holds streams to the rights, the rate and the number of connections of their clients', async () => {
    const app = await place.start({
      API_SECRET_KEY,
      CONNECTIONS_PER_CLIENT: '2',
      REQUESTS_PER_MINUTE: '4',
    });
    onTestFinished(() => app.stop());
    const bearer = async (seconds: number) => ({
      authorization: `Bearer ${await issueToken(API_SECRET_KEY, 'viewer', Date.now() + seconds * 1000)}`,
    });
    const nobody = await open(app, { query: LIVE });
    expect(nobody.response.status).toBe(401);
    const short = await bearer(2);
    const ending = await open(app, { query: LIVE }, short);
    const staying = await open(app, { query: LIVE }, await bearer(60));
    const third = await open(app, { query: LIVE }, await bearer(61));
    expect(third.response.status).toBe(429);
    let told = await ending.told();
    let words = '';
    for (; told; told = await ending.told()) {
      expect(told.event).not.toBe('complete');
      words = told.comment ?? '';
    }
    expect(words).toBe('the access token has expired');
    expect((await open(app, { query: LIVE }, short)).response.status).toBe(401);
    await staying.turns(2);
    const many = await bearer(62);
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) {
      const reader = await open(app, { query: '{ __typename }' }, many);
      statuses.push(reader.response.status);
      if (reader.response.ok) await reader.all();
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });
});
