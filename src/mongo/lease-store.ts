import type { Damage } from '../history/damage.js';
import type { LeaseAnswer, LeaseHolder, LeaseRequest, LeaseStore } from '../cluster/lease-store.js';
import { PATIENCE_MS } from './availability.js';
import { configOf, LeaseDocument } from './config.model.js';
import type { Database } from './connect.js';

/** An instance that has not asked for so long counts as gone, milliseconds. */
const SEEN_MS = 5_000;
/** No lease lasts for so long, milliseconds: one that says so is damaged, or the clock was set back. */
const TOO_LONG_MS = 10 * 60_000;

/** What the holder may do, in words. */
const RIGHTS = {
  lease: 'who runs the turns',
  sealing: 'who seals history',
  delivery: 'who delivers messages of alerts',
} as const;

const HELD: LeaseAnswer = { state: 'HELD', isNew: false, isAlone: false };
const OVERDUE: LeaseAnswer = { ...HELD, state: 'OVERDUE' };

/** The lease in the collection `config`, counted by the database's own clock. */
export class MongoLeaseStore implements LeaseStore {
  readonly #database: Database;
  readonly #damage: Damage;
  readonly #name: LeaseDocument['_id'];

  /** @param name of what: of running the turns, of sealing, or of delivering messages */
  constructor(database: Database, damage: Damage, name: LeaseDocument['_id'] = 'lease') {
    this.#database = database;
    this.#damage = damage;
    this.#name = name;
  }

  take(holder: string, request: LeaseRequest): Promise<LeaseAnswer> {
    let hasAsked = false;
    return this.#database.write(async () => {
      // One whose answer was lost may have taken it from another: what is ours then may be new.
      const mayBeNew = hasAsked;
      hasAsked = true;
      const lease = await this.#update(holder, request);
      if (lease?.wasDamaged) {
        const words = `What is recorded of ${RIGHTS[this.#name]} (${this.#name} in the collection config) was`;
        this.#damage.report(this.#name, `${words} damaged: it counted as free.`);
      }
      request.onHolder?.(holderOf(lease));
      if (lease?.holder === holder) {
        return { state: 'OURS', isNew: mayBeNew || !lease.isRenewed, isAlone: lease.isAlone };
      }
      if (!lease?.holder) return HELD;
      if (!request.isGone(lease.holder)) return lease.expiresAt > lease.at ? HELD : OVERDUE;
      const ofTheGone = { _id: this.#name, holder: lease.holder } as const;
      const expiresAt = { $add: ['$$NOW', request.durationMs] };
      // Only we have asked since; others who live ask again before the first renewal.
      const taken = [
        { $set: { holder, since: { holder, at: '$$NOW' }, expiresAt, isAlone: false } },
        { $unset: 'askedAt' },
      ];
      const { matchedCount } = await this.#leases.updateOne(ofTheGone, taken);
      if (matchedCount === 1) request.onHolder?.({ holder, since: lease.at.getTime() });
      return matchedCount === 1 ? { state: 'OURS', isNew: true, isAlone: false } : HELD;
    }, PATIENCE_MS);
  }

  /** One atomic step: takes or renews the lease where that is allowed, else notes that we asked. */
  #update(holder: string, { durationMs, mayTakeOverdue }: LeaseRequest) {
    // A lease that is not there yet counts as expired: what is missing comes before any date.
    const isOurs = { $eq: ['$holder', holder] };
    const isBroken = { $not: [isAsWritten()] };
    const isExpired = { $or: [{ $lte: ['$expiresAt', '$$NOW'] }, isBroken] };
    const isKept = { $and: [{ $eq: ['$isAlone', true] }, { $not: [isBroken] }] };
    const isFree = mayTakeOverdue ? isExpired : { $and: [isExpired, { $not: [isKept] }] };
    const isTaken = { $or: [isOurs, isFree] };
    const isNewlyOurs = { $and: ['$isTaken', { $not: [isOurs] }] };
    const lastSeen = { $subtract: ['$$NOW', SEEN_MS] };
    // Whoever had it before may still be there. Nobody has asked at a time to come.
    const asked = { $cond: [{ $gt: ['$askedAt', '$$NOW'] }, '$$NOW', '$askedAt'] };
    const askedAt = { $cond: [{ $or: [isOurs, { $not: ['$holder'] }] }, asked, '$$NOW'] };
    return this.#leases.findOneAndUpdate(
      { _id: this.#name },
      [
        { $set: { askedAt, at: '$$NOW', isRenewed: isOurs, isTaken, wasDamaged: isBroken } },
        {
          $set: {
            holder: { $cond: ['$isTaken', holder, '$holder'] },
            since: { $cond: [isNewlyOurs, { holder, at: '$$NOW' }, '$since'] },
            expiresAt: {
              $cond: ['$isTaken', { $add: ['$$NOW', durationMs] }, '$expiresAt'],
            },
            isAlone: { $cond: ['$isTaken', { $lte: ['$askedAt', lastSeen] }, '$isAlone'] },
          },
        },
        { $unset: 'isTaken' },
      ],
      { upsert: true, returnDocument: 'after' },
    );
  }

  async drop(holder: string): Promise<void> {
    const free = {
      $set: { expiresAt: new Date(0), isAlone: false },
      $unset: { holder: '', since: '' },
    } as const;
    await this.#database.write(
      () => this.#leases.updateOne({ _id: this.#name, holder }, free),
      PATIENCE_MS,
    );
  }

  get #leases() {
    return configOf(this.#database, LeaseDocument);
  }
}

function holderOf(lease: LeaseDocument | null): LeaseHolder | null {
  if (typeof lease?.holder !== 'string') return null;
  const { holder, since } = lease;
  const isKnown = since?.holder === holder && since.at instanceof Date;
  return { holder, since: isKnown ? since.at.getTime() : null };
}

/** Whether what stands there can be a lease: nothing yet, one that was given back, or one that is held. */
function isAsWritten() {
  const latest = { $add: ['$$NOW', TOO_LONG_MS] };
  const isTime = { $eq: [{ $type: '$expiresAt' }, 'date'] };
  return {
    $and: [
      { $in: [{ $type: '$holder' }, ['missing', 'string']] },
      { $or: [{ $eq: [{ $type: '$expiresAt' }, 'missing'] }, isTime] },
      { $or: [{ $eq: [{ $type: '$expiresAt' }, 'missing'] }, { $lte: ['$expiresAt', latest] }] },
    ],
  };
}
