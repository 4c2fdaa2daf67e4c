// What greedy readers of history cost the others: turns, pushes, health, and how long the loop is held.
import { randomBytes } from 'node:crypto';
import { issueToken } from '../dist/http/auth.js';
import { median, startGreedy, startServer, startWatcher } from './measure.mjs';

const INTERVAL_MS = 500;
const PAGE = '{ cycles(first: 100) { nodes { turn matrices { kind values } } } }';
/** For 30 assets a page of 100 is beyond the limit of cost where all five are asked for. */
const CASES = [
  { assets: 9, clients: 1, atOnce: 10 },
  { assets: 9, clients: 200, atOnce: 10 },
  { assets: 30, clients: 1, atOnce: 1 },
];

/** @param {{ quick: boolean }} options */
export async function benchStarve({ quick }) {
  const seconds = quick ? 10 : 30;
  const rows = [];
  for (const { assets, clients, atOnce } of quick ? CASES.slice(0, 2) : CASES) {
    const secret = randomBytes(32).toString('hex');
    const tokens = await Promise.all(
      Array.from({ length: clients + 1 }, (_, n) =>
        issueToken(secret, 'viewer', Date.now() + 3_600_000 + n * 1_000),
      ),
    );
    const server = await startServer('whole', assets, INTERVAL_MS, 120, {
      API_SECRET_KEY: secret,
    });
    const watcher = await startWatcher(server.port, tokens[clients]);
    await pause(4);
    const measure = async () => {
      await Promise.all([watcher.seen(), server.ask('loop')]);
      await pause(seconds);
      const [{ turns, health }, loop] = await Promise.all([watcher.seen(), server.ask('loop')]);
      return { ...figuresOf(turns), health, loop };
    };
    const idle = await measure();
    const greedy = await startGreedy(server.port, atOnce, PAGE, tokens.slice(0, clients));
    await pause(3);
    await greedy.seen();
    const busy = await measure();
    const { answered, refused, failed, slowest } = await greedy.seen();
    const { most } = await server.ask('memory');
    rows.push({
      N: assets,
      clients,
      'at a time': atOnce,
      'turns lost': busy.lost,
      'start late ms, median / worst': pair(busy.late),
      'push ms, idle': pair(idle.push),
      'push ms': pair(busy.push),
      'health ms': pair(busy.health),
      'loop held ms, p99 / worst': `${busy.loop.p99.toFixed(0)} / ${busy.loop.most.toFixed(0)}`,
      idle: `${idle.loop.p99.toFixed(0)} / ${idle.loop.most.toFixed(0)}`,
      'work ms': `${busy.loop.work.toFixed(0)} / ${idle.loop.work.toFixed(0)}`,
      'longest GC ms': busy.loop.collection,
      'pages a second': answered / seconds,
      'slowest page s': slowest / 1e3,
      'refused a second': refused / seconds,
      failed,
      'most MB': Math.round(most / 2 ** 20),
    });
    await greedy.stop();
    await watcher.stop();
    await server.stop();
  }
  return [{ title: 'starve: greedy readers of history', rows }];
}

/** How late turns began after the one before, and how long after their completion they came. */
function figuresOf(turns) {
  const late = turns
    .slice(1)
    .map(({ startedAt }, n) => startedAt - turns[n].startedAt - INTERVAL_MS);
  const elapsed = turns.at(-1).startedAt - turns[0].startedAt;
  return {
    late,
    push: turns.map(({ at, startedAt }) => at - startedAt),
    lost: Math.round(elapsed / INTERVAL_MS) + 1 - turns.length,
  };
}

function pair(values) {
  return `${median(values).toFixed(0)} / ${Math.max(...values).toFixed(0)}`;
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
