import { describe, expect, it, onTestFinished } from 'vitest';
import { useDatabase } from '../support/database.js';
import { startServer } from '../support/process.js';
import {
  outage,
  listen,
  reach,
  stored,
  untilAlone,
  moreIsSpooledThan,
  nothingIsSpooled,
} from '../support/outage.js';

const database = useDatabase();

describe('while the database is away', () => {
  it('a server that is killed goes on from DATA_DIR, and nothing that was seen is lost', async () => {
    const { proxy, dataDir } = await outage(database.engine.uri);
    onTestFinished(() => proxy.stop());
    const settings = {
      MONGO_URI: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
      DATABASE_NAME: `outage_${proxy.port}`,
      DATA_DIR: dataDir,
      CYCLE_INTERVAL_MS: '100',
    };
    const first = await startServer(settings, dataDir);
    const seen = await listen(first);
    await untilAlone(dataDir);
    proxy.set('cut');
    await moreIsSpooledThan(dataDir, 5);
    await first.killTree();
    const second = await startServer(settings, dataDir);
    const last = seen.at(-1)?.turn ?? 0;
    const later = await listen(second, last);
    await reach(later, last + 10);
    await second.killTree();
    proxy.set('pass');
    const third = await startServer(settings, dataDir);
    await reach(await listen(third, last), last + 15);
    await nothingIsSpooled(dataDir);
    const all = [...seen, ...later];
    expect((await stored(third)).slice(0, all.length)).toEqual(all);
  });
});
