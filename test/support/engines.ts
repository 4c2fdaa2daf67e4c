import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { expect, onTestFinished } from 'vitest';
import { openEmbeddedEngine, type EmbeddedEngine } from '../../src/embedded-mongo/engine.js';

export interface OpenedLine {
  readonly role: 'host' | 'guest';
  readonly pid?: number;
}

/** An engine together with what it logs. */
interface Opened extends EmbeddedEngine {
  /** Each time it was opened. */
  readonly openings: readonly OpenedLine[];
  /** How often it was lost. */
  readonly losses: () => number;
  /** How often its folder was lost, with what was stored. */
  readonly foldersLost: () => number;
  /** Resolves with the opening that has this number, from 1. */
  opening(number: number): Promise<OpenedLine>;
}

export async function openEngine(dataDir: string): Promise<Opened> {
  const openings: OpenedLine[] = [];
  let losses = 0;
  let foldersLost = 0;
  const events = new EventEmitter();
  const log = pino(
    { level: 'info' },
    {
      write(text) {
        const line = JSON.parse(text) as OpenedLine & { msg: string };
        if (line.msg.includes('is gone')) losses++;
        if (!line.msg.includes('is open')) return;
        openings.push(line);
        events.emit('open');
      },
    },
  );
  const engine = await openEmbeddedEngine({
    dataDir,
    log,
    onFolderLost: () => void foldersLost++,
  });
  onTestFinished(() => engine.stop());
  return {
    uri: engine.uri,
    notifications: engine.notifications,
    stop: () => engine.stop(),
    openings,
    losses: () => losses,
    foldersLost: () => foldersLost,
    async opening(number) {
      while (openings.length < number) await once(events, 'open');
      return openings[number - 1] as OpenedLine;
    },
  };
}

export async function connect(uri: string): Promise<MongoClient> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 60_000 });
  onTestFinished(() => client.close());
  return client.connect();
}

export function cyclesOf(client: MongoClient) {
  return client.db('test').collection<{ _id: number }>('cycles', {
    writeConcern: { w: 1, journal: true },
  });
}

export async function turnsOf(client: MongoClient): Promise<number[]> {
  const stored = await cyclesOf(client).find().sort({ _id: 1 }).toArray();
  return stored.map(({ _id }) => _id);
}

export function hostPid(opening: OpenedLine | undefined): number {
  expect(opening).toMatchObject({ role: 'host', pid: expect.any(Number) as number });
  return opening?.pid as number;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // An orphan that has ended stays listed until process 1 takes notice, which may never be.
    const isListed = process.platform === 'linux' && existsSync(`/proc/${pid}/stat`);
    return !isListed || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
