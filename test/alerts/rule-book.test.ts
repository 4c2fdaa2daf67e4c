import { expect, it } from 'vitest';
import { RuleBook } from '../../src/alerts/rule-book.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { ruleOf } from '../support/alert-place.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

it('keeps the rules as they were while the database that was put back cannot be read', async () => {
  const [before, after] = [await database.open(), await database.open()].map(
    ({ alerts }) => alerts.rules,
  );
  if (!before || !after) throw new Error('two databases were opened');
  const add = (store: typeof before, rule: string, place: number) => {
    const content = ruleOf({ kind: 'ABOVE', level: 1 });
    return store.add({ ...content, rule, version: 1, isDeleted: false }, place);
  };
  await add(before, 'first', 1);
  await add(before, 'second', 2);
  await add(after, 'other', 1);
  let store = before;
  let mayRead = Infinity;
  const book = new RuleBook({
    store: {
      from: async (place) => {
        if (mayRead-- <= 0) throw new DatabaseUnavailableError('away');
        return store.from(place);
      },
      begin: (...args) => store.begin(...args),
      dropChannels: (...args) => store.dropChannels(...args),
    },
    latestTurn: () => Promise.resolve(5),
  });
  const rules = () => book.current.map(({ rule }) => rule);
  await book.refresh();
  expect(rules()).toEqual(['first', 'second']);
  const { epoch } = book;
  [store, mayRead] = [after, 1];
  await expect(book.refresh()).rejects.toThrow('away');
  expect(rules()).toEqual(['first', 'second']);
  expect(book.rule('second')?.rule).toBe('second');
  mayRead = Infinity;
  await book.refresh();
  expect(rules()).toEqual(['other']);
  expect(book.epoch).not.toBe(epoch);
  book.outdate();
  expect(rules()).toEqual(['other']);
});
