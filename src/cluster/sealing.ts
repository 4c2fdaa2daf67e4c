import type { BlockRemoval } from '../history/blocks/block-removal.js';
import type { BlockStore } from '../history/blocks/block-store.js';
import { blockOf, packBlock, turnsOf } from '../history/blocks/block.js';
import { BlockFault } from '../history/blocks/bytes.js';
import { wordsOfDamage } from '../history/blocks/only-copies.js';
import { entryAfter, sealOf, type ManifestEntry } from '../history/blocks/manifest.js';
import type { SealedBlocks } from '../history/blocks/sealed-blocks.js';
import { differences, readWhole } from '../history/blocks/whole-block.js';
import type { CycleAges } from '../history/cycle-store.js';
import type { Damage } from '../history/damage.js';
import { unlessAway } from '../history/database-unavailable.js';
import { takenApart, type TurnDocument, type TurnDocuments } from '../history/turn-documents.js';
import type { Logger } from '../log.js';
import type { Pace } from '../scheduling/slices.js';
import type { DocumentAging } from './document-aging.js';
import type { Lease } from './lease.js';

/** How often it is looked whether there is something to seal, milliseconds. */
const EVERY_MS = 60_000;
/** How old the last turn of a block has to be, milliseconds by the database's clock. */
const SETTLED_MS = 5 * 60_000;
/** After work of so long, so many times that is left to others: about a hundredth of a core. */
const REST = 99;

export interface SealingOptions {
  readonly blocks: BlockStore;
  readonly sealed: SealedBlocks;
  readonly removal: BlockRemoval;
  readonly documents: TurnDocuments;
  readonly ages: CycleAges;
  /** Turns that are kept on disk until the database is back, ascending. */
  readonly backlog: { readonly turns: readonly number[] };
  readonly lease: Pick<Lease, 'isHeld'>;
  /** Keeps two that seal from working at once, where there may be two. */
  readonly lock?: Pick<Lease, 'isHeld' | 'take' | 'release'>;
  readonly damage: Pick<Damage, 'report' | 'clear'>;
  readonly log: Logger;
  /** What becomes of documents that are sealed and old. */
  readonly aging?: Pick<DocumentAging, 'run'>;
  /** At what pace it works; one that ends with the signal. */
  readonly paceOf: (ended: AbortSignal) => Pace;
}

/** What one look has come to. */
export type SealingOutcome = 'SEALED' | 'REMOVED' | 'NOTHING' | 'OVERTAKEN' | 'NOT_LEADING';

/**
 * Seals the blocks of turns that are complete: their documents become columns, which are written,
 * read back, unpacked and compared with the documents bit for bit, and only then count, by a line in
 * the manifest. The newest block comes first, because what is asked most is the last days; the chain
 * follows the order in which blocks were sealed. Whatever is left of an attempt that did not come to
 * its end is no block, and gives way to the next one.
 *
 * The documents are what was committed: where a block differs from them, it does not count any more,
 * and is sealed again.
 */
export class Sealing {
  readonly #options: SealingOptions;
  readonly #stopped = new AbortController();
  /** Blocks that did not come out as they went in: they stay documents. */
  readonly #refused = new Set<number>();
  /** The block that was compared last with its documents. */
  #compared = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #pace: Pace;

  constructor(options: SealingOptions) {
    this.#options = options;
    this.#pace = options.paceOf(this.#stopped.signal);
  }

  start(): void {
    this.#plan(EVERY_MS);
  }

