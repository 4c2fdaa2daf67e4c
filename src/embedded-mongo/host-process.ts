import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Logger } from '../log.js';
import { messageOf } from '../data-dir/system-error.js';
import type { HostFailureCode, HostMessage } from './host-messages.js';

/** How long a host may take to close the database, milliseconds. */
const CLOSE_DEADLINE_MS = 10_000;
/** How long opening may take until the log says that it goes on, milliseconds. */
const SLOW_OPEN_MS = 10_000;
/** How much of what a host wrote on standard error goes into a message. */
const LAST_WORDS = 3;

/** A process that has the database open and serves it. */
export interface EngineHost {
  readonly pid: number | undefined;
  /** Resolves when the process has ended, with how it ended. */
  readonly exited: Promise<string>;
  /** Asks the process to close the database and waits for its end; kills it after 10 s. */
  close(): Promise<void>;
  /** Ends the process at once: for what is not worth closing any more. */
  kill(): Promise<void>;
}

export type HostStart =
  | { readonly ok: true; readonly host: EngineHost }
  | { readonly ok: false; readonly code: HostFailureCode | 'DIED'; readonly message: string };

export interface HostOptions {
  readonly databaseDir: string;
  /** The symbolic link that is to lead to the engine's socket. */
  readonly link: string;
  /** Where the engine makes the folder of its socket. */
  readonly temporaryDir: string;
  /** The addon to load instead of the packaged one. */
  readonly addon: string | null;
  /** Ends the attempt; a host that is already serving is not touched. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

type HostChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts a host and waits until it serves the database or has ended. */
export async function startHost(options: HostOptions): Promise<HostStart> {
  const child = spawn(process.execPath, [hostScript(), options.databaseDir, options.link], {
    cwd: options.databaseDir,
    // Nothing of the server's environment, where the exchange's keys may be.
    env: {
      TMPDIR: options.temporaryDir,
      ...(options.addon === null ? {} : { NAPI_RS_NATIVE_LIBRARY_PATH: options.addon }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Writing to a process that is just ending; its end is what counts.
  child.stdin.on('error', () => undefined);
  const lastWords = logOutput(child, options.log);
  const exited = untilExit(child);
  const host: EngineHost = {
    pid: child.pid,
    exited,
    close: () => closeHost(child, exited),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  const stop = () => void host.close();
  options.signal.addEventListener('abort', stop);
  const slow = setTimeout(() => {
    options.log.warn({ pid: child.pid }, 'the embedded database is still opening');
  }, SLOW_OPEN_MS);
  const message = await Promise.race([untilMessage(child), exited]);
  clearTimeout(slow);
  options.signal.removeEventListener('abort', stop);
  if (options.signal.aborted) stop();
  if (typeof message === 'string') {
    return { ok: false, code: 'DIED', message: [message, ...lastWords].join('; ') };
  }
  if (message.type === 'ready') return { ok: true, host };
  await exited;
  return { ok: false, code: message.code, message: message.message };
}

/**
 * The built host: beside this file, or in `dist` when this file runs from source (the tests, which
 * `npm test` runs after a build).
 */
function hostScript(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const relative = isSource ? '../../dist/embedded-mongo/host.js' : './host.js';
  return fileURLToPath(new URL(relative, import.meta.url));
}

const hostMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('failed'),
    code: z.enum(['NOT_INSTALLED', 'GLIBC_TOO_OLD', 'UNLOADABLE', 'IN_USE', 'OPEN_FAILED']),
    message: z.string(),
  }),
]) satisfies z.ZodType<HostMessage>;

function untilMessage(child: HostChild): Promise<HostMessage> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = readMessage(line);
      if (message !== null) resolve(message);
    });
  });
}

function readMessage(line: string): HostMessage | null {
  try {
    return hostMessage.parse(JSON.parse(line));
  } catch {
    // The native library writes what it likes; only whole messages count.
    return null;
  }
}

/** Sends standard error to the log; the list holds its last lines. */
function logOutput(child: HostChild, log: Logger): readonly string[] {
  const last: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() === '') return;
    log.warn({ pid: child.pid, output: line }, 'output of the embedded database');
    // A crash of Node ends in its stack and version; what went wrong stands before.
    if (!/^\s*(at |[{}^]|Node\.js v)/.test(line)) last.push(line.trim());
    if (last.length > LAST_WORDS) last.shift();
  });
  return last;
}

function untilExit(child: HostChild): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    // Not `exit`: the output may still be under way then.
    child.once('close', (code, signal) => {
      resolve(signal === null ? `it ended with exit code ${String(code)}` : `${signal} ended it`);
    });
  });
}

async function closeHost(child: HostChild, exited: Promise<string>): Promise<void> {
  child.stdin.end();
  const kill = setTimeout(() => child.kill('SIGKILL'), CLOSE_DEADLINE_MS);
  await exited;
  clearTimeout(kill);
}
