import { execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createContext, type Services } from '../../src/graphql/context.js';
import { writeJson, writeJsonInSlices } from '../../src/graphql/json.js';
import { createSchema } from '../../src/graphql/schema.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { Slices } from '../../src/scheduling/slices.js';
import { useDatabase } from '../support/database.js';
import { historyOf, universeOf } from '../support/history.js';

const UNIVERSE = universeOf(30);
const database = useDatabase();
const history = historyOf(UNIVERSE, 101);

describe('a page of cycles', () => {
  it('lets the event loop go round while it is read, derived and written, and is the same', async () => {
    const { cycles } = await database.open();
    await cycles.saveAll(history);
    const schema = await createSchema();
    const document = parse(
      '{ cycles(first: 100) { nodes { turn matrices { kind values ages } } } }',
    );
    const page = async (slices: Slices | null): Promise<string> => {
      const feed = new CycleFeed(cycles);
      const [latest] = await cycles.range({ order: 'NEWEST_FIRST', limit: 1 });
      if (!latest) throw new Error('nothing is stored');
      feed.announce(feed.figuresOf(latest));
      const services = { cycles, feed, universe: UNIVERSE } as unknown as Services;
      const viewer = { role: 'viewer', expiresAt: null, client: 'a' } as const;
      const pace = slices?.paceOf(viewer.client);
      const contextValue = createContext(services, viewer, pace && { pace });
      const result = await execute({ schema, document, contextValue });
      return String(pace ? await writeJsonInSlices(result, pace) : writeJson(result));
    };
    let isDone = false;
    let loops = 0;
    const count = async (): Promise<void> => {
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        loops++;
      }
    };
    const counting = count();
    const inSlices = await page(new Slices());
    isDone = true;
    await counting;
    // Some hundreds of milliseconds of work, in slices of ten.
    expect(loops).toBeGreaterThan(20);
    expect(inSlices).toBe(await page(null));
  });
});
