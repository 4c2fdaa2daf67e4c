import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { refuseStaleBuild } from './build-check.js';
import { keepLog } from './logs.js';
import { inTime } from './until.js';

const ENTRY = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a program has printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server in a process group of its own. */
export interface ServerProcess {
  readonly url: string;
  /** The first line that it printed. */
  readonly readyLine: string;
  /** Sends a signal to the server, as a terminal or a service manager does. */
  signal(name: NodeJS.Signals): void;
  /** Ends the server and everything that it started, at once. */
  killTree(): Promise<void>;
  ended(): Promise<Ended>;
}

type Settings = Readonly<Record<string, string>>;

/** Where the built program is: of the sources as they are, or it is refused. */
export function builtProgram(): string {
  refuseStaleBuild();
  return ENTRY;
}

function start(args: readonly string[], settings: Settings, cwd: string): ChildProcess {
  // Nothing of the environment that the tests run in goes along but the path.
  return spawn(process.execPath, [builtProgram(), ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Resolves when a program has ended and all that it printed is there. */
async function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    keepLog(chunk.toString());
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Runs a command of the built program to its end. */
export async function runCommand(
  args: readonly string[],
  settings: Settings,
  cwd: string,
): Promise<Ended> {
  const child = start(args, settings, cwd);
  onTestFinished(() => killGroup(child));
  return inTime(`dynamics ${args.join(' ')} to end`, endOf(child));
}

/** Starts the built server and waits until it is ready; it ends with the test. */
export function startServer(settings: Settings, cwd: string): Promise<ServerProcess> {
  return startServing(['start'], { PORT: '0', ...settings }, cwd);
}

/** The same with a command that serves. */
export async function startServing(
  args: readonly string[],
  settings: Settings,
  cwd: string,
): Promise<ServerProcess> {
  const child = start(args, settings, cwd);
  onTestFinished(() => killGroup(child));
  const end = endOf(child);
  let printed = '';
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('\n')) resolve(printed.slice(0, printed.indexOf('\n')));
    });
    void end.then(({ code, stderr }) =>
      reject(new Error(`the server ended with ${code}:\n${stderr}`)),
    );
  });
  const ended = () => inTime('the server to end', end);
  const readyLine = await inTime('the server to say that it is ready', ready);
  return {
    readyLine,
    url: /http:\/\/\S+/.exec(readyLine)?.[0] ?? '',
    signal: (name) => child.kill(name),
    async killTree() {
      killGroup(child);
      await ended();
    },
    ended,
  };
}
