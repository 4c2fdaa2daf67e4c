// What pushes take while all of history is read, again and again, against a server that reads nothing.
import { randomBytes } from 'node:crypto';
import { issueToken } from '../dist/http/auth.js';
import { startServer, startWatcher } from './measure.mjs';

const INTERVAL_MS = 250;
/** Of a cross, so that many pairs are read; no two are of the same buckets, so that none is kept. */
const candles = (minutes) =>
  `{ candles(cells: [{ base: "DOGE", quote: "ETH" }], every: "${minutes}m", from: "start", to: "start+91d") { starts } }`;

/** @param {string} dataDir of a database that is there */
export async function benchPushesBeside(dataDir, quick) {
  const seconds = quick ? 10 : 40;
  const secret = randomBytes(32).toString('hex');
  const [viewer, reader] = await Promise.all(
    [1, 2].map((n) => issueToken(secret, 'viewer', Date.now() + n * 3_600_000)),
  );
  const more = { API_SECRET_KEY: secret, DATA_DIR: dataDir };
  const server = await startServer('whole', 9, INTERVAL_MS, 0, more);
  const watcher = await startWatcher(server.port, viewer);
  const measure = async () => {
    await watcher.seen();
    await pause(seconds);
    const { turns } = await watcher.seen();
    return turns.map(({ at, startedAt }) => at - startedAt).sort((a, b) => a - b);
  };
  await pause(4);
  const idle = await measure();
  const reading = readAgainAndAgain(server.port, reader);
  await pause(3);
  const busy = await measure();
  const answers = await reading.stop();
  await watcher.stop();
  await server.stop();
  const at = (times, part) => times[Math.min(times.length - 1, Math.floor(part * times.length))];
  return {
    title: 'history: pushes while all of it is read',
    rows: [
      {
        pushes: busy.length,
        'p50 ms': at(busy, 0.5),
        'nobody reads': at(idle, 0.5),
        'p99 ms': at(busy, 0.99),
        'nobody reads, p99': at(idle, 0.99),
        'p99, times': at(busy, 0.99) / at(idle, 0.99),
        answers,
      },
    ],
  };
}

function readAgainAndAgain(port, token) {
  let isStopped = false;
  let answers = 0;
  const done = (async () => {
    for (let minutes = 61; !isStopped; minutes++) {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: candles(minutes) }),
      });
      const { data, errors } = await response.json();
      if (!data?.candles) throw new Error(JSON.stringify(errors));
      answers++;
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await done;
      return answers;
    },
  };
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
