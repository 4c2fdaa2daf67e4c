// What a command takes before it does anything, beside Node alone: help and the version have nothing else to do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';

const ENTRY = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** Bash tells what a process took from its start to its very end, seconds. */
const TIMED = 'TIMEFORMAT=\'cpu %U %S\'; time "$0" "$@" 2>/dev/null >/dev/null';
const MARK_MS = 300;
const COMMANDS = [['--version'], ['--help'], ['help', 'verify'], ['schema']];

/** @param {{ quick: boolean }} options */
export async function benchCli({ quick }) {
  const rounds = quick ? 5 : 15;
  const runs = [['-e', '0'], ...COMMANDS.map((args) => [ENTRY, ...args])];
  const taken = runs.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [at, args] of runs.entries()) taken[at].push(await cpuMs(args));
  const [alone, ...commands] = taken.map(median);
  return [
    {
      title: "commands: the processor's time from the start to the end, ms",
      rows: COMMANDS.map((args, at) => {
        const isBound = args[0] !== 'schema';
        return {
          command: `dynamics ${args.join(' ')}`,
          ms: commands[at],
          'Node alone': alone,
          times: commands[at] / alone,
          'mark ms': isBound ? MARK_MS : '',
          '': !isBound ? '' : commands[at] <= MARK_MS ? 'ok' : 'MISSED',
        };
      }),
    },
  ];
}

async function cpuMs(args) {
  const child = spawn('bash', ['-c', TIMED, process.execPath, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  const [, user, system] = /^cpu (\S+) (\S+)$/m.exec(said) ?? [];
  if (code !== 0 || system === undefined) throw new Error(`${args.join(' ')}: ended with ${code}`);
  return (Number(user) + Number(system)) * 1e3;
}
