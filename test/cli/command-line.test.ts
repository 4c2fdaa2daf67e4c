import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refuseStaleBuild } from '../support/build-check.js';
import { useDatabase } from '../support/database.js';
import { workplace } from '../support/workplace.js';

/** The program as it is started. */
const BUNDLE = new URL('../../dist/bundle/', import.meta.url);
const database = useDatabase();

describe('a wrong command line ends with 2 and says what is right', () => {
  it.each([
    [['nonsense'], /unknown command/],
    [['inspect', '--turn', '0'], /Expected a turn/],
    [['set-strategy'], /at least one setting/],
    [['set-strategy', '--tier', 'wild'], /CONSERVATIVE, STANDARD, AGGRESSIVE/],
    [['set-strategy', '--imprint', '-1'], /above 0/],
    [['token'], /--role/],
    [['token', '--role', 'root'], /viewer, operator/],
    [['token', '--role', 'viewer', '--expires', 'soon'], /15m, 12h or 30d/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await workplace(database).run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('help', () => {
  it('teaches every command', async () => {
    const { run } = workplace(database);
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    const commands =
      'start init inspect purge reset-cache show-strategy set-strategy show-aux token schema history verify recompute seal alert-test replay mcp';
    for (const command of commands.split(' '))
      expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    expect((await run('purge', '--help')).stdout).toMatch(/--confirm/);
  });

  it('loads no more than names and options: what commands work with comes with their actions', () => {
    refuseStaleBuild();
    const loaded = new Map<string, number>();
    const load = (name: string): void => {
      if (loaded.has(name)) return;
      const code = readFileSync(new URL(name, BUNDLE), 'utf8');
      loaded.set(name, code.length);
      for (const [, next = ''] of code.matchAll(/^import (?:.*? from )?"(\.\/.*?)";$/gm))
        load(next);
    };
    load('./program.js');
    expect(loaded.size).toBeGreaterThan(1);
    const size = [...loaded.values()].reduce((sum, length) => sum + length);
    expect(size).toBeLessThan(250_000);
  });

  it('schema prints the SDL', async () => {
    const { code, stdout } = await workplace(database).run('schema');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^type Query \{$/m);
  });
});
