import type { Pair } from '../asset.js';
import { areJoined, candidatesBetween, legsOf, pairsOfBoth } from './candidates.js';
import type { Line } from './line.js';

/**
 * The pairs whose prices a line is made of, as far as can be told from what is listed at one turn: so
 * that what an answer costs is known before it is read.
 */
export function pairsReadFor(
  line: Line,
  numeraire: string,
  listed: readonly Pair[],
): readonly Pair[] {
  switch (line.kind) {
    case 'CELL':
      if (line.matrix === 'QUANTID') return listed;
      return pairsBetween(line.base, line.quote, listed);
    case 'WINDOW':
      return [line.base, line.quote].flatMap((asset) =>
        pairsBetween(asset, line.in ?? numeraire, listed),
      );
    case 'ASSET':
      if (line.figure === 'QUANT') return [];
      if (line.figure === 'STRENGTH') return listed;
      return pairsBetween(line.asset, line.in ?? numeraire, listed);
    case 'BALANCE':
      return pairsBetween(line.asset, line.in ?? numeraire, listed);
    case 'WALLET':
    case 'CONSISTENCY':
      return listed;
    case 'STRATEGY':
      return [];
  }
}

/** Whether a line needs the figures of each turn's whole frame, which take longer than its prices. */
export function isOfFrames(line: Line): boolean {
  switch (line.kind) {
    case 'CELL':
      return line.matrix === 'QUANTID';
    case 'ASSET':
      return line.figure === 'STRENGTH';
    case 'CONSISTENCY':
      return true;
    case 'WALLET':
    case 'BALANCE':
    case 'STRATEGY':
    case 'WINDOW':
      return false;
  }
}

function pairsBetween(base: string, quote: string, listed: readonly Pair[]): readonly Pair[] {
  if (base === quote) return [];
  const direct = pairsOfBoth(base, quote, listed);
  if (direct.length > 0) return direct;
  const legs = legsOf(candidatesBetween(base, quote, listed));
  if (legs.length > 0) return legs;
  return areJoined(base, quote, listed) ? listed : [];
}
