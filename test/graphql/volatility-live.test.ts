import { execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import { CycleFigures } from '../../src/domain/cycle.js';
import { createContext, type Services } from '../../src/graphql/context.js';
import { createSchema } from '../../src/graphql/schema.js';
import type { ReadBudget } from '../../src/history/window-prices.js';
import { historyOf, universeOf } from '../support/history.js';

const TURNS = historyOf(universeOf(3), 4).map((cycle) => new CycleFigures(cycle));

it('each cycle of a subscription that runs alone may read as much for its volatilities as any other', async () => {
  const budgets = new Set<ReadBudget>();
  const figures = (_request: unknown, asked: readonly unknown[], budget: ReadBudget) => {
    budgets.add(budget);
    return Promise.resolve(asked.map(() => ({ value: 1, count: 3, staleCount: 0 })));
  };
  const services = { universe: universeOf(3), feed: {}, windows: { figures } };
  // One for all events, as a subscription that nobody shares has it.
  const contextValue = createContext(services as unknown as Services, {
    ...{ role: 'viewer', expiresAt: null, client: 'a' },
  });
  const schema = await createSchema();
  const document = parse(
    'subscription { cycleCompleted { assets { volatility(over: "3m", every: "1m") } } }',
  );
  for (const rootValue of TURNS) {
    const { data, errors } = await execute({ schema, document, rootValue, contextValue });
    expect(errors).toBeUndefined();
    const assets = [1, 1, 1].map((volatility) => ({ volatility }));
    expect(data).toEqual({ cycleCompleted: { assets } });
  }
  // All assets of a cycle are read together.
  expect(budgets.size).toBe(TURNS.length);
});
