import { isDeepStrictEqual } from 'node:util';
import { firstPace, type Pace } from '../../scheduling/slices.js';
import type { FullPairColumns, WholeTurns } from '../chunk-builder.js';
import { isReadable } from '../stored-cycle.js';
import type { TurnDocument } from '../turn-documents.js';
import { cycleAt, partOf, RECORDS, TURNS, UnpackedPair, unpackTurns, VOLUMES } from './block.js';
import type { BlockHead, BlockStore, Part } from './block-store.js';
import { BlockFault } from './bytes.js';
import { unpackColumn } from './column.js';
import { unpackIds } from './ids.js';
import type { ManifestEntry, Seal } from './manifest.js';
import { columnOf, unpackRecords } from './records.js';

/** A sealed block with all that is in it. */
export interface WholeBlock {
  readonly whole: WholeTurns;
  /** What tells each turn's document from any other. */
  readonly ids: readonly string[];
}

type Named = Pick<Seal, 'block' | 'name' | 'digest' | 'turns'>;

/**
 * Reads a block, and unpacks all of it.
 * @throws {BlockFault}
 */
export async function readWhole(
  store: Pick<BlockStore, 'heads' | 'read'>,
  seal: Named,
  pace: Pace = firstPace(),
): Promise<WholeBlock> {
  const [head] = await store.heads([seal]);
  const { pairs, parts, columns } = sound(head as BlockHead | BlockFault);
  const names = [...pairs.map((_, number) => partOf(number)), VOLUMES, RECORDS];
  const wanted = names.map((part) => ({ ...seal, part, digest: parts.get(part)?.digest ?? '' }));
  const found = (await store.read(wanted)).map(sound);
  const [volumes, records] = found.slice(-2) as [Part, Part];
  const length = seal.turns;
  const whole: FullPairColumns[] = [];
  for (const [number, pair] of pairs.entries()) {
    if (pace.isSpent) await pace.next();
    const prices = new UnpackedPair((found[number] as Part).columns, length);
    const quoteVolume = unpackColumn(columnOf(volumes.columns, partOf(number)), length);
    whole.push({
      ...pair,
      last: prices.column('last'),
      open: prices.column('open'),
      bid: prices.column('bid'),
      ask: prices.column('ask'),
      lag: prices.column('lag'),
      quoteVolume,
    });
  }
  const { ids, ...others } = records.columns;
  if (ids === undefined) throw new BlockFault(`part ${RECORDS} has no ids (beside ${TURNS})`);
  return {
    whole: {
      ...unpackTurns(columns, length),
      pairs: whole,
      records: await unpackRecords(others, length, pace),
    },
    ids: unpackIds(ids, length),
  };
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
  let at = turns.findIndex((turn) => turn >= from);
  if (at === -1) at = turns.length;
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

/** @throws {BlockFault} */
export function sound<T>(part: T | BlockFault): T {
  if (part instanceof BlockFault) throw part;
  return part;
}

/** Whether a block says of itself what its line in the manifest says of it. */
export function agrees({ whole: { turns, records } }: WholeBlock, entry: ManifestEntry): boolean {
  const unreadable = [...turns].filter((_, at) => records[at] === null);
  return (
    turns.at(0) === entry.firstTurn &&
    turns.at(-1) === entry.lastTurn &&
    isDeepStrictEqual(unreadable, entry.unreadable)
  );
}
