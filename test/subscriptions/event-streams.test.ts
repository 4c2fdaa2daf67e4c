import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RunningApp } from '../support/app.js';
import { EventReader } from '../support/event-reader.js';
import { countFrom, EventStreamsPlace, LIVE, open, turnsOf } from '../support/event-streams.js';
import { metric } from '../support/metrics.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const place = new EventStreamsPlace();
const AFTER = 'subscription ($after: Int) { cycleCompleted(after: $after) { turn } }';

describe('an event stream', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await place.start();
    await turnReached(app, 3);
  });
  afterAll(() => app.stop());

  it("brings graphql-sse's own client every cycle after the one that it names, and ends with it", async () => {
    const client = createClient({ url: `${app.url}/graphql`, retryAttempts: 0 });
    const query = 'subscription { cycleCompleted(after: 0) { turn } }';
    expect(await turnsOf(client, query, 20, () => undefined)).toEqual(countFrom(1, 20));
    client.dispose();
    const streams = () => metric(app, 'dynamics_event_streams');
    await until('the stream to be closed', streams, (open) => open === 0);
    expect(await metric(app, 'dynamics_subscribers')).toBe(0);
  });

  it('is one that proxies and browsers pass on at once, and may be asked for with GET', async () => {
    const reader = await EventReader.get(app, { query: AFTER, variables: '{"after":1}' });
    onTestFinished(() => reader.close());
    expect(reader.response.status).toBe(200);
    expect(Object.fromEntries(reader.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      vary: 'Accept',
      connection: 'close',
    });
    expect(reader.response.headers.get('content-encoding')).toBeNull();
    expect(Number((await reader.told())?.retry)).toBeGreaterThanOrEqual(1_000);
    expect(await reader.turns(3)).toEqual([2, 3, 4]);
  });

  it('has the payloads of a WebSocket, out of one group', async () => {
    const query =
      'subscription ($after: Int) { cycleCompleted(after: $after) { turn matrices { values } assets { symbol } } }';
    const socket = await RawSocket.open(app);
    onTestFinished(() => socket.close());
    socket.subscribe(query, 'one', { variables: { after: 1 } });
    const readers = await Promise.all(
      countFrom(0, 20).map(() => open(app, { query, variables: { after: 1 } })),
    );
    const pushed = [await socket.nextText(), await socket.nextText()];
    for (const reader of readers) {
      const told = [await reader.next(), await reader.next()];
      expect(told.map((event) => event?.id)).toEqual(['2', '3']);
      expect(told.map((event) => `{"id":"one","type":"next","payload":${event?.data}}`)).toEqual(
        pushed,
      );
    }
    expect(await metric(app, 'dynamics_subscription_groups')).toBe(1);
    expect(await metric(app, 'dynamics_subscribers')).toBe(21);
    expect(await metric(app, 'dynamics_event_streams')).toBe(20);
    for (const reader of readers) reader.close();
    await until(
      'those that went away to be forgotten',
      () => metric(app, 'dynamics_subscribers'),
      (count) => count === 1,
    );
  });

  it.each([
    ['a variable', { query: AFTER, variables: { after: 1 } }],
    ['nothing', { query: LIVE }],
    ['a value', { query: 'subscription { cycleCompleted(after: 1) { turn } }' }],
    [
      'a variable of two uses',
      {
        query: 'subscription ($n: Int!) { cycleCompleted(after: $n) { turn id @skip(if: false) } }',
        variables: { n: 1 },
      },
    ],
    ['lists', { query: 'subscription { cycleCompleted: cyclesCompleted(atMost: 1) { turn } }' }],
  ])('goes on after Last-Event-ID, whatever the operation says of after: %s', async (_, body) => {
    const reader = await open(app, body, { 'last-event-id': '2' });
    const first = await reader.next();
    expect(first?.id).toBe('3');
    expect(first?.data).toContain('"turn":3');
    expect((await reader.next())?.id).toBe('4');
  });

  it('brings one answer of a query or a mutation, and is complete', async () => {
    const asked = await open(app, { query: '{ a: __typename }' });
    expect(await asked.all()).toEqual([
      { event: 'next', data: '{"data":{"a":"Query"}}' },
      { event: 'complete', data: '' },
    ]);
    const acted = await open(app, { query: 'mutation { resetCache { userErrors { code } } }' });
    expect((await acted.all())[0]?.data).toBe('{"data":{"resetCache":{"userErrors":[]}}}');
    const client = createClient({ url: `${app.url}/graphql`, retryAttempts: 0 });
    const answers: unknown[] = [];
    for await (const answer of client.iterate({ query: '{ a: __typename }' })) answers.push(answer);
    expect(answers).toEqual([{ data: { a: 'Query' } }]);
  });

  it.each([
    ['a field that is not there', { query: '{ nope }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a wrong variable', { query: AFTER, variables: { after: 'x' } }, 'BAD_USER_INPUT'],
    ['a turn to come', { query: AFTER, variables: { after: 1e6 } }, 'BAD_USER_INPUT'],
  ])('tells of %s in itself, and is complete', async (_, body, code) => {
    const [told, ...rest] = await (await open(app, body)).all();
    const { errors } = JSON.parse(told?.data ?? '') as { errors: { extensions: unknown }[] };
    expect(errors[0]?.extensions).toMatchObject({ code });
    expect(rest).toEqual([{ event: 'complete', data: '' }]);
  });

  it.each([
    ['a document that cannot be read', '', { query: '{' }, {}, 400, /Syntax Error/],
    ['no document', '', {}, {}, 400, /query: expected/],
    ['a batch', '', [{ query: LIVE }], {}, 400, /one operation/],
    ['variables that are none', '', { query: LIVE, variables: [] }, {}, 400, /variables/],
    ['a token in the address', '?token=x', { query: LIVE }, {}, 400, /Authorization: Bearer/],
    ['another kind of body', '', {}, { 'content-type': 'text/plain' }, 415, /application\/json/],
    ['an id that is no turn', '', { query: LIVE }, { 'last-event-id': 'x' }, 400, /Last-Event-ID/],
  ])('is not begun for %s', async (_, search, body, headers, status, words) => {
    const response = await fetch(`${app.url}/graphql${search}`, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/json');
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(errors[0]?.message).toMatch(words);
  });

  it('is not begun by GET for what acts, or for a page of another site', async () => {
    const headers = { accept: 'text/event-stream' };
    const acting = encodeURIComponent('mutation { resetCache { userErrors { code } } }');
    const acted = await fetch(`${app.url}/graphql?query=${acting}`, { headers });
    expect([acted.status, acted.headers.get('allow')]).toEqual([405, 'POST']);
    const asked = encodeURIComponent('{ __typename }');
    const foreign = await fetch(`${app.url}/graphql?query=${asked}`, {
      headers: { ...headers, 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
  });

  it('is for whoever prefers it: others are answered as ever', async () => {
    const accept = 'application/graphql-response+json, application/json, text/event-stream';
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    const refused = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: LIVE }),
    });
    expect(await refused.text()).toContain('text/event-stream');
  });
});
