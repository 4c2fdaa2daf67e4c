import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const DOUBLE = '../shared/tools/replset.mjs';

/** Whether the double of a replica set is at hand; no replica set can be had on most machines. */
export const hasReplicaSet = existsSync(DOUBLE);

/** What may happen to a replica set; the double's own head says what each does. */
export type Fault =
  | { readonly op: 'stepdown'; readonly electionMs: number; readonly mode: 'notPrimary' | 'drop' }
  | { readonly op: 'ambiguous'; readonly count: number }
  | { readonly op: 'wce'; readonly code: number; readonly count: number }
  | {
      readonly op: 'error';
      readonly code: number;
      readonly count: number;
      readonly commands?: readonly string[];
    }
  | { readonly op: 'isolate'; readonly ms: number; readonly electionMs: number }
  | { readonly op: 'stall'; readonly ms: number }
  | { readonly op: 'delay'; readonly ms: number; readonly forMs: number }
  | { readonly op: 'lag'; readonly ms: number }
  | { readonly op: 'auth'; readonly code: number; readonly forMs: number }
  | { readonly op: 'heal' };

export interface ReplicaSet {
  readonly uri: string;
  /** Resolves once what was done is over; a fault that waits for commands is over at once. */
  fault(fault: Fault): Promise<void>;
  stop(): Promise<void>;
}

interface Double {
  startReplicaSet(options: { app: string; uri: string }): Promise<ReplicaSet>;
}

/** Three members that behave to a driver like a replica set, before one engine; ends with the test. */
export async function startReplicaSet(engineUri: string): Promise<ReplicaSet> {
  const double = (await import(pathToFileURL(path.resolve(DOUBLE)).href)) as Double;
  const set = await double.startReplicaSet({ app: process.cwd(), uri: engineUri });
  onTestFinished(() => set.stop());
  return set;
}
