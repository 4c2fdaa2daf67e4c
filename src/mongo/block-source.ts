import type { SealedBlocks } from '../history/blocks/sealed-blocks.js';
import type { Database } from './connect.js';
import type { CycleDocument } from './cycle.model.js';
import { LAST_TURN } from './cycle-reading.js';
import {
  BLOCK_TURNS,
  type BlockSource,
  type BlockTimes,
  type SealedTimes,
  type StoredTurn,
  type TurnInterval,
} from './observed-blocks.js';

const BY_TURN_AND_TIME = { turn: 1, observedAt: 1 } as const;

interface BlockRow {
  readonly _id: number;
  readonly earliest: unknown;
  readonly latest: unknown;
  readonly turns: number;
}

/** The times of blocks of turns, from an index or the manifest alone: no cycle is read for them. */
export class MongoBlockSource implements BlockSource {
  readonly #database: Database;
  readonly #sealed: Pick<SealedBlocks, 'counting'> | null;

  constructor(database: Database, sealed: Pick<SealedBlocks, 'counting'> | null) {
    this.#database = database;
    this.#sealed = sealed;
  }

  oldest(): Promise<StoredTurn | null> {
    return this.#end(1, { $gte: 0 });
  }

  newest(before = LAST_TURN + 1): Promise<StoredTurn | null> {
    return this.#end(-1, { $lt: before });
  }

  at(turn: number): Promise<StoredTurn | null> {
    return this.#end(1, { $eq: turn });
  }

  async sealed(): Promise<SealedTimes[]> {
    const entries = (await this.#sealed?.counting()) ?? [];
    return entries.map(({ firstTurn, lastTurn, turns, earliest, latest, lastId, isOnlyCopy }) => ({
      ...{ first: firstTurn, last: lastTurn, turns },
      earliest: earliest ?? -Infinity,
      latest: latest ?? Infinity,
      lastId: isOnlyCopy ? null : lastId,
    }));
  }

  async times({ first, last }: TurnInterval): Promise<BlockTimes[]> {
    const turn = { $gte: first, $lte: last };
    const block = { $floor: { $divide: ['$turn', BLOCK_TURNS] } };
    const [earliest, latest] = [{ $min: '$observedAt' }, { $max: '$observedAt' }];
    const rows = await this.#database.run(() =>
      this.#cycles
        .aggregate<BlockRow>(
          [
            { $match: { turn } },
            { $group: { _id: block, earliest, latest, turns: { $sum: 1 } } },
            { $sort: { _id: 1 } },
          ],
          { hint: BY_TURN_AND_TIME },
        )
        .toArray(),
    );
    return rows.map((row) => ({
      block: row._id,
      turns: row.turns,
      // A document that was touched may hold anything: the block is then never passed over.
      earliest: row.earliest instanceof Date ? row.earliest.getTime() : -Infinity,
      latest: row.latest instanceof Date ? row.latest.getTime() : Infinity,
    }));
  }

  async #end(
    direction: 1 | -1,
    turn: Readonly<Record<string, number>>,
  ): Promise<StoredTurn | null> {
    const document = await this.#database.run(() =>
      this.#cycles.findOne(
        { turn },
        { projection: { turn: 1 }, sort: { turn: direction }, hint: { turn: 1 } },
      ),
    );
    return document && { turn: document.turn, id: document._id.toString() };
  }

  get #cycles() {
    return this.#database.connection.collection<Pick<CycleDocument, '_id' | 'turn'>>(
      'cycle_matrices',
    );
  }
}
