import { isDeepStrictEqual } from 'node:util';
import { firstPace, type Pace } from '../../scheduling/slices.js';
import { placeOfTurn } from '../chunk-places.js';
import type { FullPairColumns, WholeTurns } from '../chunk-builder.js';
import { isReadable } from '../stored-cycle.js';
import type { TurnDocument } from '../turn-documents.js';
import {
  cycleAt,
  partOf,
  RECORDS,
  unpackPair,
  unpackTurns,
  VOLUMES,
  type Columns,
} from './block.js';
import type { BlockStore } from './block-store.js';
import { BlockFault } from './bytes.js';
import { unpackIds } from './ids.js';
import type { ManifestEntry } from './manifest.js';
import { openBlock, readParts } from './open-block.js';
import { columnOf, unpackRecords } from './records.js';

/** A sealed block with all that is in it. */
export interface WholeBlock {
  readonly whole: WholeTurns;
  /** What tells each turn's document from any other. */
  readonly ids: readonly string[];
}

/**
 * Reads a block, and unpacks all of it.
 * @throws {BlockFault} also where it has other turns than its line in the manifest says
 */
export async function readWhole(
  store: Pick<BlockStore, 'heads' | 'read'>,
  entry: ManifestEntry,
  pace: Pace = firstPace(),
): Promise<WholeBlock> {
  const open = await openBlock(store, entry);
  const names = open.head.pairs.map((_, number) => partOf(number));
  const found = await readParts(store, open, [...names, VOLUMES, RECORDS]);
  const [volumes, columns] = found.slice(-2) as [Columns, Columns];
  const length = entry.turns;
  const pairs: FullPairColumns[] = [];
  for (const [number, pair] of open.head.pairs.entries()) {
    if (pace.isSpent) await pace.next();
    const volume = columnOf(volumes, partOf(number));
    pairs.push(unpackPair(pair, found[number] as Columns, volume, length));
  }
  const turns = unpackTurns(open.head.columns, length);
  const records = await unpackRecords(columns, length, pace);
  const whole = { ...turns, pairs, records };
  if (!agrees(whole, entry)) {
    throw new BlockFault(`block ${entry.block} has other turns than its line says`);
  }
  return { whole, ids: unpackIds(columnOf(columns, 'ids'), length) };
}

/** Whether a block says of itself what its line in the manifest says of it. */
function agrees({ turns, records }: WholeTurns, entry: ManifestEntry): boolean {
  const unreadable = [...turns].filter((_, at) => records[at] === null);
  return (
    turns.at(0) === entry.firstTurn &&
    turns.at(-1) === entry.lastTurn &&
    isDeepStrictEqual(unreadable, entry.unreadable)
  );
}

/** How a turn of a block and its document differ. */
export interface Difference {
  readonly turn: number;
  readonly code: 'DOCUMENT_MISSING' | 'NOT_IN_BLOCK' | 'DIFFERS';
}

/**
 * Compares each turn of a block with its document, bit for bit.
 * @param documents those of the block's turns, in order
 * @param from documents before this turn may be gone
 */
export async function* differences(
  block: WholeBlock,
  documents: AsyncIterable<TurnDocument> | Iterable<TurnDocument>,
  pace: Pace = firstPace(),
  from = 1,
): AsyncGenerator<Difference> {
  const { turns } = block.whole;
  let at = placeOfTurn(turns, from);
  for await (const document of documents) {
    if (pace.isSpent) await pace.next();
    const { turn } = document.cycle;
    for (; at < turns.length && (turns[at] as number) < turn; at++) {
      yield { turn: turns[at] as number, code: 'DOCUMENT_MISSING' };
    }
    if (turns[at] !== turn) {
      yield { turn, code: 'NOT_IN_BLOCK' };
      continue;
    }
    if (!isSameTurn(block, at, document)) yield { turn, code: 'DIFFERS' };
    at++;
  }
  for (; at < turns.length; at++) yield { turn: turns[at] as number, code: 'DOCUMENT_MISSING' };
}

/** Whether a block has at a place what a document has, bit for bit. */
export function isSameTurn(
  { whole, ids }: WholeBlock,
  at: number,
  document: TurnDocument,
): boolean {
  if (document.id !== ids[at]) return false;
  const sealed = cycleAt(whole, at);
  return isReadable(document.cycle)
    ? isDeepStrictEqual(sealed, document.cycle)
    : sealed === null && Object.is(whole.observedAt[at], document.observedAt);
}
