import { execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import { CycleFigures } from '../../src/domain/cycle.js';
import { createContext, type Services } from '../../src/graphql/context.js';
import { createSchema } from '../../src/graphql/schema.js';
import { UNPACED, type Pace } from '../../src/scheduling/slices.js';
import { historyOf, universeOf } from '../support/history.js';

const UNIVERSE = universeOf(40);
const [stored] = historyOf(UNIVERSE, 1);
if (!stored) throw new Error('no cycle was made');
const balances = UNIVERSE.map((asset) => ({ asset, free: '1.5', locked: '0.25' }));
const figures = new CycleFigures({ ...stored, holdings: { source: 'PAPER', balances } });
const schema = await createSchema();

function answer(query: string, pace: Pace): unknown {
  const feed = { latest: () => Promise.resolve(figures) };
  const services = { feed, universe: UNIVERSE } as unknown as Services;
  const viewer = { role: 'viewer', expiresAt: null, client: 'a' } as const;
  const contextValue = createContext(services, viewer, { pace });
  return execute({ schema, document: parse(query), contextValue });
}

/** A field under many names, each with another asset. */
const many = (field: string): string =>
  UNIVERSE.map((asset, n) => `a${n}: ${field}(in: "${asset}")`).join(' ');

/** Each finds all of them anew. */
const TRIANGLES = UNIVERSE.map((_, n) => `c${n}: consistency { triangleCount }`).join(' ');

it.each([
  ['assets', `{ latestCycle { assets { symbol ${many('price')} } } }`],
  ['balances', `{ latestCycle { wallet { balances { asset ${many('value')} } } } }`],
  ['searches for triangles', `{ latestCycle { ${TRIANGLES} } }`],
])('lets others go between two %s, and answers the same', async (_name, query) => {
  let steps = 0;
  const next = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    steps++;
  };
  const paced = await answer(query, { isSpent: true, next });
  expect(steps).toBeGreaterThanOrEqual(UNIVERSE.length);
  expect(paced).toEqual(await answer(query, UNPACED));
  expect(paced).not.toHaveProperty('errors');
});
