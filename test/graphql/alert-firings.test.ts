import { describe, expect, it } from 'vitest';
import { made, type Rule } from '../support/alert-requests.js';
import { query, type RunningApp } from '../support/app.js';
import { frameAt, observed } from '../support/scripted-market.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { RawSocket } from '../support/socket.js';
import { until } from '../support/until.js';

const FIRING = 'id version turn observedAt value alert { id name }';

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
