import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/open-database.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { runCommand, startServer } from '../support/process.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary.js';

const database = useDatabase();
const SETTINGS = { ASSETS: 'USDT,BTC,ETH', CYCLE_INTERVAL_MS: '3600000' };
const stored = () => ({ MONGO_URI: database.engine.uri, DATABASE_NAME: 'alert_test', ...SETTINGS });
const folder = makeTemporaryFolder();
afterAll(() => removeFolder(folder));
const cycles = chain(12);
const prices = cycles.map(({ frame }) => {
  return frame.tickers.find(({ symbol }) => symbol === 'BTCUSDT')?.last ?? NaN;
});

/** Runs the command on a file with that in it. */
function run(content: unknown, ...options: string[]) {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  writeFileSync(`${folder}/rules.json`, text);
  return runCommand(['alert-test', 'rules.json', ...options], stored(), folder);
}

beforeAll(async () => {
  const { MONGO_URI: uri, DATABASE_NAME } = stored();
  const settings = { uri, name: `${DATABASE_NAME}_simulated`, dataDir: `${folder}/.data` };
  const open = await openDatabase(settings, keptLogger());
  await open.cycles.saveAll(cycles);
  await open.close();
});

const line = { kind: 'CELL', base: 'BTC', quote: 'USDT' };
const ABOVE = { name: 'all of it', line, condition: { above: 0 } };
const middle = [...prices].sort((a, b) => a - b)[6] as number;
const CROSSES = { name: 'the middle', line, condition: { crosses: middle } };

describe('alert-test', () => {
  it('tells what the rules of a file would have fired, for people and for programs', async () => {
    const first = cycles[0]!;
    const observedAt = new Date(first.frame.observedAt).toISOString();
    const people = await run(ABOVE);
    expect([people.code, people.stderr]).toEqual([0, '']);
    expect(people.stdout).toContain('all of it: 1 firing\n');
    expect(people.stdout).toContain(observedAt);
    const { code, stdout } = await run([{ id: 'as it was written', ...ABOVE }, CROSSES], '--json');
    expect(code).toBe(0);
    const [all, crosses] = JSON.parse(stdout) as { total: number; firings: { turn: number }[] }[];
    const firing = { turn: first.turn, observedAt, value: prices[0] };
    expect(all).toEqual({ name: 'all of it', total: 1, firings: [firing] });
    const sides = prices.map((price) => Math.sign(price - middle));
    const crossed = cycles.filter((_, at) => {
      const before = sides.slice(0, at).findLast((side) => side !== 0);
      return before !== undefined && sides[at] === -before;
    });
    expect(crosses?.firings.map(({ turn }) => turn)).toEqual(crossed.map(({ turn }) => turn));
  });

  it('tells the same while a server runs on the same data, of a part of it', async () => {
    const server = await startServer(stored(), folder);
    const from = new Date(cycles[5]!.frame.observedAt).toISOString();
    const to = new Date(cycles[6]!.frame.observedAt).toISOString();
    const { code, stdout } = await run(ABOVE, '--from', from, '--to', to, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ total: 1, firings: [{ turn: cycles[5]!.turn }] }]);
    server.signal('SIGTERM');
    expect((await server.ended()).code).toBe(0);
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{\n  "name": ,\n}', /^rules\.json:2:11: is no JSON: unexpected ,$/],
    ['half of one', '[{ "name": "x"', /^rules\.json:1:15: is no JSON: it ends too early$/],
    ['too much', '[]\n[]', /^rules\.json:2:1: is no JSON: unexpected \[$/],
    ['a bare word', '{ "name": yes }', /^rules\.json:1:11: is no JSON: unexpected y$/],
    ['nothing', [], /^rules\.json: expected a rule, or a list of them$/],
    ['no object', [ABOVE, 7], /^rules\.json: rule 2: expected an object$/],
    ['an unknown field', { ...ABOVE, levle: 1 }, /^rules\.json: .*levle/],
    [
      'a word that is none',
      [ABOVE, { ...ABOVE, line: { ...line, kind: 'CELLS' } }],
      /^rules\.json: rule 2 \(all of it\), line\.kind: .*CELLS/,
    ],
    [
      'conditions that go not together',
      { ...ABOVE, condition: { above: 1, below: 2 } },
      /^rules\.json, condition: takes exactly one of .*given: above and below$/,
    ],
    [
      'an asset that nobody has',
      { ...ABOVE, line: { ...line, quote: 'OUT' } },
      /^rules\.json, line\.quote: has OUT/,
    ],
    ['no name', { line, condition: { above: 1 } }, /^rules\.json: .*name/],
  ])('says where a file is at fault: %s', async (_, content, words) => {
    const { code, stdout, stderr } = await run(content);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trimEnd()).toMatch(words);
  });

  it('tells all faults of a file at once, and of its range', async () => {
    const wrong = { ...ABOVE, condition: {} };
    const { code, stderr } = await run([wrong, ABOVE, { ...ABOVE, cooldown: '1q' }]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^rules\.json: rule 1 \(all of it\), condition: /),
      expect.stringMatching(/^rules\.json: rule 3 \(all of it\), cooldown: is no span/),
    ]);
    const range = await run(ABOVE, '--from', 'yesterday');
    expect([range.code, range.stderr]).toEqual([
      1,
      expect.stringMatching(/^rules\.json, --from: is no moment/),
    ]);
    const missing = await runCommand(['alert-test', 'none.json'], SETTINGS, folder);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('none.json')]);
  });
});
