import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

import { refuseStaleBuild } from '../support/build-check.js';
import { hasReplicaSet } from '../support/replica-set.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';

const CAMPAIGN = fileURLToPath(new URL('../chaos/main.mjs', import.meta.url));

/** A campaign whose temporary files are in a folder of its own. */
function campaign(args: readonly string[]) {
  refuseStaleBuild();
  const folder = temporaryFolder();
  const child = spawn(process.execPath, [CAMPAIGN, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGTERM'));
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended = async () => ({ code: (await closed)[0], printed });
  return { child, folder, ended };
}

describe('a campaign', () => {
  it.skipIf(!hasReplicaSet)(
    'over a replica set finds what every client was pushed stored as it was pushed (where ../shared/tools is there)',
    async () => {
      const args = ['--replica-set', '--instances', '2', '--strikes', '8', '--seed', '3'];
      const { code, printed } = await campaign(args).ended();
      expect(printed).toMatch(/; 0 faults$/m);
      expect(code).toBe(0);
    },
  );

  it('with rules of alerts finds that they have fired what the stored cycles say, each once, and that each was told', async () => {
    const args = ['--alerts', '20', '--instances', '2', '--strikes', '6', '--seed', '5'];
    const { code, printed } = await campaign(args).ended();
    expect(printed).toMatch(/20 rules, .*; 0 lost, 0 that are none$/m);
    expect(printed).toMatch(/^deliveries: [1-9]\d* firings, .*; 0 lost, 0 wrongly signed$/m);
    expect(printed).toMatch(/; 0 faults$/m);
    expect(code).toBe(0);
  });

  it('that is told to stop leaves no file', async () => {
    const { child, folder, ended } = campaign(['--strikes', '1000']);
    const data = () =>
      readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('.wt'));
    await until(
      'a database',
      () => data().length,
      (count) => count > 0,
    );
    child.kill('SIGTERM');
    await ended();
    expect(readdirSync(folder).filter((name) => name.startsWith('dynamics-chaos'))).toEqual([]);
  });
});
