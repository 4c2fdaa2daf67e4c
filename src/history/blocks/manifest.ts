import { createHash } from 'node:crypto';
import type { TakenApart } from '../turn-documents.js';

/** What a sealed block says of itself before anything of it is read. */
export interface Seal {
  readonly block: number;
  /** Names the parts that belong to this seal: a block may be sealed again. */
  readonly name: string;
  readonly firstTurn: number;
  readonly lastTurn: number;
  /** How many turns it has, those that cannot be read included. */
  readonly turns: number;
  /** The turns whose documents cannot be read: it has nothing of them but that they are there. */
  readonly unreadable: readonly number[];
  /** The earliest and the latest time of observation, milliseconds since 1970; null where none is known. */
  readonly earliest: number | null;
  readonly latest: number | null;
  /** Of the last turn, what tells its document from any other. */
  readonly lastId: string;
  /** How long its parts are together. */
  readonly bytes: number;
  /** SHA-256 of the bytes of the document with its turns, which names those of all other parts. */
  readonly digest: string;
}

/** A line of the manifest: they are a chain, in the order in which blocks were sealed. */
export interface ManifestEntry extends Seal {
  /** 1, 2, 3, … */
  readonly number: number;
  /** The {@link hash} of the entry before; empty in the first. */
  readonly previous: string;
  /** SHA-256 of all else, but whether it was removed. */
  readonly hash: string;
  /**
   * Whether the block is the only copy of its cycles: their documents were removed, or are about to be.
   * Such a line repeats the one by which the block was sealed.
   */
  readonly isOnlyCopy: boolean;
  /** Whether the block was taken away since, by a purge or for its age, or has another line. */
  readonly isRemoved: boolean;
}

/** What a block that was written says of the turns that it was made of. */
export function sealOf(
  block: number,
  { whole: { turns, observedAt, records }, ids }: TakenApart,
  written: Pick<Seal, 'name' | 'digest' | 'bytes'>,
): Seal {
  const times = observedAt.filter((time) => !Number.isNaN(time));
  return {
    block,
    ...written,
    firstTurn: turns.at(0) as number,
    lastTurn: turns.at(-1) as number,
    turns: turns.length,
    unreadable: [...turns].filter((_, at) => records[at] === null),
    earliest: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)),
    latest: times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b)),
    lastId: ids.at(-1) as string,
  };
}

/** The next line of the manifest. */
export function entryAfter(
  last: ManifestEntry | null,
  seal: Seal,
  isOnlyCopy = false,
): ManifestEntry {
  const place = { number: (last?.number ?? 0) + 1, previous: last?.hash ?? '' };
  const line = { ...seal, ...place, isOnlyCopy };
  return { ...line, hash: hashOf(line), isRemoved: false };
}

export function hashOf(line: Omit<ManifestEntry, 'hash' | 'isRemoved'>): string {
  const { number, previous, block, name, firstTurn, lastTurn, turns, unreadable } = line;
  const { earliest, latest, lastId, bytes, digest, isOnlyCopy } = line;
  const text = JSON.stringify([
    ...[number, previous, block, name, firstTurn, lastTurn, turns, unreadable],
    ...[earliest, latest, lastId, bytes, digest],
    ...(isOnlyCopy ? ['ONLY_COPY'] : []),
  ]);
  return createHash('sha256').update(text).digest('hex');
}

/** The lines that count: the last one of each block, unless it was removed; by block. */
export function countingOf(entries: readonly ManifestEntry[]): ReadonlyMap<number, ManifestEntry> {
  const counting = new Map<number, ManifestEntry>();
  for (const entry of entries) {
    if (entry.isRemoved) counting.delete(entry.block);
    else counting.set(entry.block, entry);
  }
  return counting;
}
