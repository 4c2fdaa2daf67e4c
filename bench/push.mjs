// Server CPU for each delivered message, as a multiple of one prebuilt frame written to every socket.
import { benchDiffering } from './differ.mjs';
import { benchReturning, benchStalled } from './crowd.mjs';
import { startReaders, startServer } from './measure.mjs';

const ONE = 'subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK]) { values } } }';
const FIVE = (values) =>
  `subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK, ID_DELTA, ID_PERCENT, ID_PCT, QUANTID]) { ${values} } } }`;

const ROUNDS = 150;
const WARM_UP = 20;

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

/** @param turns how many there are before the first push */
export async function startPushing(kind, size, subscribers, query, extensions, turns = 0) {
  const server = await startServer(kind, size, turns);
  const readers = await startReaders(server.port, subscribers, { query }, extensions);
  return {
    subscribers,
    ask: (type, more) => server.ask(type, more),
    /** Resolves when the clients have read all that they were sent. */
    async isRead() {
      const written = await server.ask('written');
      while ((await readers.read()) < written) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async stop() {
      await readers.stop();
      await server.stop();
    },
  };
}

/**
 * By what is done: the CPU time of a message, microseconds. Each section of a push counts as it was in
 * the round that took least for it: the machine's other jobs add to a section, and never take away.
 */
export async function inTurns({ subscribers, ask, isRead }, ways, count = ROUNDS) {
  const least = Object.fromEntries(ways.map((how) => [how, []]));
  for (let round = 1 - WARM_UP; round <= count; round++) {
    for (const how of ways) {
      await isRead();
      const sections = await ask('round', { how });
      if (round <= 0) continue;
      least[how] = sections.map((us, at) => Math.min(us, least[how][at] ?? Infinity));
    }
  }
  const sum = (sections) => sections.reduce((all, us) => all + us, 0);
  return Object.fromEntries(ways.map((how) => [how, sum(least[how]) / subscribers]));
}
