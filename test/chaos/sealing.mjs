// Ends a process that seals history and removes the documents of it, with its database or its database alone, at random moments, and
// looks whether every cycle answers as before and the chain of blocks is whole.
// npm run chaos:sealing -- [--seed N] [--strikes N]
import { fork } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cleanUp, endsWithUs, killGroup, removedAtTheEnd } from './processes.mjs';
import { randomFrom } from './random.mjs';

const SEALER = fileURLToPath(new URL('sealer.mjs', import.meta.url));
const LONGEST_MS = 120_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    strikes: { type: 'string', default: '200' },
  },
});
const [seed, strikes] = [values.seed, values.strikes].map(Number);
if (![seed, strikes].every((value) => Number.isSafeInteger(value) && value >= 0)) {
  console.error('--seed and --strikes take whole numbers');
  process.exit(2);
}

const random = randomFrom(seed);
const faults = [];
const dataDir = path.join(
  removedAtTheEnd(await mkdtemp(path.join(tmpdir(), 'dynamics-chaos-'))),
  'data',
);
/** How often something was struck in the middle of each. */
const during = { sealing: 0, aging: 0, return: 0, removal: 0, pause: 0 };
const found = { blocks: 0, partly: 0, documents: 0 };
let engines = 0;
let expected = null;

/** Starts a sealer, and holds what it finds against what there was. */
async function start(number) {
  const child = endsWithUs(fork(SEALER, [dataDir], { detached: true, silent: true }));
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const state = { child, doing: 'pause', work: 0 };
  const looked = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no answer: ${errors}`)), LONGEST_MS);
    child.once('close', (code) => reject(new Error(`a sealer ended with ${code}: ${errors}`)));
    child.on('message', (message) => {
      if (message.doing) {
        state.doing = message.doing;
        state.work++;
      }
      if (message.looked) {
        clearTimeout(late);
        resolve(message.looked);
      }
    });
  });
  expected ??= looked.answers;
  if (looked.answers !== expected) faults.push(`strike ${number}: cycles do not answer as before`);
  for (const flaw of looked.flaws) faults.push(`strike ${number}: ${flaw}`);
  found.blocks += looked.blocks;
  if (looked.isPartly) found.documents++;
  if (looked.blocks > 0 && looked.blocks < looked.complete) found.partly++;
  return state;
}

try {
  for (let strike = 0; strike < strikes && faults.length === 0; strike++) {
    const state = await start(strike);
    await pause(random() * 2_000);
    if (random() < 0.3) {
      // The sealer finds the database gone, and goes on once it is back.
      engines++;
      state.child.send('engine');
      await pause(random() * 2_000);
    }
    during[state.doing]++;
    await killGroup(state.child);
  }
  const { child } = await start(strikes);
  await killGroup(child);
  console.log(
    `seed ${seed}; ${strikes} strikes, ${engines} more at the engine alone: ${JSON.stringify(during)}; ` +
      `${found.blocks} blocks found sealed, ${found.partly} times some and not all; ` +
      `${found.documents} times with some documents and not all; ${faults.length} faults`,
  );
} catch (error) {
  faults.push(String(error?.stack ?? error));
} finally {
  await cleanUp();
}
for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
