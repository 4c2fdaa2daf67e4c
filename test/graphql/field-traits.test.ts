import {
  getNamedType,
  isListType,
  getNullableType,
  isObjectType,
  type GraphQLField,
} from 'graphql';
import { expect, it } from 'vitest';
import { traitsOf } from '../../src/graphql/field-traits.js';
import { createSchema } from '../../src/graphql/schema.js';

const schema = await createSchema();
const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) =>
    Object.values(type.getFields()).map((field): [string, GraphQLField<unknown, unknown>] => [
      `${type.name}.${field.name}`,
      field,
    ]),
  );
const named = (isSo: (field: GraphQLField<unknown, unknown>) => boolean): string[] =>
  fields
    .filter(([, field]) => isSo(field))
    .map(([name]) => name)
    .sort();

const TABLES = ['FloatMatrix', 'FloatSeries'];

it('every field that is a list or a table says what it costs', () => {
  const many = named(
    ({ type }) => isListType(getNullableType(type)) || TABLES.includes(getNamedType(type).name),
  );
  expect(many).toContain('Cycle.symbols');
  expect(many).toContain('Matrix.legs');
  expect(many.filter((name) => !named((field) => !!traitsOf(field).cost).includes(name))).toEqual(
    [],
  );
});

it('every way to the stored cycles of one turn or of many says how many it reads', () => {
  const read = (name: string, args: object) =>
    traitsOf(schema.getQueryType()?.getFields()[name] ?? {}).cyclesRead?.(
      { ...args },
      { universeSize: 9, cells: 81 },
    );
  expect(named((field) => !!traitsOf(field).cyclesRead)).toEqual([
    'Asset.volatility',
    'Cycle.matrix',
    'Cycle.windowMatrix',
    'Query.assetSeries',
    'Query.candles',
    'Query.compare',
    'Query.consistencySeries',
    'Query.convert',
    'Query.cycle',
    'Query.cycles',
    'Query.gaps',
    'Query.history',
    'Query.node',
    'Query.series',
    'Query.strategyAux',
    'Query.strategySeries',
    'Query.testAlert',
    'Query.walletAttribution',
    'Query.walletSeries',
    'Query.windowSeries',
    'Subscription.cyclesCompleted',
  ]);
  expect(read('cycles', {})).toBe(20);
  expect(read('cycles', { first: 7 })).toBe(7);
  expect(read('cycles', { last: 9 })).toBe(9);
  expect(read('cycle', { turn: 3 })).toBe(1);
  expect(read('compare', { kind: 'QUANTID' })).toBe(2);
  expect(read('compare', { kind: 'ID_PCT' })).toBe(4);
  expect(read('node', { id: 'x' })).toBe(1);
  expect(read('strategyAux', {})).toBe(0);
  expect(read('strategyAux', { turn: 3 })).toBe(1);
});

it('what follows from the matrices of its cycle says so', () => {
  expect(named((field) => traitsOf(field).isDerived === true)).toEqual([
    'Asset.price',
    'Asset.strength',
    'Balance.value',
    'Cycle.consistency',
    'Cycle.matrices',
    'Cycle.matrix',
    'Query.compare',
    'Query.convert',
    'Wallet.unpriced',
    'Wallet.value',
  ]);
});

it('subscriptions to turns bring all callers the same, but for where it begins', () => {
  expect(named((field) => traitsOf(field).sharedAfter !== undefined)).toEqual([
    'Subscription.cycleCompleted',
    'Subscription.cyclesCompleted',
    'Subscription.seriesUpdated',
  ]);
  const argsOf = (name: string) => {
    const field = schema.getSubscriptionType()?.getFields()[name];
    const { sharedAfter } = traitsOf(field ?? {});
    return [sharedAfter, field?.args.map((argument) => argument.name)];
  };
  expect(argsOf('cycleCompleted')).toEqual(['after', ['after']]);
  expect(argsOf('cyclesCompleted')).toEqual(['after', ['atMost', 'after']]);
});
