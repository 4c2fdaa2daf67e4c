import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Minutes } from '../src/app/minutes.js';
import { NO_LOAD } from '../src/graphql/load.js';
import { createLogger } from '../src/log.js';
import { prettyLines } from '../src/pretty-log.js';
import { TurnTally } from '../src/turns/turn-tally.js';
import { refuseStaleBuild } from './support/build-check.js';
import { keptLogger } from './support/logs.js';

const LOG = new URL('../dist/log.js', import.meta.url).href;

/** What sets a colour on a terminal. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

/** What people are shown of what is logged. */
function shown(log: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  const to = { write: (line: string) => (text += line) };
  log(createLogger('debug', { to, show: prettyLines() }));
  return stripVTControlCharacters(text);
}

describe('a line of the log for people', () => {
  it('has the time, the level, the words and what belongs to them, in one line', () => {
    const line = shown((log) => log.warn({ turn: 7, code: 'LATE' }, 'turn 7 began late'));
    expect(line).toMatch(
      /^\[\d\d:\d\d:\d\d\] WARN: turn 7 began late \{"turn":7,"code":"LATE"\}\n$/,
    );
  });

  it('shows where an error came from', () => {
    const line = shown((log) => log.error({ err: new TypeError('no such thing') }, 'a fault'));
    expect(line).toMatch(/ERROR: a fault/);
    expect(line).toMatch(/TypeError: no such thing\n\s+at /);
  });

  it('obeys nothing that stands in the words of others', () => {
    const hostile = 'ok\u001b[2J\u001b]0;owned\u0007\rgone\b\u009b31m\u202e\nWARN: forged \\u001b';
    let text = '';
    const to = { write: (line: string) => (text += line) };
    createLogger('info', { to, show: prettyLines() }).info({ said: hostile }, hostile);
    const plain = text.replaceAll(COLOUR, '');
    const codes = [...plain].map((letter) => letter.charCodeAt(0));
    const controls = codes.filter((code) => code < 32 || (code > 126 && code < 160));
    expect(controls).toEqual(['\n'.charCodeAt(0)]);
    expect(plain).not.toContain('\u202e');
    expect(plain).toContain('ok\\u001b[2J');
    expect(plain).toContain('WARN: forged \\u001b');
  });
});

it('the log holds nothing up while nobody reads it, and says then how many lines are missing', async () => {
  refuseStaleBuild();
  const script = `
    import { createLogger } from ${JSON.stringify(LOG)};
    const log = createLogger('info');
    const text = 'x'.repeat(1_000);
    for (let n = 1; n <= 4_000; n++) log.info({ n }, text);
    process.stdout.write('went on');
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  onTestFinished(() => void child.kill('SIGKILL'));
  // Nothing of standard error is read yet.
  const [went] = (await once(child.stdout, 'data')) as [Buffer];
  expect(went.toString()).toBe('went on');
  let [text, numbered, missing] = ['', 0, 0];
  for await (const chunk of child.stderr) {
    const lines = (text + String(chunk)).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines.map((one) => JSON.parse(one) as { n?: number; lines?: number })) {
      if (line.n === undefined) missing += line.lines ?? 0;
      else expect(line.n).toBe(++numbered);
    }
    if (missing > 0) break;
  }
  expect(numbered).toBeGreaterThan(0);
  expect(numbered + missing).toBe(4_000);
});

it('a line each minute says what came of it', async () => {
  const tally = new TurnTally();
  const report = { ms: 1, late: null, code: null } as const;
  const late = { at: 0, code: 'LATE', message: 'late' };
  let [load, latestTurn] = [NO_LOAD, 40];
  const lines: Record<string, unknown>[] = [];
  let heard = (): void => undefined;
  const minutes = new Minutes({
    tally,
    feed: {
      get latestTurn() {
        return latestTurn;
      },
    },
    lease: { isHeld: true },
    backlog: { turns: [41, 42] },
    load: () => load,
    log: keptLogger((line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
      heard();
    }),
    everyMs: 1,
  });
  const next = async (): Promise<unknown> => {
    await new Promise<void>((resolve) => (heard = resolve));
    return lines.at(-1);
  };
  tally.add({ ...report, outcome: 'FAILED', code: 'EXCHANGE_UNAVAILABLE' });
  minutes.start();
  onTestFinished(() => minutes.stop());
  expect(await next()).toMatchObject({
    ...{ level: 30, msg: 'the last minute', latestTurn: 40, leads: true, spooled: 2 },
    ...{ turns: 0, failed: 1, skipped: 0, late: 0, pushes: 0, listeners: 0, sockets: 0 },
  });
  tally.add({ ...report, outcome: 'COMPLETED' });
  tally.add({ ...report, outcome: 'COMPLETED', late });
  tally.add({ ...report, outcome: 'SKIPPED', code: 'TOO_FEW_SYMBOLS' });
  load = { ...NO_LOAD, sockets: 2, subscribers: 3, pushedMessages: 6 };
  latestTurn = 42;
  const told = { turns: 2, failed: 0, skipped: 1, late: 1, pushes: 6, listeners: 3, sockets: 2 };
  expect(await next()).toMatchObject({ ...told, latestTurn: 42 });
  expect(await next()).toMatchObject({ turns: 0, late: 0, pushes: 0, listeners: 3 });
});
