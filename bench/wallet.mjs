// What the bar of an open dashboard asks with every turn: what the wallet has gained since midnight. Against a
// server that keeps nothing in memory, and so reads the whole day anew.
import { median, startServer } from './measure.mjs';

/** The turns of a day, one every 8 seconds. */
const DAY = 10_800;
const QUERY = `query ($from: Moment!) {
  walletAttribution(from: $from, to: "2026-03-01T00:00:00Z") { startValue endValue total { price flow unpriced } }
}`;

/** @param {{ quick: boolean }} options */
export async function benchWallet({ quick }) {
  const stored = quick ? 1_000 : DAY;
  const rows = [];
  const answers = [];
  for (const HISTORY_MEMORY_MB of ['64', '0']) {
    const more = JSON.stringify({ HISTORY_MEMORY_MB });
    const server = await startServer('whole', 9, 3_600_000, stored, more);
    const first = await asked(server, 0);
    const again = [];
    // Each from another moment before all turns, so that none is answered with what another one got.
    for (let n = 1; n <= (quick ? 5 : 11); n++) again.push(await asked(server, n));
    answers.push(
      JSON.stringify(first.answer),
      ...again.map(({ answer }) => JSON.stringify(answer)),
    );
    rows.push({
      'memory MB': Number(HISTORY_MEMORY_MB),
      turns: stored,
      'first, CPU ms': first.ms,
      'again, CPU ms': median(again.map(({ ms }) => ms)),
    });
    await server.stop();
  }
  const anew = rows.at(-1)['again, CPU ms'];
  for (const row of rows) row['of reading anew'] = row['again, CPU ms'] / anew;
  if (new Set(answers).size > 1) throw new Error('the answers differ');
  return [{ title: "wallet: a day's gain, asked with every turn", rows }];
}

async function asked({ port, ask }, minute) {
  const from = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const body = JSON.stringify({ query: QUERY, variables: { from } });
  for (;;) {
    const before = await ask('cpu');
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    }).catch(() => null);
    const after = await ask('cpu');
    const { data } = response?.ok ? await response.json() : {};
    if (data?.walletAttribution) {
      return { ms: (after.cpuUs - before.cpuUs) / 1e3, answer: data.walletAttribution };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
