import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { connectDatabase } from '../../src/mongo/connect.js';
import type { DatabaseKind } from '../../src/mongo/database-kind.js';
import { MongoCycleStore } from '../../src/mongo/cycle-store.js';
import { figures } from '../support/cycles.js';
import { startImposter } from '../support/mongo-imposter.js';

/** How a server is asked to acknowledge a cycle. */
async function askedOf(kind: DatabaseKind): Promise<unknown> {
  const inserts: Document[] = [];
  const address = await startImposter((command) => {
    if ('insert' in command) inserts.push(command);
    return 'buildInfo' in command ? { ok: 1, version: '8.0.0' } : null;
  });
  const database = await connectDatabase({
    uri: `mongodb://${address}/?directConnection=true`,
    name: 'prices',
    kind,
    setUp: () => Promise.resolve(),
    mayBeAway: () => false,
  });
  try {
    await new MongoCycleStore(database).save(figures(1, null).cycle);
  } finally {
    await database.close();
  }
  return inserts[0]?.['writeConcern'];
}

describe('a cycle is acknowledged once it would outlast a crash', () => {
  it('by a majority of the members, in their journals', async () => {
    expect(await askedOf('EXTERNAL')).toMatchObject({ w: 'majority', j: true });
  });

  it('by the embedded engine itself: its journal does not wait for a "majority"', async () => {
    expect(await askedOf('EMBEDDED')).toMatchObject({ w: 1, j: true });
  });
});
