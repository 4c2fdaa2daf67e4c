import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { runCommand, type Ended } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';

const database = useDatabase();
let places = 0;

/** Commands on a database of their own, and files beside it. */
function workplace() {
  const folder = temporaryFolder();
  const settings = {
    ...{ MONGO_URI: database.engine.uri, DATABASE_NAME: `alerts_${places++}` },
    ASSETS: 'USDT,BTC,ETH',
    ALERT_SECRET_KEY: 'test-alert-secret-key-of-more-than-32-bytes',
  };
  return {
    run: (...args: string[]): Promise<Ended> => runCommand(['alerts', ...args], settings, folder),
    write: (name: string, value: unknown): string => {
      writeFileSync(`${folder}/${name}`, JSON.stringify(value));
      return `${folder}/${name}`;
    },
  };
}

const line = { kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'BTC', quote: 'USDT' };
const rule = { name: 'Dear', line, condition: { above: 70_000 }, enabled: true, cooldown: '5m' };
const moves = {
  ...rule,
  name: 'Fast',
  condition: { movesPercent: 2, within: '1h' },
  enabled: false,
};

it('rules go into a file and come back from it: changed by id, else by name, and made where there are none', async () => {
  const { run, write } = workplace();
  const first = await run('--import', write('rules.json', [rule, moves]), '--json');
  expect([first.code, first.stderr]).toEqual([0, '']);
  const filed = JSON.parse(first.stdout) as { id: string }[];
  expect(filed).toMatchObject([rule, moves]);
  const again = await run('--import', write('filed.json', filed), '--json');
  expect(JSON.parse(again.stdout)).toEqual(filed);

  const [{ id } = { id: '' }] = filed;
  const { cooldown: _, ...lasting } = rule;
  const changed = [
    { ...lasting, id, name: 'Dearer', condition: { above: 80_000 } },
    { ...moves, enabled: true },
  ];
  const third = await run('--import', write('changed.json', changed), '--json');
  expect(JSON.parse(third.stdout)).toEqual([
    { ...changed[0], id },
    { ...changed[1], id: filed[1]?.id },
  ]);
  const { stdout } = await run();
  expect(stdout).toMatch(
    /Dearer +2 +kind CELL, matrix ID_BENCHMARK, base BTC, quote USDT +above 80000 +- +yes/,
  );
});

it('a list without rules, as it is written where there are none, is taken as that; what is no JSON is told by its place', async () => {
  const { run, write } = workplace();
  const none = await run('--json');
  expect(JSON.parse(none.stdout)).toEqual([]);
  expect((await run('--import', write('none.json', []))).stdout).toBe('there are no alerts\n');
  const file = write('some.json', '');
  writeFileSync(file, '[{ "name" 1 }]');
  const { code, stderr } = await run('--import', file);
  expect([code, stderr]).toEqual([1, `${file}:1:11: is no JSON: unexpected 1\n`]);
});

it('channels are listed without a secret, and stay as they are stored where a file gives them back', async () => {
  const { run, write } = workplace();
  const channel = { kind: 'SLACK', name: 'desk', url: 'https://hooks.example.org/very-secret' };
  const first = await run('--import', write('a.json', [{ ...rule, channels: [channel] }]));
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/yes +- +desk \(SLACK, hooks\.example\.org\)\n/);
  const { stdout } = await run('--json');
  expect(JSON.parse(stdout)).toMatchObject([{ channels: [{ kind: 'SLACK', name: 'desk' }] }]);
  const [filed] = JSON.parse(stdout) as { channels: { id: string }[] }[];
  const renamed = { ...filed, name: 'Dearer' };
  const again = await run('--import', write('b.json', [renamed]), '--json');
  expect(JSON.parse(again.stdout)).toEqual([renamed]);
  const elsewhere = await workplace().run('--import', write('c.json', [renamed]), '--json');
  expect(JSON.parse(elsewhere.stdout)).toMatchObject([{ name: 'Dearer' }]);
  expect(`${first.stdout}${stdout}${again.stdout}${elsewhere.stdout}`).not.toMatch(/very-secret/);
});

it('what is wrong with a rule of a file is said, and the others are taken', async () => {
  const { run, write } = workplace();
  expect((await run()).stdout).toBe('there are no alerts\n');
  const wrong = { ...rule, line: { ...line, base: 'DOGE' } };
  const { code, stderr } = await run('--import', write('some.json', [wrong, moves]));
  expect([code, stderr]).toEqual([1, 'rule 1: input.line.base: "DOGE" is not in the universe\n']);
  expect((await run()).stdout).toMatch(/Fast/);
  const none = await run('--import', write('none.json', { rules: [] }));
  expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/expected a list of rules/)]);
});
