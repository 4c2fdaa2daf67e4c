import { createHash } from 'node:crypto';
import { mongoose } from '@typegoose/typegoose';
import { BSON } from 'mongodb';
import type { CycleDocument } from './cycle.model.js';

/** What a document holds beside its id. */
export type CycleContent = Omit<CycleDocument, '_id'>;

/** The rule by which ids are made; documents of version 0.1.0 name none, which stands for 1. */
export const SCHEMA_VERSION = 2;
/**
 * Of documents whose ids follow from nothing, the first ones and those that were rewritten; a check vouches
 * for them: {@link checkOf}.
 */
export const EARLY_VERSION = 1;

/** Hexadecimal digits of a check. */
const CHECK_LENGTH = 16;

/** The id of a cycle's document: seconds as in every ObjectId, then a digest of its content. */
export function idOf(content: CycleContent): mongoose.Types.ObjectId {
  return idFrom(content, canonical(content));
}

/**
 * Whether an id was made of this content, by the rule that the content names.
 * @param document as it was read: the rule of version 1 counts the order of its fields, too
 */
export function isIdOf(content: CycleContent, { _id, ...document }: CycleDocument): boolean {
  if (content.schemaVersion === EARLY_VERSION) return true;
  const made =
    content.schemaVersion === undefined
      ? [idFrom(content, BSON.serialize(document)), idFrom(content, BSON.serialize(content))]
      : [idOf(content)];
  return made.some((id) => id.equals(_id));
}

/**
 * Vouches for what a document's id does not: for what was added to documents after the rule of their
 * ids, which an instance of an earlier version leaves out when it reads one; and for all of one whose
 * id follows from nothing.
 */
export function checkOf(document: CycleDocument): string {
  const { _id, intervalMs = null, schemaVersion } = document;
  const others = schemaVersion === EARLY_VERSION ? [canonical(document)] : [];
  const text = JSON.stringify([String(_id), exact(intervalMs), ...others]);
  return createHash('sha256').update(text).digest('hex').slice(0, CHECK_LENGTH);
}

/** Whether it is as {@link checkOf} says, or needs none. */
export function isChecked(document: CycleDocument): boolean {
  const { schemaVersion, intervalMs, check } = document;
  const isNeeded = schemaVersion === EARLY_VERSION || intervalMs !== undefined;
  return isNeeded ? check === checkOf(document) : check === undefined;
}

/**
 * The content as one text that depends on nothing but the values: not on the order of fields, nor on
 * how a driver writes numbers. `String(number)` is the shortest text that reads back as the same
 * double.
 */
function canonical(content: CycleContent): string {
  const { aux, config, tickers } = content;
  return JSON.stringify([
    content.schemaVersion,
    content.turn,
    content.previousTurn,
    content.startedAt.getTime(),
    content.observedAt.getTime(),
    content.completedAt.getTime(),
    content.exchange,
    content.universe,
    Object.keys(tickers)
      .sort()
      .flatMap((pair) => [pair, tickers[pair]]),
    content.walletSource,
    content.balances,
    content.quants.map(exact),
    [aux.leadQuant, exact(aux.quant), exact(aux.shift), aux.leadSince, exact(aux.grt)],
    [exact(aux.imprint), exact(aux.luggage), aux.imprintReached, aux.luggageReached],
    exact(content.leadPrice),
    [config.version, config.updatedAt.getTime(), config.tier, config.mode, config.quantBase],
    [exact(config.expectedImprint), exact(config.expectedLuggage)],
    content.staleAfterMs,
    content.formulaVersion,
  ]);
}

/** JSON writes a negative zero as 0, and what is not finite as null. */
function exact(value: number | null): number | string | null {
  if (value === null || (value !== 0 && Number.isFinite(value))) return value;
  return Object.is(value, -0) ? '-0' : String(value);
}

function idFrom({ completedAt }: CycleContent, text: string | Uint8Array) {
  const id = Buffer.alloc(12);
  id.writeUInt32BE(Math.floor(completedAt.getTime() / 1000) >>> 0);
  createHash('sha256').update(text).digest().copy(id, 4, 0, 8);
  return new mongoose.Types.ObjectId(id);
}
