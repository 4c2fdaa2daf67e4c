// Server CPU for each delivered message, as a multiple of one prebuilt frame written to every socket.
import { benchDiffering } from './differ.mjs';
import { benchReturning, benchStalled } from './crowd.mjs';
import { benchEvents } from './push-events.mjs';
import { inTurns, startPushing } from './pushing.mjs';

const ONE = 'subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK]) { values } } }';
const FIVE = (values) =>
  `subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK, ID_DELTA, ID_PERCENT, ID_PCT, QUANTID]) { ${values} } } }`;

/** @param {{ quick: boolean }} options */
export async function benchPush({ quick }) {
  const rows = quick
    ? [await measure(9, 1_000, ONE), await measure(50, 200, FIVE('values'))]
    : [
        await measure(9, 1_000, ONE),
        await measure(9, 5_000, ONE),
        await measure(9, 10_000, ONE),
        await measure(50, 1_000, FIVE('values')),
      ];
  return [
    { title: 'push: server CPU for each delivered message', rows: rows.map(({ row }) => row) },
    await benchEvents(
      quick
        ? [[9, ONE]]
        : [
            [9, ONE],
            [50, FIVE('values')],
          ],
      quick ? 200 : 1_000,
    ),
    await benchCompressed(quick ? 200 : 1_000, rows.at(-1).frame),
    await benchStalled({ quick }),
    await benchReturning({ quick }),
    await benchDiffering({ quick }),
  ];
}

async function measure(size, subscribers, query) {
  const pushing = await startPushing('push-ours', size, subscribers, query);
  const frame = await pushing.ask('take');
  const { limit, ours } = await inTurns(pushing, ['limit', 'ours']);
  const memory = await pushing.ask('memory');
  await pushing.stop();
  return {
    frame,
    row: {
      N: size,
      subscribers,
      bytes: frame.bytes,
      'limit µs': limit,
      'ours µs': ours,
      'ours / limit': ours / limit,
      'stock / ours': subscribers <= 1_000 ? (await stock(size, subscribers, query)) / ours : '-',
      'ours MB': Math.round(memory / 2 ** 20),
    },
  };
}

async function stock(size, subscribers, query) {
  const pushing = await startPushing('push-stock', size, subscribers, query);
  const { ours } = await inTurns(pushing, ['ours'], 5);
  await pushing.stop();
  return ours;
}

/** Six digits, compressed, against one prebuilt frame of all digits as they are. */
async function benchCompressed(subscribers, frame) {
  const query = FIVE('values(digits: 6)');
  const pushing = await startPushing('push-ours', 50, subscribers, query, 'permessage-deflate');
  const { bytes } = await pushing.ask('take');
  await pushing.ask('use', frame);
  const { limit, ours } = await inTurns(pushing, ['limit', 'ours']);
  await pushing.stop();
  return {
    title: 'push: five matrices at six digits, compressed, against all digits as they are',
    rows: [
      {
        N: 50,
        subscribers,
        bytes,
        'of the bytes': bytes / frame.bytes,
        'limit µs': limit,
        'ours µs': ours,
        'ours / limit': ours / limit,
      },
    ],
  };
}
