import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RunningApp } from '../support/app.js';
import { LimitedApp } from '../support/limited-app.js';
import { RawSocket } from '../support/socket.js';
import { repeat, LISTED } from '../support/documents.js';

const limited = new LimitedApp();
let app: RunningApp;
beforeAll(() => void ({ app } = limited));

describe('what is sent is bounded', () => {
  const post = (body: string) =>
    fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });

  it('a batch of ten is answered, one of eleven is refused', async () => {
    const batch = (size: number) =>
      JSON.stringify(Array.from({ length: size }, () => ({ query: '{ __typename }' })));
    expect(await (await post(batch(10))).json()).toHaveLength(10);
    const refused = await post(batch(11));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'LIMIT_EXCEEDED', allowed: 10, found: 11 } }],
    });
  });

  it('a batch answers each of its operations, in order, whatever is wrong with others', async () => {
    const answer = await post(
      JSON.stringify([
        { query: '{ a: __typename }' },
        { query: '{ statu }' },
        { query: LISTED, variables: { b: [1] } },
        { query: '{ latestCycle { matrix(kind: ID_BENCHMARK) { values } } }' },
        { query: '{ b: __typename }' },
      ]),
    );
    const answers = (await answer.json()) as Answer[];
    expect(answers.map(({ errors }) => errors?.[0]?.extensions?.['code'] ?? 'none')).toEqual([
      'none',
      'GRAPHQL_VALIDATION_FAILED',
      'BAD_USER_INPUT',
      'none',
      'none',
    ]);
    expect(answers[0]?.data).toEqual({ a: 'Query' });
    expect(answers[4]?.data).toEqual({ b: 'Query' });
    const large = {
      query: `{ latestCycle { ${repeat(8, (n) => `m${n}: matrix(kind: ID_DELTA) { values }`)} } }`,
    };
    const together = (await (await post(JSON.stringify([large, large, large]))).json()) as Answer[];
    expect(together.map(({ errors }) => errors?.[0]?.extensions?.['found'])).toEqual([
      undefined,
      undefined,
      3 * (8 * 90_001 + 1),
    ]);
    const nested = await post(JSON.stringify([Array(20_000).fill({ query: '{ __typename }' })]));
    expect(nested.status).toBe(400);
    await limited.expectService();
  });

  it('JSON that is nested without an end is not read', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    const refused = await post(`{"query":"{__typename}","extensions":{"a":${deep}}}`);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toMatch(/levels of JSON: 32 are allowed, not 400002/);
    const other = await RawSocket.open(app);
    other.send(`{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"a":${deep}}}}`);
    expect(await other.closeCode()).toBe(4400);
    // Brackets in a text are none.
    const text = JSON.stringify({ query: `{ __typename } # ${'["\\{'.repeat(50)}` });
    expect(await (await post(text)).json()).toEqual({ data: { __typename: 'Query' } });
    await limited.expectService();
  });

  it('a body of over a megabyte is refused', async () => {
    const refused = await post(JSON.stringify({ query: `{ __typename } #${'x'.repeat(1 << 20)}` }));
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({ status: 413 });
    await limited.expectService();
  });

  it('a message of over a megabyte closes its socket', async () => {
    const other = await RawSocket.open(app);
    other.send(`{"type":"ping","payload":{"x":"${'x'.repeat(1 << 20)}"}}`);
    expect(await other.closeCode()).toBe(1009);
    await limited.expectService();
  });

  it('a socket has at most a hundred operations at a time', async () => {
    const other = await RawSocket.open(app);
    for (let n = 0; n <= 100; n++) {
      const payload = { query: 'subscription { cycleCompleted { turn } }' };
      other.send({ type: 'subscribe', id: String(n), payload });
    }
    expect(await other.next()).toMatchObject({
      type: 'error',
      id: '100',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED', allowed: 100, found: 101 } }],
    });
    other.close();
  });
});
