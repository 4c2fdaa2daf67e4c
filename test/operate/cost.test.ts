import { parse, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { newBudget } from '../../src/graphql/budget.js';
import { costReport, refuseCosts, spend } from '../../src/operate/budget.js';
import { countCosts, type Costs } from '../../src/operate/cost.js';

const schema = await createSchema();

/** What an operation asks for where there are 30 assets. */
function costsOf(text: string, variables: Record<string, unknown> = {}): Costs {
  const document = parse(text);
  const operation = document.definitions[0] as OperationDefinitionNode;
  return countCosts({ schema, document, operation, variables, universeSize: 30 });
}

/** Of 30 assets: as much as reading so many of them takes. */
const DERIVED = (30 * 30) / 150;

describe('an operation is counted', () => {
  it.each<[string, string, Partial<Costs>]>([
    [
      'in fields, a table of numbers as one',
      '{ latestCycle { matrix(kind: QUANTID) { values } } }',
      { cost: 902, fields: 3 },
    ],
    [
      'in fields, lists by their items',
      '{ latestCycle { symbols assets { symbol } } }',
      { cost: 62, fields: 62 },
    ],
    [
      'in fields, wherever a fragment is spread',
      '{ latestCycle { ...A ...A } } fragment A on Cycle { turn }',
      { fields: 3 },
    ],
    [
      'by the table that is asked for in part',
      '{ latestCycle { matrix(kind: QUANTID, bases: ["BTC"], quotes: ["A", "B"]) { values ages legs } } }',
      { cost: 8 },
    ],
    ['by the assets', '{ latestCycle { assets { symbol quant } } }', { cost: 62 }],
    ['by the balances', '{ latestCycle { wallet { balances { asset } } } }', { cost: 33 }],
    [
      'by the names of a matrix',
      '{ latestCycle { matrix(kind: QUANTID) { bases quotes } } }',
      { cost: 62 },
    ],
    [
      'by the kinds',
      '{ latestCycle { matrices(kinds: [QUANTID, ID_PCT]) { kind } } }',
      { cost: 4 },
    ],
    [
      'as one value where a table has no cells',
      '{ latestCycle { matrix(kind: QUANTID, bases: []) { values } } }',
      { cost: 3 },
    ],
    ['by all kinds', '{ latestCycle { matrices { kind values } } }', { cost: 2 + 5 * 901 }],
    [
      'by the table that a fragment stands at, each time',
      '{ latestCycle { matrix(kind: QUANTID, bases: ["A"], quotes: ["A"]) { ...V } all: matrix(kind: QUANTID) { ...V } } } fragment V on Matrix { values }',
      { cost: 4 + 900 },
    ],
    [
      'as any page where no such page can be',
      '{ cycles(first: -5) { nodes { turn } } }',
      { cost: 1 + 20 * 2, reading: 20 * 30 },
    ],
    [
      'without reading where it reads the latest cycle',
      '{ latestCycle { turn matrices { values } } strategyAux { turn } }',
      { weight: 0, reading: 0 },
    ],
    [
      'by the cycles that it reads',
      '{ cycles(first: 7) { nodes { turn } } }',
      { weight: 1 + 7 * 2 + 7 * 30, reading: 7 * 30 },
    ],
    [
      'by the cycles of a page where nothing is said',
      '{ cycles { pageInfo { endCursor } } }',
      { reading: 20 * 30 },
    ],
    [
      'by the cycles of each page',
      '{ a: cycles(last: 2) { nodes { turn } } b: cycles(first: 3) { nodes { turn } } }',
      { reading: 5 * 30 },
    ],
    [
      'by what single turns take',
      '{ cycle(turn: 1) { turn } node(id: "x") { id } strategyAux(turn: 3) { turn } }',
      { reading: 3 * 30, weight: 6 + 3 * 30 },
    ],
    [
      'with what is derived, once a cycle',
      '{ cycles(first: 7) { nodes { matrices { kind } consistency { medianBps } } } }',
      { reading: 7 * (30 + DERIVED) },
    ],
    [
      'with what is derived somewhere below',
      '{ cycles(first: 7) { edges { node { ...A } } } } fragment A on Cycle { wallet { balances { value } } }',
      { reading: 7 * (30 + DERIVED) },
    ],
    [
      'without it where all of it is stored',
      '{ cycles(first: 7) { nodes { aux { grt } config { mode } wallet { balances { total } } assets { quant balance } } } }',
      { reading: 7 * 30 },
    ],
    [
      'with what is derived of the page that it is asked of',
      '{ a: cycles(first: 2) { nodes { turn } } b: cycles(first: 3) { nodes { wallet { value } } } }',
      { reading: 5 * 30 + 3 * DERIVED },
    ],
    [
      'eightfold where it is introspection, as fields by themselves',
      '{ __schema { directives { name args { name } } } }',
      { cost: 8 * 22, fields: 22 },
    ],
    [
      'for a mutation',
      'mutation { runCycle { cycle { turn } ran } }',
      { cost: 4, weight: 0, reading: 0 },
    ],
  ])('%s', (_name, text, expected) => {
    expect(costsOf(text)).toMatchObject(expected);
  });

  it('with a hundred fields more for arguments that are wrong, wherever they stand', () => {
    const asked =
      'query ($b: String = "BTC") { latestCycle { a: matrix(kind: QUANTID) { cell(base: $b, quote: "BTC") { value } } } }';
    expect(costsOf(asked).fields).toBe(4);
    expect(costsOf(asked, { b: null }).fields).toBe(104);
    expect(costsOf(asked, { b: null }).cost).toBe(costsOf(asked).cost);
  });

  it('with as many for a condition that is neither true nor false', () => {
    const asked =
      'query ($b: Boolean = true) { cycles(first: 5) { nodes { turn @include(if: $b) ... @skip(if: $b) { id } } } }';
    expect(costsOf(asked).fields).toBe(1 + 5 * 3);
    expect(costsOf(asked, { b: null }).fields).toBe(1 + 5 * (3 + 200));
  });
});

describe('what the operations of a request ask for', () => {
  const costs: Costs = { cost: 600_000, fields: 60_000, weight: 0, reading: 20_000 };

  it.each<[keyof Costs & keyof ReturnType<typeof newBudget>, string, number]>([
    ['cost', 'cost', 1_500_000],
    ['fields', 'fields', 150_000],
    ['reading', 'assets of stored cycles', 50_000],
  ])('adds up, and is refused past what is allowed: %s', (name, limit, allowed) => {
    const budget = newBudget();
    const part: Costs = { cost: 0, fields: 0, weight: 0, reading: 0, [name]: costs[name] };
    for (let n = 0; n < 2; n++) {
      expect(refuseCosts(part, budget)).toBeNull();
      spend(budget, part);
    }
    expect(refuseCosts(part, budget)?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit,
      allowed,
      found: 3 * costs[name],
    });
    expect(refuseCosts({ ...part, [name]: allowed })).toBeNull();
    expect(refuseCosts({ ...part, [name]: allowed + 1 })).not.toBeNull();
  });

  it('is told to whoever wants to know', () => {
    expect(costReport(7, { cost: true })).toEqual({ requested: 7, allowed: 1_500_000 });
    for (const extensions of [undefined, null, {}, { cost: 1 }, 'cost']) {
      expect(costReport(7, extensions)).toBeNull();
    }
  });
});
