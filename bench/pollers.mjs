// Many who poll a few operations: how often each is executed, and what an answer takes.
import http from 'node:http';
import { startServer } from './measure.mjs';

const KINDS = ['ID_BENCHMARK', 'ID_DELTA', 'ID_PERCENT', 'ID_PCT', 'QUANTID'];
/** No two ask for the same; each reads the newest cycle once. */
const OPERATIONS = [
  ...[
    'turn',
    'observedAt',
    'wallet { value }',
    'assets { symbol price }',
    'consistency { maxBps }',
  ],
  ...KINDS.map((kind) => `turn matrix(kind: ${kind}) { values }`),
].map((fields) => `{ latestCycle { ${fields} } }`);
const POLL_MS = 1_000;
const CYCLE_MS = 1_000;

/** @param {{ quick: boolean }} options */
export async function benchPollers({ quick }) {
  const [pollers, cycles] = quick ? [200, 3] : [1_000, 10];
  const server = await startServer('query-ours', 9);
  const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  const ask = askerOf(server.port, agent);
  // Whether an answer can be kept is known once it has been made.
  for (const operation of OPERATIONS) await ask(operation);
  const polling = Array.from({ length: pollers }, (_, n) =>
    startPoller(() => ask(OPERATIONS[n % OPERATIONS.length]), (n / pollers) * POLL_MS),
  );
  await pause(2 * POLL_MS);
  const before = await server.ask('cpu');
  const answersBefore = ask.answers();
  const executed = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const executionsBefore = await server.ask('executions');
    await server.ask('announce');
    await pause(CYCLE_MS);
    executed.push((await server.ask('executions')) - executionsBefore);
  }
  const after = await server.ask('cpu');
  const answers = ask.answers() - answersBefore;
  for (const { stop } of polling) stop();
  agent.destroy();
  await server.stop();
  return [
    {
      title: 'pollers: what is executed for all of them',
      rows: [
        {
          pollers,
          operations: OPERATIONS.length,
          'answers a cycle': Math.round(answers / cycles),
          'executions a cycle, least': Math.min(...executed),
          most: Math.max(...executed),
          'CPU µs an answer': (after.cpuUs - before.cpuUs) / answers,
        },
      ],
    },
  ];
}

/** Asks again and again, one answer after another. */
function startPoller(ask, firstMs) {
  let isStopped = false;
  void (async () => {
    await pause(firstMs);
    while (!isStopped) await Promise.all([ask(), pause(POLL_MS)]);
  })();
  return { stop: () => (isStopped = true) };
}

function askerOf(port, agent) {
  let answers = 0;
  const ask = (query) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ query });
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      };
      const options = { port, host: '127.0.0.1', path: '/graphql', method: 'POST', agent, headers };
      const request = http.request(options, (response) => {
        if (response.statusCode !== 200) reject(new Error(`HTTP ${response.statusCode}`));
        response.resume().on('end', () => resolve(answers++));
      });
      request.on('error', (error) => agent.destroyed || reject(error));
      request.end(body);
    });
  return Object.assign(ask, { answers: () => answers });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
