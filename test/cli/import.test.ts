import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { useDatabase } from '../support/database.js';
import { exported, exporterOf } from '../support/exports.js';
import { builtProgram, runCommand } from '../support/process.js';
import { cyclesAt } from '../support/sealed.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';

const TURNS = 1_500;
const database = useDatabase();

it('an import that is killed is whole after it is run again, and nothing takes a part of it for the whole', async () => {
  const folder = temporaryFolder();
  const settings = { MONGO_URI: database.engine.uri, DATABASE_NAME: `import_${process.pid}` };
  const run = (...args: string[]) => runCommand(args, settings, folder);
  const turns = Array.from({ length: TURNS }, (_, n) => n + 1);
  const { exporter } = exporterOf(cyclesAt(turns), []);
  const file = `${folder}/all.jsonl`;
  writeFileSync(file, await exported(exporter, { frames: 'true', format: 'jsonl' }));
  const client = await MongoClient.connect(database.engine.uri);
  onTestFinished(() => client.close());
  const stored = client.db(`${settings.DATABASE_NAME}_simulated`).collection('cycle_matrices');

  const child = spawn(process.execPath, [builtProgram(), 'import', file], {
    ...{ cwd: folder, stdio: 'ignore' },
    env: { PATH: process.env['PATH'] ?? '', ...settings },
  });
  const ended = once(child, 'exit');
  await until(
    'some of it to be stored',
    () => stored.countDocuments(),
    (count) => count > 0,
  );
  child.kill('SIGKILL');
  await ended;
  const count = await stored.countDocuments();
  expect(count).toBeLessThan(TURNS);
  const server = await run('start');
  expect([server.code, server.stderr]).toEqual([1, expect.stringContaining('a part of all.jsonl')]);

  const again = await run('import', file);
  expect([again.code, again.stdout]).toEqual([
    0,
    `${TURNS} cycles, turns 1 to ${TURNS} of SIMULATED, https://test, PAPER, are imported\n`,
  ]);
  expect((await run('export', '--frames', '--output', 'again.jsonl')).code).toBe(0);
  expect(readFileSync(`${folder}/again.jsonl`).equals(readFileSync(file))).toBe(true);
});
