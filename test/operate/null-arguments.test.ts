import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
let app: RunningApp;

beforeAll(async () => {
  app = await launchApp({
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `nulls_${process.pid}`,
    DATA_DIR: database.dataDir,
    CYCLE_INTERVAL_MS: '86400000',
  });
  await turnReached(app, 1);
});
afterAll(() => app.stop());

describe('a null for an argument that must have a value', () => {
  it.each([
    ['query ($k: MatrixKind = QUANTID) { latestCycle { matrix(kind: $k) { kind } } }', { k: null }],
    ['query ($t: Int = 1) { cycle(turn: $t) { turn } }', { t: null }],
  ])(
    'is the caller’s fault, and said to be, over HTTP and WebSocket: %s',
    async (document, variables) => {
      const socket = await RawSocket.open(app);
      for (const { errors } of [
        await query(app, document, variables),
        await socket.run(document, { variables }),
      ]) {
        expect(errors).toHaveLength(1);
        expect(errors?.[0]?.message).toMatch(/must not be null/);
        expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
      }
      socket.close();
    },
  );
});
