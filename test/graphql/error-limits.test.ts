import { beforeAll, describe, expect, it } from 'vitest';
import { query, type Answer, type RunningApp } from '../support/app.js';
import { LimitedApp } from '../support/limited-app.js';
import { RawSocket } from '../support/socket.js';
import { repeat, LISTED } from '../support/documents.js';

const limited = new LimitedApp();
let app: RunningApp;
let socket: RawSocket;
beforeAll(() => void ({ app, socket } = limited));

describe('of what is wrong with an operation', () => {
  it.each([
    ['unknown fields', `{ ${repeat(1_900, (n) => `statu${n}`)} }`],
    [
      'the same field in fragments',
      `{ ...A ...B } ${['A', 'B'].map((f) => `fragment ${f} on Query { ${'__typename '.repeat(940)} }`).join(' ')}`,
    ],
    [
      'wrong literals',
      `{ latestCycle { matrices(kinds: [${repeat(1_900, (n) => `QUANTI${n}`)}]) { kind } } }`,
    ],
  ])('of many errors in a document, a few are told: %s', async (_name, document) => {
    for (const { errors } of [await query(app, document), await socket.run(document)]) {
      expect(errors?.length).toBeLessThanOrEqual(11);
      expect(errors?.at(-1)?.message).toMatch(/abort/);
    }
  });

  it('of many wrong values in variables, a few are told', async () => {
    const variables = { b: Array(4_000).fill(1) };
    for (const { errors } of [
      await query(app, LISTED, variables),
      await socket.run(LISTED, { variables }),
    ]) {
      expect(errors).toHaveLength(6);
      expect(errors?.at(-1)?.message).toMatch(/too many errors/i);
      for (const { extensions } of errors ?? [])
        expect(extensions?.['code']).toBe('BAD_USER_INPUT');
    }
  });

  it('a long word in a document is not sent back whole', async () => {
    const document = `{ ${'x'.repeat(40_000)} }`;
    for (const { errors } of [await query(app, document), await socket.run(document)]) {
      expect(errors?.[0]?.message.length).toBeLessThan(1_100);
    }
  });

  it('an error that stands in thousands of places is told a hundred times, with how many there are', async () => {
    const document = `{ latestCycle { turn assets { ${repeat(20, (n) => `a${n}: price(in: "NOPE")`)} } } }`;
    for (const { data, errors } of [await query(app, document), await socket.run(document)]) {
      expect(errors).toHaveLength(101);
      expect(errors?.[0]).toMatchObject({ path: ['latestCycle', 'assets', 0, 'a0'] });
      expect(errors?.at(-1)).toMatchObject({
        message: 'errors of fields: 100 are told, not 6000',
        extensions: {
          code: 'LIMIT_EXCEEDED',
          limit: 'errors of fields',
          allowed: 100,
          found: 6000,
        },
      });
      expect(errors?.at(-1)).not.toHaveProperty('path');
      // What is right stands.
      expect(data).toMatchObject({ latestCycle: { turn: 1, assets: { length: 300 } } });
    }
  });

  const failing = (count: number): string =>
    `{ latestCycle { turn assets { ${repeat(count, (n) => `a${n}: price(in: "NOPE")`)} last: price(in: "BTC") } } }`;
  interface Priced {
    readonly latestCycle: { readonly turn: number; readonly assets: { readonly last: number }[] };
  }

  it('after ten thousand errors of a request no other field of it is worked out', async () => {
    for (const { data, errors } of [
      await query<Priced>(app, failing(40)),
      (await socket.run(failing(40))) as Answer<Priced>,
    ]) {
      const prices = data?.latestCycle.assets.map(({ last }) => last) ?? [];
      expect(prices).toHaveLength(300);
      expect(prices.slice(0, 3)).not.toContain(null);
      expect(errors).toHaveLength(101);
      expect(errors?.at(-1)).toMatchObject({ extensions: { limit: 'errors of fields' } });
      // Those that were not tried count with them.
      expect(errors?.at(-1)?.extensions?.['found']).toBeGreaterThan(40 * 300);
    }
  });

  it('the operations of a batch share the errors that they may have', async () => {
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Array.from({ length: 3 }, () => ({ query: failing(20) }))),
    });
    const answers = (await answer.json()) as Answer<Priced>[];
    const [first, ...others] = answers.map(({ errors }) => errors?.at(-1)?.extensions?.['found']);
    expect(first).toBe(20 * 300);
    // What was not tried counts with what failed.
    for (const found of others) expect(found).toBeGreaterThan(20 * 300);
  });

  it('of arguments that are null in many places a hundred are told, with how many there are', async () => {
    const document = `query ($b: String = "BTC") { latestCycle { turn ${repeat(30, (n) => `m${n}: matrices { cell(base: $b, quote: "BTC") { value } }`)} } }`;
    const variables = { b: null };
    for (const { errors } of [
      await query(app, document, variables),
      await socket.run(document, { variables }),
    ]) {
      expect(errors).toHaveLength(101);
      expect(errors?.at(-1)).toMatchObject({
        message: 'errors of fields: 100 are told, not 150',
        extensions: { code: 'LIMIT_EXCEEDED', limit: 'errors of fields', found: 150 },
      });
    }
  });

  it('a subscription that runs alone may have an error in each of its cycles', async () => {
    const alone = await RawSocket.open(app);
    alone.subscribe(
      'subscription { cycleCompleted(after: 0) { turn wallet { value(in: "NOPE") } } }',
      'a',
      {
        extensions: { cost: true },
      },
    );
    expect(await alone.next()).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    alone.close();
  });
});