  /** Ends what is under way: it is begun anew another time. */
  stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    return this.#running;
  }

  /** Seals the newest block that is not sealed and can be; compares a sealed one where there is none. */
  async run(settledMs = SETTLED_MS): Promise<SealingOutcome> {
    const { lease, lock } = this.#options;
    if (!lease.isHeld) return 'NOT_LEADING';
    if (!lock) return this.#run(settledMs);
    try {
      return (await lock.take()).state === 'LEADING' ? await this.#run(settledMs) : 'NOT_LEADING';
    } finally {
      await lock.release();
    }
  }

  async #run(settledMs: number): Promise<SealingOutcome> {
    const { sealed, aging } = this.#options;
    await this.#dropOthers();
    const there = new Set((await sealed.all()).map(({ block }) => block));
    const block = await this.#nextBlock(there, settledMs);
    if (block !== null) return this.#seal(block);
    if (await aging?.run(() => this.#mayGoOn, this.#pace)) return 'REMOVED';
    await this.#compareOne();
    return 'NOTHING';
  }

  get #mayGoOn(): boolean {
    const { lease, lock } = this.#options;
    return !this.#stopped.signal.aborted && lease.isHeld && lock?.isHeld !== false;
  }

  /** Blocks that are of other turns than the documents, or damaged, and can be sealed again. */
  async #dropOthers(): Promise<void> {
    const { sealed, removal, documents, damage } = this.#options;
    const counting = new Set((await sealed.counting()).map(({ name }) => name));
    const others = (await sealed.all()).filter(({ name }) => !counting.has(name));
    if (others.length === 0) return;
    const oldest = (await documents.oldest()) ?? Infinity;
    const gone = others.filter(
      (entry) =>
        !entry.isOnlyCopy && (!sealed.isDistrusted(entry.name) || entry.firstTurn >= oldest),
    );
    await removal.these(gone);
    for (const { block } of gone) damage.clear(`block ${block}`);
  }

  /** The newest block that has documents, is complete and old enough, and is not sealed. */
  async #nextBlock(there: ReadonlySet<number>, settledMs: number): Promise<number | null> {
    const { documents, ages, backlog } = this.#options;
    const latest = await documents.newest(Infinity);
    if (latest === null) return null;
    const open = blockOf(Math.min(latest, backlog.turns[0] ?? latest));
    for (let block = open - 1; block >= 0; block--) {
      if (there.has(block) || this.#refused.has(block)) continue;
      const newest = await documents.newest(turnsOf(block).last + 1);
      if (newest === null) return null;
      if (blockOf(newest) < block) {
        // Nothing is stored of the blocks between.
        block = blockOf(newest) + 1;
        continue;
      }
      const [age] = await ages.agesFrom(newest, 1);
      const isYoung = (await ages.databaseTime()) - (age?.completedAt ?? NaN) < settledMs;
      if (!isYoung) return block;
    }
    return null;
  }

  async #seal(block: number): Promise<SealingOutcome> {
    const { blocks, sealed, documents, log } = this.#options;
    const kept = new Set((await sealed.all()).map(({ name }) => name));
    await blocks.clear(block, block, kept);
    const { first, last } = turnsOf(block);
    const read: TurnDocument[] = [];
    for await (const document of documents.documents(first, last, this.#pace)) read.push(document);
    const turns = await takenApart(read, this.#pace);
    const packed = await packBlock(turns.whole, turns.ids, this.#pace);
    const seal = sealOf(block, turns, await blocks.write(block, packed));
    const entry = entryAfter(await sealed.last(), seal);
    const fault = await this.#faultOf(entry, read);
    const isOvertaken = !isSameIds(read, await documents.idsWithin(first, last));
    if (fault !== null || isOvertaken) {
      await blocks.clear(block, block, kept);
      if (isOvertaken) return 'OVERTAKEN';
      this.#refused.add(block);
      log.error({ block }, `a block of history could not be sealed: ${fault}`);
      return 'OVERTAKEN';
    }
    if (!this.#mayGoOn) return 'NOT_LEADING';
    if (!(await blocks.publish(entry))) return 'OVERTAKEN';
    log.info({ block, turns: seal.turns, bytes: seal.bytes }, 'a block of history was sealed');
    return 'SEALED';
  }

  /** What is wrong with a block that was written, in words; null where nothing is. */
  async #faultOf(entry: ManifestEntry, read: readonly TurnDocument[]): Promise<string | null> {
    try {
      const whole = await readWhole(this.#options.blocks, entry, this.#pace);
      for await (const { turn } of differences(whole, read, this.#pace)) {
        return `turn ${turn} is not as in its document`;
      }
      return null;
    } catch (error) {
      if (!(error instanceof BlockFault)) throw error;
      return error.message;
    }
  }

  /** Compares the next block with the ids of its documents: one may have been replaced since. */
  async #compareOne(): Promise<void> {
    const { sealed, documents, blocks, removal } = this.#options;
    const counting = await sealed.counting();
    const entry = counting.findLast(({ block }) => block < this.#compared) ?? counting.at(-1);
    if (!entry) return;
    this.#compared = entry.block;
    const { first, last } = turnsOf(entry.block);
    // Of an only copy nothing else stands that it could be held against.
    const there = entry.isOnlyCopy ? null : await documents.idsWithin(first, last);
    try {
      const { whole, ids } = await readWhole(blocks, entry, this.#pace);
      if (there === null) return;
      const sealedIds = new Map([...whole.turns].map((turn, at) => [turn, ids[at]]));
      // What has no document any more is in the block alone: that is no reason to take it away.
      const isOther = [...there].some(([turn, id]) => sealedIds.get(turn) !== id);
      if (isOther) await removal.these([entry]);
    } catch (error) {
      if (!(error instanceof BlockFault)) throw error;
      sealed.distrust(entry.name);
      if (!entry.isOnlyCopy) return;
      this.#options.damage.report(`block ${entry.block}`, wordsOfDamage(entry, error));
    }
  }

  #plan(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#runAndPlan();
    }, ms).unref();
  }

  async #runAndPlan(): Promise<void> {
    const { log } = this.#options;
    const began = performance.now();
    let outcome: SealingOutcome = 'NOTHING';
    try {
      outcome = await unlessAway(this.run(), () => 'NOTHING' as const);
    } catch (error) {
      if (!this.#stopped.signal.aborted) log.error({ err: error }, 'history could not be sealed');
    }
    if (this.#stopped.signal.aborted) return;
    const rest = REST * (performance.now() - began);
    const isMore = outcome === 'SEALED' || outcome === 'REMOVED';
    this.#plan(isMore ? rest : Math.max(EVERY_MS, rest));
  }
}

/** Whether there are these documents, and no other ones. */
function isSameIds(read: readonly TurnDocument[], ids: ReadonlyMap<number, string>): boolean {
  return ids.size === read.length && read.every(({ cycle, id }) => ids.get(cycle.turn) === id);
}
