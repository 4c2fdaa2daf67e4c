import { expect, it } from 'vitest';
import { AwayTelling } from '../../../src/alerts/health/away-telling.js';
import { messageOfNotice } from '../../../src/alerts/health/health-messages.js';
import type { Sent } from '../../../src/alerts/channels/sender.js';
import { webhookTo } from '../../support/alert-channels.js';
import { ManualClock } from '../../support/clock.js';
import { until } from '../../support/until.js';

const MESSAGE = messageOfNotice({
  ...{ id: 'DATABASE_AWAY-7', kind: 'DATABASE_AWAY', since: 1_000, until: null, words: 'away' },
});
const DELIVERED: Sent = { outcome: 'DELIVERED', words: 'answered 204', waitMs: 0 };

/** Many channels, whose receivers answer when a test says so. */
function crowd(count: number) {
  const channels = Array.from({ length: count }, (_, at) => webhookTo(`http://127.0.0.1:9/${at}`));
  const answers: (() => void)[] = [];
  const recorded: string[] = [];
  const place = { asked: [] as string[], answers, recorded };
  const away = new AwayTelling({
    clock: new ManualClock(),
    sender: {
      send: ({ id }) => {
        place.asked.push(id);
        return new Promise((resolve) => answers.push(() => resolve(DELIVERED)));
      },
    },
    store: {
      markDelivered: ({ channel }) => {
        recorded.push(channel);
        return Promise.resolve();
      },
    },
  });
  const tell = () => away.tell(channels, [MESSAGE]);
  const answerAll = () => answers.splice(0).forEach((answer) => answer());
  return Object.assign(place, { away, tell, answerAll, ids: channels.map(({ id }) => id) });
}

const areAsked = (place: { asked: string[] }, count: number) =>
  until(
    `${count} attempts`,
    () => place.asked.length,
    (length) => length === count,
  );

it('however many channels there are, 64 are told at a time, and each once', async () => {
  const place = crowd(150);
  place.tell();
  await areAsked(place, 64);
  place.tell();
  for (const count of [128, 150]) {
    place.answerAll();
    await areAsked(place, count);
  }
  place.answerAll();
  await place.away.record();
  expect(place.asked).toHaveLength(150);
  expect(new Set(place.asked)).toEqual(new Set(place.ids));
  expect(place.recorded).toEqual(place.ids);
});

it('those that have not been told when the database is back are left to it', async () => {
  const place = crowd(100);
  place.tell();
  await areAsked(place, 64);
  const recording = place.away.record();
  place.answerAll();
  await recording;
  expect(place.asked).toHaveLength(64);
  expect(place.recorded).toEqual(place.ids.slice(0, 64));
});

it('what was told and recorded is not told again while it still waits, and is when it waits anew', async () => {
  const place = crowd(2);
  place.tell();
  await areAsked(place, 2);
  const recording = place.away.record();
  place.answerAll();
  await recording;
  place.tell();
  await place.away.record();
  expect(place.asked).toEqual(place.ids);
  expect(place.recorded).toEqual(place.ids);
  place.away.tell([], []);
  place.tell();
  await areAsked(place, 4);
});
