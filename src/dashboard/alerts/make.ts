import type { LineInput, LineKind } from '../../generated/operations.js';
import type { ViewState } from '../view-state.js';
import {
  ASSET_WORDS,
  CONSISTENCY_WORDS,
  MATRIX_WORDS,
  STRATEGY_WORDS,
  WINDOW_WORDS,
} from './words.js';

/** What of the address says which line a rule is to be made over. */
type MadeOver = Pick<ViewState, 'make' | 'base' | 'quote' | 'asset' | 'figure' | 'window'>;

const KINDS: Readonly<Record<NonNullable<ViewState['make']>, LineKind>> = {
  cell: 'CELL',
  asset: 'ASSET',
  wallet: 'WALLET',
  balance: 'BALANCE',
  strategy: 'STRATEGY',
  consistency: 'CONSISTENCY',
  window: 'WINDOW',
};

/** What a view shows to have a rule made over a line: "tell me when…". */
export function toMakeAlert(line: LineInput): Partial<ViewState> {
  const { kind, base, quote, asset, matrix, figure, strategy, consistency, window } = line;
  const make = (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((name) => KINDS[name] === kind);
  return {
    view: 'alerts',
    alert: null,
    make: make ?? null,
    ...(base && { base }),
    ...(quote && { quote }),
    asset: asset ?? null,
    figure: matrix ?? figure ?? strategy ?? consistency ?? window ?? null,
    window: line.over && line.step ? `${line.over}/${line.step}` : null,
  };
}

/** Which assets stand where the address names none. */
export interface KnownAssets {
  /** The universe, in order: what prices are in first. */
  readonly symbols: readonly string[];
  readonly quantBase: string;
}

/** The line that a rule is to be made over; null where none is to be made. */
export function madeOver(state: MadeOver, known: KnownAssets): LineInput | null {
  if (state.make === null) return null;
  return lineOfKind(KINDS[state.make], state, known);
}

/** A line of a kind, with whatever of the address it takes, and the usual for the rest. */
export function lineOfKind(kind: LineKind, state: MadeOver, known: KnownAssets): LineInput {
  const { symbols, quantBase } = known;
  const base = state.base ?? symbols.find((symbol) => symbol !== quantBase) ?? '';
  const quote = state.quote ?? quantBase;
  const asset = state.asset ?? base;
  const [over = '7d', step = '1h'] = state.window?.split('/') ?? [];
  switch (kind) {
    case 'CELL':
      return { kind, base, quote, matrix: oneOf(MATRIX_WORDS, state.figure, 'ID_BENCHMARK') };
    case 'ASSET': {
      const figure = oneOf(ASSET_WORDS, state.figure, 'PRICE');
      if (figure === 'VOLATILITY') return { kind, asset, figure, in: quantBase, over, step };
      return figure === 'PRICE' ? { kind, asset, figure, in: quantBase } : { kind, asset, figure };
    }
    case 'WALLET':
      return { kind, in: quantBase };
    case 'BALANCE':
      return { kind, asset, in: quantBase };
    case 'STRATEGY':
      return { kind, strategy: oneOf(STRATEGY_WORDS, state.figure, 'QUANT') };
    case 'CONSISTENCY':
      return { kind, consistency: oneOf(CONSISTENCY_WORDS, state.figure, 'MEDIAN_BPS') };
    case 'WINDOW': {
      const window = oneOf(WINDOW_WORDS, state.figure, 'CORRELATION');
      return { kind, base, quote, window, in: quantBase, over, step };
    }
  }
}

/** A figure that there are words for; what is none, or none of these, is the usual one. */
function oneOf<T extends string>(
  words: Readonly<Record<T, string>>,
  wanted: string | null,
  usual: NoInfer<T>,
): T {
  return wanted !== null && Object.hasOwn(words, wanted) ? (wanted as T) : usual;
}
