import { indexAt } from '../cells.js';

/** A listed pair; its base and quote are assets by their numbers. */
export interface Leg {
  readonly base: number;
  readonly quote: number;
}

/**
 * A step is a leg as it is walked from one of its two assets. The steps of an asset stand together,
 * in the order of their legs.
 */
export interface Steps {
  /** By asset, and one more: its first step. */
  readonly stepsFrom: Int32Array;
  /** By step: its leg, the asset that it leads to, and the step that walks the leg back. */
  readonly legOf: Int32Array;
  readonly endOf: Int32Array;
  readonly backOf: Int32Array;
  /** By leg: the step from its base to its quote. */
  readonly baseStep: Int32Array;
}

export function linkSteps(legs: readonly Leg[], size: number): Steps {
  const legsAt = Array.from({ length: size }, (): number[] => []);
  legs.forEach(({ base, quote }, leg) => {
    legsAt[base]?.push(leg);
    legsAt[quote]?.push(leg);
  });
  const stepsFrom = new Int32Array(size + 1);
  legsAt.forEach(({ length }, asset) => {
    stepsFrom[asset + 1] = indexAt(stepsFrom, asset) + length;
  });
  const legOf = Int32Array.from(legsAt.flat());
  const endOf = new Int32Array(legOf.length);
  const backOf = new Int32Array(legOf.length);
  const baseStep = new Int32Array(legs.length);
  const quoteStep = new Int32Array(legs.length);
  legsAt.forEach((own, asset) => {
    own.forEach((leg, n) => {
      const { base, quote } = legs[leg] as Leg;
      const step = indexAt(stepsFrom, asset) + n;
      endOf[step] = asset === base ? quote : base;
      (asset === base ? baseStep : quoteStep)[leg] = step;
    });
  });
  baseStep.forEach((there, leg) => {
    const back = indexAt(quoteStep, leg);
    backOf[there] = back;
    backOf[back] = there;
  });
  return { stepsFrom, legOf, endOf, backOf, baseStep };
}

/**
 * By step: 1 where it gives the rate between its two assets. Where both directions are listed, each
 * gives its own; of two alike, the first by name does.
 */
export function findListings({ baseStep, endOf, backOf }: Steps): Uint8Array {
  const isListing = new Uint8Array(endOf.length);
  const given = new Set<string>();
  const give = (step: number): void => {
    const cell = `${indexAt(endOf, indexAt(backOf, step))}/${indexAt(endOf, step)}`;
    if (given.has(cell)) return;
    given.add(cell);
    isListing[step] = 1;
  };
  baseStep.forEach(give);
  baseStep.forEach((step) => give(indexAt(backOf, step)));
  return isListing;
}

/** By asset: how many assets with a higher number are within its reach. */
export function countAhead({ stepsFrom, endOf }: Steps): Int32Array {
  const size = stepsFrom.length - 1;
  const ahead = new Int32Array(size);
  const isSeen = new Uint8Array(size);
  for (let first = 0; first < size; first++) {
    if (isSeen[first] === 1) continue;
    isSeen[first] = 1;
    const reached = [first];
    for (const asset of reached) {
      for (const end of endOf.subarray(stepsFrom[asset], stepsFrom[asset + 1])) {
        if (isSeen[end] === 1) continue;
        isSeen[end] = 1;
        reached.push(end);
      }
    }
    reached.sort((a, b) => b - a).forEach((asset, higher) => (ahead[asset] = higher));
  }
  return ahead;
}
