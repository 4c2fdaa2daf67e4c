import { positionsIn, type Asset, type Universe } from '../domain/asset.js';
import { isFault, type Fault } from '../domain/series/fault.js';
import { parseMoment, type Moment } from '../domain/series/moment.js';
import { parseEvery, parseSpan, type Span } from '../domain/series/span.js';
import { badUserInput } from './errors.js';

/**
 * The position of an asset in the universe.
 * @throws a BAD_USER_INPUT error that names the argument, for an asset outside the universe.
 */
export function assetIndex(universe: Universe, asset: Asset, argument: string): number {
  const index = positionsIn(universe).get(asset);
  if (index !== undefined) return index;
  throw badUserInput(argument, `${JSON.stringify(asset.slice(0, 40))} is not in the universe`);
}

/**
 * The positions of a list of assets; all of the universe where there is no list.
 * @throws a BAD_USER_INPUT error for an asset outside the universe, or one that stands twice.
 */
export function assetIndexes(
  universe: Universe,
  assets: readonly Asset[] | null | undefined,
  argument: string,
): readonly number[] {
  if (assets === null || assets === undefined) return [...universe.keys()];
  const indexes = assets.map((asset) => assetIndex(universe, asset, argument));
  if (new Set(indexes).size !== indexes.length) {
    throw badUserInput(argument, 'expected each asset once');
  }
  return indexes;
}

/** @throws a BAD_USER_INPUT error that names the argument, for text that is no span */
export function readSpan(text: string, argument: string): Span {
  return orRefuse(parseSpan(text), argument);
}

/** @throws a BAD_USER_INPUT error that names the argument, for text that is neither a span nor "turn" */
export function readEvery(text: string, argument: string): Span | 'turn' {
  return orRefuse(parseEvery(text), argument);
}

/** @throws a BAD_USER_INPUT error that names the argument, for text that is no moment */
export function readMoment(text: string, argument: string): Moment {
  return orRefuse(parseMoment(text), argument);
}

/** @throws a BAD_USER_INPUT error that names the argument and says what is wrong with it */
function orRefuse<T>(read: T | Fault, argument: string): T {
  if (isFault(read)) throw badUserInput(argument, read.words);
  return read;
}
