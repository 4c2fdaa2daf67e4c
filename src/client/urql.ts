// Keys for urql's Graphcache, as plain data: nothing of urql is loaded.

/** An object as it was answered; null stands for one that is a part of what it was found in. */
type KeyOf = (data: Readonly<Record<string, unknown>>) => string | null;

const isPart: KeyOf = () => null;

const unnamed = new WeakMap<object, string>();
let count = 0;

/** An object that nothing identifies: it is joined with no other, and takes the place of the one before. */
const isItself: KeyOf = (data) => {
  const known = unnamed.get(data) ?? `unnamed ${++count}`;
  unnamed.set(data, known);
  return known;
};

/** The strategy's figures of a cycle are of its turn, whether or not they say so. */
const turns = new WeakMap<object, string>();

const keyOfCycle: KeyOf = (data) => {
  const { turn, aux } = data;
  const key = typeof turn === 'number' ? String(turn) : isItself(data);
  if (typeof aux === 'object' && aux !== null && key !== null) turns.set(aux, key);
  return key;
};

const keyOfAux: KeyOf = (data) =>
  typeof data['turn'] === 'number' ? String(data['turn']) : (turns.get(data) ?? isItself(data));

/** What is a part of a cycle, of an object that has an id, or of the one status. */
const PARTS = [
  ...['Asset', 'Balance', 'Consistency', 'Matrix', 'MatrixCell', 'Triangle', 'Wallet'],
  ...['WindowMatrix', 'DatabaseStatus', 'ExchangeStatus', 'InstancesStatus', 'LoadStatus'],
  ...['ReplayStatus', 'SpoolStatus', 'TurnsStatus'],
] as const;

/** What is another one with each answer. */
const ANSWERS = [
  ...['AlertCondition', 'AlertFiringConnection', 'AlertFiringEdge', 'AlertLine', 'AlertPayload'],
  ...['AlertTest', 'Attribution', 'AttributionLine', 'CandleLine', 'CandleSeries', 'Conversion'],
  ...['CycleConnection', 'CycleEdge', 'CycleFailure', 'DeleteAlertPayload', 'ExchangeTrouble'],
  ...['Gap', 'GapReason', 'LoggedWarning', 'NullSpan', 'PageInfo', 'PathSpan'],
  ...['PurgeCyclesPayload', 'ReadPlan', 'ResetCachePayload', 'RunCyclePayload', 'Series'],
  ...['SeriesLine', 'TestAlertChannelPayload', 'TestedFiring', 'TurnCount'],
  ...['UpdateStrategyConfigPayload', 'UserError'],
] as const;

function allOf<Name extends string>(names: readonly Name[], key: KeyOf): Record<Name, KeyOf> {
  return Object.fromEntries(names.map((name) => [name, key])) as Record<Name, KeyOf>;
}

/**
 * For `cacheExchange({ keys })`. Without it, parts of different cycles are joined wherever a cycle is asked for
 * without its id. Ask for `turn` of each cycle: that is what it is known by.
 */
export const keys = {
  ...allOf(PARTS, isPart),
  ...allOf(ANSWERS, isItself),
  Cycle: keyOfCycle,
  HistoryExtent: () => 'the one',
  Listing: (({ symbol }) => (typeof symbol === 'string' ? symbol : null)) satisfies KeyOf,
  Status: () => 'the one',
  StrategyAux: keyOfAux,
};
