import { describe, expect, it } from 'vitest';
import { BTC, create, made, RULE, type Payload, type Rule } from '../support/alert-requests.js';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';

async function update(app: RunningApp, id: string, input: object): Promise<Payload> {
  const { data, errors } = await query<{ updateAlert: Payload }>(
    app,
    `mutation ($id: ID!, $input: UpdateAlertInput!) { updateAlert(id: $id, input: $input) { alert { ${RULE} } userErrors { field message code } } }`,
    { id, input },
  );
  expect(errors).toBeUndefined();
  return data?.updateAlert as Payload;
}

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
