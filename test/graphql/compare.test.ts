import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';

const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await scripted.runTurns(2);
});

interface Table {
  readonly values: readonly (readonly (number | null)[])[];
}

describe('compare', () => {
  it.each([
    ['ID_BENCHMARK', 'QUOTE_PER_BASE'],
    ['ID_PERCENT', 'PERCENTAGE_POINTS'],
    ['ID_PCT', 'PERCENTAGE_POINTS'],
    ['QUANTID', 'NONE'],
  ])('of %s is the difference of the two turns, cell by cell, in %s', async (kind, unit) => {
    const { data, errors } = await query<Record<'one' | 'other', { matrix: Table }>>(
      app,
      `{ compare(turn: 3, with: 2, kind: ${kind}) { kind unit scale against bases values }
        one: cycle(turn: 3) { matrix(kind: ${kind}) { values } }
        other: cycle(turn: 2) { matrix(kind: ${kind}) { values } } }`,
    );
    expect(errors).toBeUndefined();
    const { one, other, ...answer } = data ?? {};
    const differences = one?.matrix.values.map((row, i) =>
      row.map((value, j) => {
        const then = other?.matrix.values[i]?.[j] ?? null;
        return value === null || then === null ? null : value - then;
      }),
    );
    expect(answer).toEqual({
      compare: {
        ...{ kind, unit, scale: null, against: 2, bases: ['USDT', 'BTC', 'ETH', 'XRP'] },
        values: differences,
      },
    });
  });

  it('of a turn that is not stored says which argument names it, and the rest of the answer stands', async () => {
    const { data, errors } = await query(
      app,
      `{ a: compare(turn: 1, with: 9, kind: QUANTID) { values }
        b: compare(turn: 9, with: 1, kind: QUANTID) { values }
        latestCycle { turn } }`,
    );
    expect(data).toEqual({ a: null, b: null, latestCycle: { turn: 3 } });
    expect(errors).toMatchObject([
      { path: ['a'], extensions: { code: 'BAD_USER_INPUT', argument: 'with' } },
      { path: ['b'], extensions: { code: 'BAD_USER_INPUT', argument: 'turn' } },
    ]);
  });
});
