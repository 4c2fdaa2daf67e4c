// Three members of a replica set, played by a double before one embedded engine, and their faults.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { endsWithUs } from './processes.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const DOUBLE = path.join(PROJECT, '..', 'shared', 'tools', 'replset.mjs');

/** Answers of a server that stops, steps down, is full, or has no majority. */
const WRITE_CONCERN_ERRORS = [64, 91, 100, 189, 11602];
const REFUSALS = [91, 189, 10107, 11600, 11602, 14031];

/** Starts the double. @returns its address, and what does harm to it */
export async function startReplicaSet(double, folder) {
  if (!existsSync(double)) throw new Error(`--double: there is no replica-set double at ${double}`);
  const child = endsWithUs(
    spawn(
      process.execPath,
      [double, '--app', PROJECT, '--data', path.join(folder, 'replica-set')],
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    ),
  );
  const { uri, control } = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(JSON.parse(text.slice(0, text.indexOf('\n'))));
    });
    child.once('close', (code) => reject(new Error(`the replica-set double ended with ${code}`)));
  });
  const tell = (order) =>
    fetch(`http://127.0.0.1:${control}/`, { method: 'POST', body: JSON.stringify(order) });
  return { uri, strike: (random) => tell(someFault(random)), heal: () => tell({ op: 'heal' }) };
}

function someFault(random) {
  const some = (list) => list[Math.floor(random() * list.length)];
  const upTo = (most) => 1 + Math.floor(random() * most);
  return some([
    () => ({ op: 'stepdown', electionMs: upTo(3_000), mode: some(['notPrimary', 'drop']) }),
    () => ({ op: 'ambiguous', count: upTo(3) }),
    () => ({ op: 'wce', code: some(WRITE_CONCERN_ERRORS), count: upTo(3) }),
    () => ({ op: 'error', code: some(REFUSALS), count: upTo(5) }),
    () => ({ op: 'isolate', ms: upTo(5_000), electionMs: upTo(2_000) }),
    () => ({ op: 'stall', ms: upTo(5_000) }),
    () => ({ op: 'delay', ms: upTo(500), forMs: upTo(3_000) }),
    () => ({ op: 'lag', ms: upTo(2_000) }),
  ])();
}
