import { indexAt, numberAt } from '../cells.js';
import { isBetter } from './path-rule.js';
import type { Steps } from './steps.js';

/**
 * All paths of two legs between assets that no leg joins, from the one whose name sorts first. They
 * stay the same from frame to frame, and most pairs of assets are joined like this: so the best of
 * them is found in less time than by a search.
 */
export interface TwoLegChoices {
  /** By asset, and one more: where the pairs begin that start at it. */
  readonly pairsFrom: Int32Array;
  /** By pair: the asset that it ends at. */
  readonly endOf: Int32Array;
  /** By pair, and one more: its first choice. They are in the order of the names of their legs. */
  readonly choicesFrom: Int32Array;
  /** By choice: the step from the start, and the step back from the end. */
  readonly first: Int32Array;
  readonly back: Int32Array;
}

export function twoLegChoices(steps: Steps, size: number): TwoLegChoices {
  const { stepsFrom, endOf, backOf } = steps;
  const pairsFrom = new Int32Array(size + 1);
  const ends: number[] = [];
  const choicesFrom = [0];
  const first: number[] = [];
  const back: number[] = [];
  for (let start = 0; start < size; start++) {
    const near = stepsOf(start);
    const joined = new Set(near.map((step) => indexAt(endOf, step))).add(start);
    const choices = new Map<number, [first: number, back: number][]>();
    for (const step of near) {
      for (const next of stepsOf(indexAt(endOf, step))) {
        const end = indexAt(endOf, next);
        if (end < start || joined.has(end)) continue;
        const choice: [number, number] = [step, indexAt(backOf, next)];
        const others = choices.get(end);
        if (others) others.push(choice);
        else choices.set(end, [choice]);
      }
    }
    for (const [end, paths] of choices) {
      ends.push(end);
      for (const [step, backStep] of paths) {
        first.push(step);
        back.push(backStep);
      }
      choicesFrom.push(first.length);
    }
    pairsFrom[start + 1] = ends.length;
  }
  return {
    pairsFrom,
    endOf: Int32Array.from(ends),
    choicesFrom: Int32Array.from(choicesFrom),
    first: Int32Array.from(first),
    back: Int32Array.from(back),
  };

  function stepsOf(asset: number): number[] {
    const [from, stop] = [indexAt(stepsFrom, asset), indexAt(stepsFrom, asset + 1)];
    return Array.from({ length: stop - from }, (_, n) => from + n);
  }
}

/** The best choice of a pair. By far the hottest loop that there is. */
export function bestChoice(
  { choicesFrom, first, back }: TwoLegChoices,
  spread: Float64Array,
  pair: number,
): number {
  const stop = indexAt(choicesFrom, pair + 1);
  let best = stop;
  let least = Infinity;
  for (let choice = indexAt(choicesFrom, pair); choice < stop; choice++) {
    const sum = numberAt(spread, indexAt(first, choice)) + numberAt(spread, indexAt(back, choice));
    if (!isBetter(sum, choice, least, best)) continue;
    least = sum;
    best = choice;
  }
  return best;
}
