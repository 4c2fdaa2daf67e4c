import { isGiven, type PartFault } from '../domain/alerts/parts.js';
import type { Asset } from '../domain/asset.js';
import type { MatrixKind } from '../domain/matrix.js';
import { MOST_FEE_BPS, type RatePrice, type TradePrice } from '../domain/rates/trade-price.js';
import type {
  AssetFigure,
  ConsistencyFigure,
  Line,
  StrategyFigure,
} from '../domain/series/line.js';
import type { Span } from '../domain/series/span.js';
import { FEWEST_RETURNS, type WindowKind } from '../domain/window/window-matrix.js';
import {
  isWindowLag,
  isWindowLength,
  LONGEST_LAG,
  MOST_BUCKETS,
} from '../history/window-reader.js';

export const LINE_KINDS = [
  ...(['CELL', 'ASSET', 'WALLET', 'BALANCE', 'STRATEGY', 'CONSISTENCY', 'WINDOW'] as const),
] as const satisfies readonly Line['kind'][];
export type LineKind = (typeof LINE_KINDS)[number];

/** Everything that a line can be said by; which of it a line takes is for its kind to say. */
interface Parts {
  readonly matrix: MatrixKind;
  readonly base: Asset;
  readonly quote: Asset;
  readonly price: RatePrice;
  readonly feeBps: number;
  readonly asset: Asset;
  readonly figure: AssetFigure;
  readonly in: Asset;
  readonly strategy: StrategyFigure;
  readonly consistency: ConsistencyFigure;
  readonly window: WindowKind;
  readonly over: Span;
  readonly step: Span;
  readonly lag: number;
}
type Part = keyof Parts;

/** A line as somebody says it. */
export type LineParts = { readonly kind: LineKind } & {
  readonly [Name in Part]?: Parts[Name] | null | undefined;
};

const RATE = ['price', 'feeBps'] as const;
const LENGTH = ['over', 'step'] as const;

/** Which parts a line has to be said by, and which it may be. */
const TAKEN: Readonly<
  Record<LineKind, { readonly required: readonly Part[]; readonly optional: readonly Part[] }>
> = {
  CELL: { required: ['base', 'quote'], optional: ['matrix', ...RATE] },
  ASSET: { required: ['asset', 'figure'], optional: ['in', ...LENGTH] },
  WALLET: { required: [], optional: ['in', ...RATE] },
  BALANCE: { required: ['asset'], optional: ['in', ...RATE] },
  STRATEGY: { required: ['strategy'], optional: [] },
  CONSISTENCY: { required: ['consistency'], optional: [] },
  WINDOW: { required: ['base', 'quote', 'window', ...LENGTH], optional: ['in', 'lag'] },
};

/** The line that is said, or the first thing that is wrong with how it is. */
export function lineOf(parts: LineParts): Line | PartFault {
  return faultOf(parts) ?? said(parts);
}

/** After the faults are looked for: what is required is there. */
function said(parts: LineParts): Line {
  const { kind, matrix, base, quote, asset, figure, window, over, step, lag } = parts as LineParts &
    Parts;
  const priced = pricedBy(parts);
  const numeraire = parts.in ?? null;
  switch (kind) {
    case 'CELL':
      return { kind, matrix: matrix ?? 'ID_BENCHMARK', base, quote, ...priced };
    case 'ASSET':
      return figure === 'VOLATILITY'
        ? { kind, figure, asset, in: numeraire, over, step }
        : { kind, figure, asset, in: numeraire };
    case 'WALLET':
      return { kind, in: numeraire, ...priced };
    case 'BALANCE':
      return { kind, asset, in: numeraire, ...priced };
    case 'STRATEGY':
      return { kind, figure: parts.strategy as StrategyFigure };
    case 'CONSISTENCY':
      return { kind, figure: parts.consistency as ConsistencyFigure };
    case 'WINDOW':
      return { kind, window, base, quote, in: numeraire, over, step, lag: lag ?? 0 };
  }
}

function pricedBy({ price, feeBps }: LineParts): { readonly trade?: TradePrice } {
  if (price === 'MID') return { trade: { price } };
  return price === 'TAKE' ? { trade: { price, feeBps: feeBps ?? 0 } } : {};
}

function faultOf(parts: LineParts): PartFault | null {
  const { kind } = parts;
  const { required, optional } = TAKEN[kind];
  const missing = required.find((part) => !isGiven(parts[part]));
  if (missing) return { part: missing, words: `is required with ${kind}` };
  const all = Object.values(TAKEN).flatMap((taken) => [...taken.required, ...taken.optional]);
  const given = all.filter((part) => isGiven(parts[part]));
  const extra = given.find((part) => !required.includes(part) && !optional.includes(part));
  if (extra) return { part: extra, words: `is not taken with ${kind}` };
  return faultOfPrice(parts) ?? faultOfFigure(parts) ?? faultOfLength(parts);
}

function faultOfPrice({ kind, matrix, price, feeBps }: LineParts): PartFault | null {
  const chosen = price ?? 'LAST';
  const of = matrix ?? 'ID_BENCHMARK';
  if (kind === 'CELL' && of !== 'ID_BENCHMARK' && chosen !== 'LAST') {
    return { part: 'price', words: `is LAST with ${of}` };
  }
  const fee = feeBps ?? 0;
  if (chosen !== 'TAKE' && fee !== 0) {
    return { part: 'feeBps', words: `is taken with price TAKE, not ${chosen}` };
  }
  if (fee >= 0 && fee <= MOST_FEE_BPS) return null;
  return { part: 'feeBps', words: `is to be from 0 to ${MOST_FEE_BPS}` };
}

/** Of a figure of an asset: some are priced, and one is of a window. */
function faultOfFigure(parts: LineParts): PartFault | null {
  const { kind, figure } = parts;
  if (kind !== 'ASSET' || !isGiven(figure)) return null;
  if (figure === 'VOLATILITY') {
    const missing = LENGTH.find((part) => !isGiven(parts[part]));
    return missing ? { part: missing, words: `is required with ${figure}` } : null;
  }
  const priced = figure === 'PRICE' ? [] : (['in'] as const);
  const extra = [...LENGTH, ...priced].find((part) => isGiven(parts[part]));
  return extra ? { part: extra, words: `is not taken with ${figure}` } : null;
}

function faultOfLength({ over, step, lag }: LineParts): PartFault | null {
  if (isGiven(over) && isGiven(step) && !isWindowLength(over / step)) {
    const range = `${FEWEST_RETURNS} to ${MOST_BUCKETS}`;
    return { part: 'over', words: `is to be a whole number of times step, ${range}` };
  }
  if (!isGiven(lag) || isWindowLag(lag)) return null;
  return { part: 'lag', words: `is to be a whole number from 0 to ${LONGEST_LAG}` };
}
