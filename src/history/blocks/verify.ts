import { firstPace, type Pace } from '../../scheduling/slices.js';
import type { TurnDocuments } from '../turn-documents.js';
import { turnsOf } from './block.js';
import type { BlockStore } from './block-store.js';
import { BlockFault } from './bytes.js';
import { wordsOfDamage } from './only-copies.js';
import { countingOf, hashOf, type ManifestEntry } from './manifest.js';
import { differences, readWhole, type Difference } from './whole-block.js';

/** Something that is not as it was sealed. */
export interface Flaw {
  readonly code:
    | 'LINE_MISSING'
    | 'LINE_CHANGED'
    | 'CHAIN_BROKEN'
    | 'BLOCK_DAMAGED'
    | Difference['code'];
  /** The number of the line of the manifest. */
  readonly line: number;
  readonly block: number | null;
  readonly turn: number | null;
  readonly message: string;
}

/** A line of the manifest, once all that it vouches for was looked at. */
export interface Verified {
  readonly entry: ManifestEntry;
  readonly flaws: readonly Flaw[];
}

export interface VerifyOptions {
  readonly blocks: Pick<BlockStore, 'entries' | 'heads' | 'read'>;
  readonly documents: Pick<TurnDocuments, 'documents' | 'oldest'>;
  /** Only blocks with turns from this one on, or up to that one, are looked into. */
  readonly from?: number;
  readonly to?: number;
  readonly pace?: Pace;
}

const WORDS: Record<Difference['code'], string> = {
  DOCUMENT_MISSING: 'is in the block, and has no document',
  NOT_IN_BLOCK: 'has a document, and is missing in the block',
  DIFFERS: 'has a document that differs from what was sealed, or cannot be read',
};

/**
 * Verifies the chain: each line by the one before, each block by its line, each turn of a block by
 * its document. Blocks that were removed are not looked into; their lines are.
 */
export async function* verifyChain(options: VerifyOptions): AsyncGenerator<Verified> {
  const { blocks, documents, from = 1, to = Infinity, pace = firstPace() } = options;
  const entries = await blocks.entries(1);
  const counting = countingOf(entries);
  const oldest = (await documents.oldest()) ?? Infinity;
  let before: ManifestEntry | null = null;
  for (const entry of entries) {
    if (pace.isSpent) await pace.next();
    const flaws = linkFlaws(entry, before);
    const isAsked = entry.lastTurn >= from && entry.firstTurn <= to;
    if (isAsked && counting.get(entry.block) === entry) {
      flaws.push(...(await blockFlaws(entry, options, oldest, pace)));
    }
    yield { entry, flaws };
    before = entry;
  }
}

function linkFlaws(entry: ManifestEntry, before: ManifestEntry | null): Flaw[] {
  const { number: line, block, previous } = entry;
  const flaw = (code: Flaw['code'], message: string): Flaw => ({
    ...{ code, line, block, turn: null },
    message: `line ${line} of the manifest (block ${block}) ${message}`,
  });
  const flaws: Flaw[] = [];
  if (line !== (before?.number ?? 0) + 1) {
    flaws.push(flaw('LINE_MISSING', 'does not follow the line before: some are missing'));
  }
  if (hashOf(entry) !== entry.hash) {
    flaws.push(flaw('LINE_CHANGED', 'was changed since it was written'));
  }
  if (previous !== (before?.hash ?? '')) {
    flaws.push(flaw('CHAIN_BROKEN', 'does not name the digest of the line before'));
  }
  return flaws;
}

async function blockFlaws(
  entry: ManifestEntry,
  { blocks, documents }: VerifyOptions,
  oldest: number,
  pace: Pace,
): Promise<Flaw[]> {
  const { number: line, block } = entry;
  try {
    const whole = await readWhole(blocks, entry, pace);
    const flaws: Flaw[] = [];
    const { first, last } = turnsOf(block);
    const there = documents.documents(Math.max(first, oldest), last, pace);
    for await (const { code, turn } of differences(whole, there, pace, oldest)) {
      if (entry.isOnlyCopy && code === 'DOCUMENT_MISSING') continue;
      flaws.push({ code, line, block, turn, message: `turn ${turn} ${WORDS[code]}` });
    }
    return flaws;
  } catch (error) {
    if (!(error instanceof BlockFault)) throw error;
    const message = entry.isOnlyCopy ? wordsOfDamage(entry, error) : error.message;
    return [{ code: 'BLOCK_DAMAGED', line, block, turn: null, message }];
  }
}
