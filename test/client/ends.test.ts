import mongoose from 'mongoose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endOf } from '../../src/client/ends.js';
import {
  AccessError,
  createClient,
  HistoryGoneError,
  PurgeCyclesDocument,
  RequestError,
  RewoundError,
  UnreachableError,
  UnreadableTurnError,
} from '../../src/client/node.js';
import { ClientPlace, proxyTo, subscribed } from '../support/client-place.js';
import { runTurn, turnReached } from '../support/turns.js';
import { inTime } from '../support/until.js';

const place = new ClientPlace();

describe('a client whose past is not the stored one any more', () => {
  it('is told which turn still stands, or from where there is something', async () => {
    const { app, name } = await place.start(86_400_000);
    onTestFinished(() => app.stop());
    await turnReached(app, 1);
    const proxy = await proxyTo(app);
    onTestFinished(() => proxy.stop());
    const distant = createClient({ url: `http://127.0.0.1:${proxy.port}` });
    const fromNow = distant.cycles({ variables: { kind: 'ID_DELTA', digits: 3 } });
    const next = fromNow.next();
    await subscribed(app, 1);
    proxy.set('cut');
    for (let n = 0; n < 2; n++) await runTurn(app);
    // From now on is from when it began, whatever comes between.
    proxy.set('pass');
    distant.retry();
    expect((await next).value).toMatchObject({ turn: 2, matrix: { kind: 'ID_DELTA' } });
    await fromNow.return?.();
    const connection = await mongoose
      .createConnection(place.uri, { dbName: `${name}_simulated` })
      .asPromise();
    onTestFinished(() => connection.close());
    const client = createClient({ url: app.url });
    const [taken, behind] = [client.cycles({ after: 1 }), client.cycles({ after: 0 })];
    for (const cycles of [taken, taken, behind]) await cycles.next();
    await connection.collection('cycle_matrices').deleteMany({ turn: { $gt: 2 } });
    const isRewound = async (cycles: typeof taken, stands: number | null): Promise<void> => {
      const next = inTime('the rewind to be told', cycles.next());
      await expect(next).rejects.toThrow(RewoundError);
      await expect(next).rejects.toMatchObject({ stands });
    };
    await isRewound(taken, 2);
    expect((await taken.next()).done).toBe(true);
    // What it had received and not taken is not given any more.
    await subscribed(app, 0);
    await isRewound(behind, 1);
    await isRewound(client.cycles({ after: 3 }), null);
    await client.query(PurgeCyclesDocument, { confirm: true });
    const gone = client.cycles({ after: 0 }).next();
    await expect(gone).rejects.toThrow(HistoryGoneError);
    await expect(gone).rejects.toMatchObject({ oldestTurn: null });
  });
});

describe('how a subscription ended', () => {
  const error = (code: string, more: object = {}) => [
    { message: 'words', extensions: { code, ...more } },
  ];

  it.each([
    ['a server that goes away', { code: 1001, reason: 'Going away' }, false],
    ['a slow consumer', { code: 4508, reason: 'Slow consumer' }, false],
    ['a network that is gone', { code: 1006, reason: '' }, false],
    ['a fault of the network', new Error('connect ECONNREFUSED'), false],
    ['a busy server', new Error('Unexpected server response: 429'), false],
    ['a proxy whose server is away', new Error('Unexpected server response: 502'), false],
    ['a server of something else, once ours was there', new Error('server response: 404'), true],
    ['a database that is away', error('DATABASE_UNAVAILABLE'), false],
    ['too many operations', error('LIMIT_EXCEEDED', { retryAfterS: 7 }), false],
  ])('is tried again: %s', (_name, ended, wasConnected) => {
    expect(endOf(ended, wasConnected).kind).toBe('LOST');
  });

  it.each(
    (
      [
        [RewoundError, { code: 4510, reason: 'The turns after 12 are not stored' }],
        [RewoundError, error('BAD_USER_INPUT', { argument: 'after' })],
        [HistoryGoneError, error('HISTORY_GONE', { oldestTurn: 4 })],
        [UnreadableTurnError, error('CYCLE_UNREADABLE', { turn: 4 })],
        [UnreadableTurnError, error('HISTORY_GONE', { turn: 4, oldestTurn: 5 })],
        [AccessError, error('FORBIDDEN')],
        [RequestError, error('GRAPHQL_VALIDATION_FAILED')],
        [RequestError, error('LIMIT_EXCEEDED')],
        [UnreachableError, { code: 4406, reason: 'Subprotocol not acceptable' }],
      ] as const
    ).map(([kind, ended]) => [kind.name, kind, ended] as const),
  )('is told as %s', (_name, kind, ended) => {
    const end = endOf(ended, true);
    expect(end.kind === 'TOLD' && end.error).toBeInstanceOf(kind);
  });
});
