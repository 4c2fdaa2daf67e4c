import { expect, it } from 'vitest';
import { FiringFeed } from '../../src/alerts/firing-feed.js';
import { comesBefore, type Firing } from '../../src/alerts/firing-store.js';
import { heardWarnings } from '../support/warnings.js';

const RULE = '1b0a2d3e-0000-4000-8000-000000000000';

function firingAt(turn: number): Firing {
  return { rule: RULE, version: 1, turn, observedAt: 1_000 * turn, value: turn };
}

it('hands thousands of firings on to who comes back, and waits for the next one, with one listener', async () => {
  const warnings = heardWarnings();
  const stored = Array.from({ length: 3_000 }, (_, at) => firingAt(at + 1));
  const feed = new FiringFeed({
    store: {
      range: ({ after, order, limit }) => {
        const found = stored.filter((firing) => !after || comesBefore(after, firing));
        if (order === 'NEWEST_FIRST') found.reverse();
        return Promise.resolve(found.slice(0, limit));
      },
    },
    feed: { onRewind: () => () => undefined },
  });
  const ended = new AbortController();
  const seen: number[] = [];
  const following = (async () => {
    for await (const { turn } of feed.follow({ turn: 0, rule: '' }, 0, ended.signal)) {
      seen.push(turn);
      if (turn === 3_000) {
        stored.push(firingAt(3_001));
        setImmediate(() => feed.look());
      }
      if (turn === 3_001) break;
    }
  })();
  await following;
  ended.abort();
  expect(seen).toEqual(stored.map(({ turn }) => turn));
  expect(warnings).toEqual([]);
});
