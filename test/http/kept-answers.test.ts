import { describe, expect, it } from 'vitest';
import { KeptAnswersApp, MATRIX } from '../support/kept-answers.js';

const served = new KeptAnswersApp();
const { executions } = served;

describe('an answer that is made of stored cycles', () => {
  it('is made once for all who ask for the same, and is the same bytes', async () => {
    const first = await served.ask(MATRIX);
    executions.mockClear();
    const others = await Promise.all(Array.from({ length: 20 }, () => served.ask(MATRIX)));
    expect(executions).not.toHaveBeenCalled();
    for (const other of others) {
      expect(other.body.equals(first.body)).toBe(true);
      expect(other.headers.etag).toBe(first.headers.etag);
      expect(other.headers['content-type']).toBe(first.headers['content-type']);
    }
    expect(JSON.parse(first.body.toString())).toMatchObject({ data: { latestCycle: {} } });
  });

  it('is made once more at the next turn, also for many who ask at once', async () => {
    const before = await served.ask(MATRIX);
    await served.nextTurn();
    executions.mockClear();
    const answers = await Promise.all(Array.from({ length: 20 }, () => served.ask(MATRIX)));
    expect(executions).toHaveBeenCalledTimes(1);
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1);
    expect(answers[0]?.headers.etag).not.toBe(before.headers.etag);
  });

  it.each([
    [
      'a change of the settings',
      'mutation { updateStrategyConfig(input: { tier: AGGRESSIVE }) { strategyConfig { tier } } }',
    ],
    ['a reset of the caches', 'mutation { resetCache { userErrors { message } } }'],
  ])('is made once more after %s', async (_what, mutation) => {
    await served.ask(MATRIX);
    await served.mutate(mutation);
    executions.mockClear();
    await served.ask(MATRIX);
    expect(executions).toHaveBeenCalledTimes(1);
  });

  it('is another one after a purge', async () => {
    const before = await served.ask('{ cycles { nodes { turn } } }');
    await served.mutate('mutation { purgeCycles(confirm: true) { deleted } }');
    const after = await served.ask('{ cycles { nodes { turn } } }');
    expect(JSON.parse(before.body.toString())).not.toEqual({ data: { cycles: { nodes: [] } } });
    expect(JSON.parse(after.body.toString())).toEqual({ data: { cycles: { nodes: [] } } });
    await served.nextTurn();
  });

  it('is shared by variables that mean the same, and by no others', async () => {
    const document =
      'query ($a: String, $b: String) { latestCycle { wallet { a: value(in: $a) b: value(in: $b) } } }';
    const first = await served.ask(document, {}, { variables: { a: 'BTC', b: 'ETH' } });
    executions.mockClear();
    const same = await served.ask(document, {}, { variables: { b: 'ETH', a: 'BTC' } });
    expect(executions).not.toHaveBeenCalled();
    expect(same.body.equals(first.body)).toBe(true);
    const other = await served.ask(document, {}, { variables: { a: 'ETH', b: 'BTC' } });
    expect(executions).toHaveBeenCalledTimes(1);
    expect(other.body.equals(first.body)).toBe(false);
  });

  it('is kept of a conversion by the newest turn until the next one', async () => {
    const convert = '{ convert(amount: "1", from: "BTC", to: "USDT") { turn amount } }';
    const first = await served.ask(convert);
    executions.mockClear();
    expect((await served.ask(convert)).body.equals(first.body)).toBe(true);
    expect(executions).not.toHaveBeenCalled();
    await served.nextTurn();
    const next = await served.ask(convert);
    const turnOf = ({ body }: typeof next) =>
      (JSON.parse(body.toString()) as { data: { convert: { turn: number } } }).data.convert.turn;
    expect(turnOf(next)).toBe(turnOf(first) + 1);
  });

  it('is not shared between rights', async () => {
    await served.ask(MATRIX, { authorization: served.viewer });
    executions.mockClear();
    await served.ask(MATRIX, { authorization: served.operator });
    expect(executions).toHaveBeenCalledTimes(1);
    const without = await served.ask(MATRIX, { authorization: 'Bearer none' });
    expect(without.status).toBe(401);
    expect(without.headers.etag).toBeUndefined();
  });
});

describe('what is refused', () => {
  it('is refused also where the same is kept for who may ask so: a GET without a header of its own', async () => {
    const path = `/graphql?query=${encodeURIComponent(MATRIX)}`;
    const asked = await served.send(path, { headers: { 'apollo-require-preflight': 'yes' } });
    expect([asked.status, typeof asked.headers.etag]).toEqual([200, 'string']);
    const foreign = await served.send(path);
    expect(foreign.status).toBe(400);
    expect(foreign.body.toString()).toMatch(/Cross-Site Request Forgery/);
  });

  it('is refused also where the same is kept for who asks rightly: a document in a list', async () => {
    expect((await served.ask(MATRIX)).status).toBe(200);
    const wrong = await served.send('/graphql', { body: { query: [MATRIX] } });
    expect(wrong.status).toBe(400);
  });
});

describe('an answer that is no such one', () => {
  it.each([
    ['with an error', '{ latestCycle { turn wallet { value(in: "NOPE") } } }', {}],
    ['with its cost', MATRIX, { extensions: { cost: true } }],
    ['that also reads the status', '{ latestCycle { turn } status { latestTurn } }', {}],
    [
      'that hides the status in a fragment',
      '{ latestCycle { turn } ...S } fragment S on Query { status { latestTurn } }',
      {},
    ],
  ])('is made for each: %s', async (_what, document, more) => {
    const first = await served.ask(document, {}, more);
    executions.mockClear();
    const second = await served.ask(document, {}, more);
    expect(executions).toHaveBeenCalled();
    for (const { headers } of [first, second]) {
      expect(headers.etag).toBeUndefined();
      expect(headers['cache-control']).toBe('no-store');
    }
  });
});
