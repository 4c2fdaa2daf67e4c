import type { Asset, Universe } from '../asset.js';
import { NO_RUN } from './runs.js';

/** Why a line has no value at a turn. */
export const NULL_REASONS = [
  /** The turn is stored and cannot be read. */
  'UNREADABLE',
  /** An asset of the line is not in the turn's universe. */
  'NOT_IN_UNIVERSE',
  /** No path of listed pairs joins the two assets. */
  'NO_PATH',
  /** Bid or ask of a leg is unknown, at a price to trade at. */
  'NO_BID_ASK',
  /** The turn was built upon none, and the figure compares it with the one before. */
  'NO_TURN_BEFORE',
  /** The figure compares the turn with the one before, which has no value or cannot be had. */
  'NO_VALUE_BEFORE',
  /** The wallet holds nothing of the asset. */
  'NOT_HELD',
  /** A window has fewer than 3 returns of the line's assets. */
  'TOO_FEW_RETURNS',
  /** The figure itself has no value at the turn, or one beyond the range of a double. */
  'NO_VALUE',
] as const;
export type NullReason = (typeof NULL_REASONS)[number];

/** By index: a code for why there is no value; {@link NO_RUN} where there is one. */
export type NullCodes = Int32Array;

export function nullCode(reason: NullReason): number {
  return NULL_REASONS.indexOf(reason) + 1;
}

export function nullReason(code: number): NullReason {
  return NULL_REASONS[code - 1] as NullReason;
}

const UNREADABLE = nullCode('UNREADABLE');
const NOT_IN_UNIVERSE = nullCode('NOT_IN_UNIVERSE');

/**
 * Why there is no value wherever a turn cannot be read or lacks one of some assets; else the code that
 * is given.
 */
export function codesOfMembers(
  universes: readonly (Universe | null)[],
  assets: readonly Asset[],
  otherwise: number = NO_RUN,
): NullCodes {
  const codes = new Int32Array(universes.length);
  for (let from = 0, to = 0; from < universes.length; from = to) {
    const universe = universes[from] ?? null;
    while (to < universes.length && (universes[to] ?? null) === universe) to++;
    codes.fill(universe === null ? UNREADABLE : codeOf(universe), from, to);
  }
  return codes;

  function codeOf(universe: Universe): number {
    return assets.every((asset) => universe.includes(asset)) ? otherwise : NOT_IN_UNIVERSE;
  }
}
