import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { Long } from 'mongodb';
import { mongoose } from '@typegoose/typegoose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Notification } from '../../src/feeds/notifications.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { HonouredWaits } from '../../src/mongo/honoured-waits.js';
import { MongoNotifications, NOTIFICATION_COLLECTION } from '../../src/mongo/notifications.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { startImposter } from '../support/mongo-imposter.js';
import { heard, turn } from '../support/heard.js';
import { PATIENCE } from '../support/patience.js';

const database = useDatabase();
const log = keptLogger();

describe('a wait that is not honoured', () => {
  it('is paused for after three in a row, 250 ms doubling to 1 s, until one is honoured', () => {
    const waits = new HonouredWaits(1_000);
    const quick = () => waits.nothingAfter(249);
    expect([quick(), quick(), quick(), quick(), quick(), quick()]).toEqual([
      0, 0, 250, 500, 1_000, 1_000,
    ]);
    waits.something();
    expect(quick()).toBe(1_000);
    expect(waits.nothingAfter(250)).toBe(0);
    expect([quick(), quick()]).toEqual([0, 0]);
    waits.something();
    expect([quick(), quick(), quick()]).toEqual([0, 0, 250]);
  });

  it('never lets more than three questions go without a pause, whatever comes between', () => {
    const answer = fc.oneof(fc.constant('SOMETHING' as const), fc.integer({ min: 0, max: 2_000 }));
    fc.assert(
      fc.property(fc.array(answer), (answers) => {
        const waits = new HonouredWaits(1_000);
        let unpaused = 0;
        for (const each of answers) {
          if (each === 'SOMETHING') {
            waits.something();
            unpaused = 0;
            continue;
          }
          const pause = waits.nothingAfter(each);
          unpaused = each < 250 && pause === 0 ? unpaused + 1 : 0;
          expect(unpaused).toBeLessThan(3);
          if (each >= 250) expect(pause).toBe(0);
          expect([0, 250, 500, 1_000]).toContain(pause);
        }
      }),
    );
  });
});

describe('notifications in the database', () => {
  it('begin with one document, so that a cursor has something to wait behind', async () => {
    const name = `news_${process.pid}`;
    await database.open(name);
    await database.open(name);
    const connection = await mongoose
      .createConnection(database.engine.uri, { dbName: name })
      .asPromise();
    onTestFinished(() => connection.close());
    expect(await connection.collection(NOTIFICATION_COLLECTION).countDocuments()).toBe(1);
  });

  it('reach whoever follows, also where the server does not wait', async () => {
    const name = `told_${process.pid}`;
    const [one, other] = [await database.open(name), await database.open(name)];
    const pieces = heard(other.notifications);
    await vi.waitFor(() => {
      one.notifications.publish(turn(7));
      expect(pieces).toContainEqual(turn(7));
    }, PATIENCE);
    one.notifications.publish({ kind: 'RUN' });
    await vi.waitFor(() => expect(pieces).toContainEqual({ kind: 'RUN' }), PATIENCE);
  });

  it('reach whoever follows, however far apart the clocks of the two are, and only what is new', async () => {
    const name = `clocks_${process.pid}`;
    const [one, other] = [await database.open(name), await database.open(name)];
    onTestFinished(() => void vi.useRealTimers());
    const tellAt = (byMs: number, notification: Notification): void => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
      one.notifications.publish(notification);
      vi.useRealTimers();
    };
    const HOUR = 3_600_000;
    const early = heard(one.notifications);
    await vi.waitFor(() => {
      one.notifications.publish(turn(0));
      expect(early).toContainEqual(turn(0));
    }, PATIENCE);
    for (const [index, byMs] of [-HOUR, 0, HOUR].entries()) {
      tellAt(byMs, turn(1 + index));
      await vi.waitFor(() => expect(early).toContainEqual(turn(1 + index)), PATIENCE);
    }
    const pieces = heard(other.notifications);
    for (const [index, byMs] of [-48 * HOUR, -HOUR, -90_000, 90_000, HOUR].entries()) {
      await vi.waitFor(() => {
        tellAt(byMs, turn(10 + index));
        expect(pieces).toContainEqual(turn(10 + index));
      }, PATIENCE);
    }
    expect(
      pieces.filter((piece) => piece.kind === 'TURN' && [1, 2, 3].includes(piece.turn)),
    ).toEqual([]);
  });

  it.each([
    ['answers at once', Long.fromNumber(7)],
    ['ends every cursor at once', Long.ZERO],
  ])('do not keep a server busy that %s', async (_words, id) => {
    let questions = 0;
    const address = await startImposter((command) => {
      const [batch] = ['find', 'getMore'].filter((each) => each in command);
      if (batch === undefined) return null;
      questions++;
      const documents = batch === 'find' ? { firstBatch: [] } : { nextBatch: [] };
      return { ok: 1, cursor: { id, ns: `any.${NOTIFICATION_COLLECTION}`, ...documents } };
    });
    const connected = await connectDatabase({
      uri: `mongodb://${address}/?directConnection=true`,
      name: 'any',
      kind: 'EMBEDDED',
      setUp: () => Promise.resolve(),
      mayBeAway: () => true,
    }).catch(() => null);
    if (!connected) throw new Error('the imposter was not taken for a server');
    onTestFinished(() => connected.close());
    heard(new MongoNotifications(connected, log));
    // So many questions in so much time: a server that is kept busy has had thousands.
    await pause(3_000);
    expect(questions).toBeGreaterThan(0);
    expect(questions).toBeLessThan(20);
  });
});
