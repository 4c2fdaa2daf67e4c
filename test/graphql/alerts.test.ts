import { describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { frameAt, observed } from '../support/scripted-market.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { RawSocket } from '../support/socket.js';
import { until } from '../support/until.js';

const RULE = `id name version cooldown enabled problem
  line { kind matrix base quote asset figure in price feeBps over step lag strategy window consistency }
  condition { above below crosses movesPercent within }`;
const FIRING = 'id version turn observedAt value alert { id name }';
const BTC = { kind: 'CELL', base: 'BTC', quote: 'USDT' };

interface Rule {
  readonly id: string;
  readonly version: number;
}

interface Payload {
  readonly alert: (Rule & Readonly<Record<string, unknown>>) | null;
  readonly userErrors: readonly { readonly field: string[] | null; readonly code: string }[];
}

async function create(app: RunningApp, input: object): Promise<Payload> {
  const { data, errors } = await query<{ createAlert: Payload }>(
    app,
    `mutation ($input: AlertInput!) { createAlert(input: $input) { alert { ${RULE} } userErrors { field message code } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data?.createAlert as Payload;
}

async function made(app: RunningApp, input: object): Promise<Rule> {
  const { alert } = await create(app, { name: 'A rule', line: BTC, ...input });
  return alert as Rule;
}

async function update(app: RunningApp, id: string, input: object): Promise<Payload> {
  const { data, errors } = await query<{ updateAlert: Payload }>(
    app,
    `mutation ($id: ID!, $input: UpdateAlertInput!) { updateAlert(id: $id, input: $input) { alert { ${RULE} } userErrors { field message code } } }`,
    { id, input },
  );
  expect(errors).toBeUndefined();
  return data?.updateAlert as Payload;
}

interface Firing {
  readonly id: string;
  readonly turn: number;
  readonly alert: Rule | null;
}

const firingsOf = async (app: RunningApp, args = '(last: 100)'): Promise<Firing[]> => {
  const { data, errors } = await query<{ alertFirings: { nodes: Firing[] } }>(
    app,
    `{ alertFirings${args} { nodes { ${FIRING} } } }`,
  );
  expect(errors).toBeUndefined();
  return data?.alertFirings.nodes ?? [];
};

const fired = (app: RunningApp, count: number) =>
  until(
    `${count} firings`,
    () => firingsOf(app),
    (firings) => firings.length >= count,
  );

describe('rules of alerts', () => {
  const scripted = new ScriptedApp();

  it('are made, changed with what is left out staying, and deleted', async () => {
    const { app } = scripted;
    const input = {
      name: 'Bitcoin is dear',
      line: BTC,
      condition: { above: 70_000 },
      cooldown: '5m',
    };
    const { alert, userErrors } = await create(app, input);
    expect(userErrors).toEqual([]);
    expect(alert).toMatchObject({
      ...{ name: 'Bitcoin is dear', version: 1, cooldown: '5m', enabled: true, problem: null },
      line: { ...BTC, matrix: 'ID_BENCHMARK', asset: null, over: null },
      condition: { above: 70_000, below: null, movesPercent: null, within: null },
    });
    const { id } = alert as Rule;
    const same = await update(app, id, { name: 'Bitcoin is dear' });
    expect(same.alert).toEqual(alert);
    const changed = await update(app, id, { condition: { movesPercent: 2, within: '1h' } });
    expect(changed.alert).toMatchObject({
      ...{ version: 2, name: 'Bitcoin is dear', cooldown: '5m' },
      condition: { above: null, movesPercent: 2, within: '1h' },
    });
    expect((await update(app, id, { cooldown: null })).alert).toMatchObject({ cooldown: null });
    const list = `{ alerts { id version } alert(id: "${id}") { version } node(id: "${id}") { ... on Alert { version } } }`;
    expect((await query(app, list)).data).toEqual({
      alerts: [{ id, version: 3 }],
      alert: { version: 3 },
      node: { version: 3 },
    });
    const gone = `mutation { deleteAlert(id: "${id}") { deletedId userErrors { code } } }`;
    expect((await query(app, gone)).data).toEqual({
      deleteAlert: { deletedId: id, userErrors: [] },
    });
    expect((await query(app, list)).data).toEqual({ alerts: [], alert: null, node: null });
    expect((await query(app, gone)).data).toEqual({
      deleteAlert: { deletedId: null, userErrors: [{ code: 'NOT_FOUND' }] },
    });
  });

  it('are refused with the field that is wrong', async () => {
    const { app } = scripted;
    const { id } = await made(app, { condition: { above: 1 } });
    const line = { kind: 'ASSET', figure: 'PRICE', asset: 'BTC' };
    const wrong: [object, string[]][] = [
      [{ name: ' ' }, ['input', 'name']],
      [{ line: { ...BTC, base: 'DOGE' } }, ['input', 'line', 'base']],
      [{ line: { ...line, in: 'DOGE' } }, ['input', 'line', 'in']],
      [{ line: { ...line, lag: 1 } }, ['input', 'line', 'lag']],
      [{ condition: { above: 1, below: 1 } }, ['input', 'condition']],
      [{ condition: { movesPercent: 1 } }, ['input', 'condition', 'within']],
      [{ cooldown: 'soon' }, ['input', 'cooldown']],
    ];
    for (const [part, field] of wrong) {
      const refusal = { alert: null, userErrors: [{ field, code: 'INVALID' }] };
      const input = { name: 'A rule', line: BTC, condition: { above: 1 }, ...part };
      expect(await create(app, input)).toMatchObject(refusal);
      expect(await update(app, id, part)).toMatchObject(refusal);
    }
    const cleared = { alert: null, userErrors: [{ field: ['input', 'enabled'] }] };
    expect(await update(app, id, { enabled: null })).toMatchObject(cleared);
    const other = Buffer.from('Alert:00000000').toString('base64url');
    const unknown = { alert: null, userErrors: [{ field: ['id'], code: 'NOT_FOUND' }] };
    expect(await update(app, other, { name: 'x' })).toMatchObject(unknown);
    expect(await update(app, '%%', { name: 'x' })).toMatchObject(unknown);
  });

  it('are priced in what the quant base was when they were made', async () => {
    const { app } = scripted;
    const line = { kind: 'ASSET', figure: 'PRICE', asset: 'BTC' };
    const { alert } = await create(app, { name: 'x', line, condition: { above: 1 } });
    expect(alert).toMatchObject({ line: { ...line, in: 'USDT' } });
    const wallet = { line: { kind: 'WALLET', price: 'TAKE', feeBps: 10, in: 'BTC' } };
    expect((await update(app, (alert as Rule).id, wallet)).alert).toMatchObject(wallet);
  });
});

describe('firings', () => {
  const scripted = new ScriptedApp();

  /** Turn by turn, above and below the level of a rule. */
  async function turns(prices: readonly number[]): Promise<void> {
    for (const price of prices) {
      scripted.market.answerWith((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, price)));
      await scripted.runTurns(1);
    }
  }

  it('are listed, newest first, in pages; by rule; and stay where the rule is deleted', async () => {
    const { app } = scripted;
    const high = await made(app, { name: 'High', condition: { above: 61_050 } });
    const low = await made(app, { name: 'Low', condition: { below: 61_010 } });
    await turns([9, 0, 9]);
    const all = (await fired(app, 3)).map(({ turn, alert }) => [turn, alert?.id]);
    expect(all).toEqual([
      [4, high.id],
      [3, low.id],
      [2, high.id],
    ]);
    const ofHigh = await firingsOf(app, `(alert: "${high.id}")`);
    expect(ofHigh.map(({ turn }) => turn)).toEqual([4, 2]);
    const [newest] = ofHigh;
    expect(newest).toMatchObject({
      ...{ version: 1, turn: 4, value: 61_090, alert: { id: high.id, name: 'High' } },
    });
    const page = `query ($after: String) { alertFirings(first: 2, after: $after) { nodes { turn } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
    const first = await query<{ alertFirings: { pageInfo: { endCursor: string } } }>(app, page);
    expect(first.data?.alertFirings).toMatchObject({
      nodes: [{ turn: 4 }, { turn: 3 }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    const after = first.data?.alertFirings.pageInfo.endCursor;
    expect((await query(app, page, { after })).data?.['alertFirings']).toMatchObject({
      nodes: [{ turn: 2 }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    const wrong = await query(app, page, { after: 'here' });
    expect(wrong.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'after',
    });

    await query(app, `mutation { deleteAlert(id: "${high.id}") { deletedId } }`);
    const node = `{ node(id: "${newest?.id}") { ... on AlertFiring { turn alert { id } } } }`;
    expect((await query(app, node)).data).toEqual({ node: { turn: 4, alert: null } });
    await query(app, 'mutation { purgeCycles(confirm: true) { deleted } }');
    expect((await firingsOf(app)).map(({ turn, alert }) => [turn, alert?.id ?? null])).toEqual([
      [4, null],
      [3, low.id],
      [2, null],
    ]);
  });

  it('are pushed, from now on or after one that the caller has', async () => {
    const { app } = scripted;
    const { id } = await made(app, { condition: { above: 61_050 } });
    const crosses = await made(app, { condition: { crosses: 61_040 } });
    await turns([0]);
    const live = await RawSocket.open(app);
    live.subscribe(`subscription { alertFired { ${FIRING} } }`);
    // The answer says that it has begun.
    await live.run('{ status { version } }');
    await turns([9, 0, 9]);
    const order = [id, crosses.id].sort(byRule);
    const told: Firing[] = [];
    while (told.length < 5) {
      const message = await live.next();
      if (message['id'] !== '1') continue;
      const { data } = message['payload'] as { data: { alertFired: Firing } };
      told.push(data.alertFired);
    }
    const expected = [
      ...order.map((rule) => [3, rule]),
      [4, crosses.id],
      ...order.map((rule) => [5, rule]),
    ];
    expect(told.map(({ turn, alert }) => [turn, alert?.id])).toEqual(expected);
    for (const [at, { id: after }] of told.slice(0, -1).entries()) {
      const late = await RawSocket.open(app);
      late.subscribe(`subscription { alertFired(after: "${after}") { ${FIRING} } }`);
      for (const next of told.slice(at + 1)) {
        expect(await late.next()).toMatchObject({ payload: { data: { alertFired: next } } });
      }
      late.close();
    }
    // Turn 1 fired nothing.
    const never = Buffer.from(told[0]?.id ?? '', 'base64url')
      .toString()
      .replace(/\d+$/, '1');
    for (const after of ['x', Buffer.from(never).toString('base64url')]) {
      const { errors } = await live.run(`subscription { alertFired(after: "${after}") { id } }`);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' });
    }
    live.close();
  });
});

/** Of the same turn, firings are in the order of their rules. */
function byRule(one: string, other: string): number {
  const ruleOf = (id: string) => Buffer.from(id, 'base64url').toString();
  return ruleOf(one) < ruleOf(other) ? -1 : 1;
}
