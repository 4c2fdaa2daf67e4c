import type {
  AlertRuleFragment,
  AssetFigure,
  ChannelKind,
  ChannelProblem,
  ConditionInput,
  ConsistencyFigure,
  LineInput,
  LineKind,
  MatrixKind,
  StrategyFigure,
  WindowKind,
} from '../../generated/operations.js';
import { decimalsFor, formatNumber, plainNumber } from '../format/numbers.js';

export type RuleChannel = AlertRuleFragment['channels'][number];

export const LINE_WORDS: Readonly<Record<LineKind, string>> = {
  CELL: 'a pair',
  ASSET: 'an asset',
  WALLET: 'the wallet',
  BALANCE: 'one balance',
  STRATEGY: 'the strategy',
  CONSISTENCY: 'the consistency',
  WINDOW: 'a pair over a window',
};

export const MATRIX_WORDS: Readonly<Record<MatrixKind, string>> = {
  ID_BENCHMARK: 'price',
  ID_DELTA: 'Δ over 24 h',
  ID_PERCENT: 'Δ% over 24 h',
  ID_PCT: 'ΔΔ% of a turn',
  QUANTID: 'quantid',
};

export const ASSET_WORDS: Readonly<Record<AssetFigure, string>> = {
  PRICE: 'price',
  QUANT: 'quant',
  STRENGTH: 'strength',
  VOLATILITY: 'volatility',
};

export const STRATEGY_WORDS: Readonly<Record<StrategyFigure, string>> = {
  QUANT: "the lead's quant",
  SHIFT: "the lead's shift",
  GRT: 'growth of a turn',
  IMPRINT: 'imprint',
  LUGGAGE: 'luggage',
};

export const CONSISTENCY_WORDS: Readonly<Record<ConsistencyFigure, string>> = {
  MEDIAN_BPS: 'median',
  MAX_BPS: 'largest',
};

export const WINDOW_WORDS: Readonly<Record<WindowKind, string>> = {
  CORRELATION: 'correlation',
  COVARIANCE: 'covariance',
  BETA: 'beta',
};

export const CHANNEL_WORDS: Readonly<Record<ChannelKind, string>> = {
  WEBHOOK: 'Webhook',
  TELEGRAM: 'Telegram',
  DISCORD: 'Discord',
  SLACK: 'Slack',
};

/** Why a channel is told nothing, and what to do about it. */
export const PROBLEM_WORDS: Readonly<Record<ChannelProblem, string>> = {
  GONE: 'The receiver said that it is gone for good (410). Give its address anew.',
  UNREACHABLE:
    'A day of attempts came to nothing, so it was switched off. A test that arrives turns it on again.',
  SECRET_UNREADABLE:
    'Its secret was stored under another key of the server, and cannot be read. Have the old key set again (ALERT_SECRET_KEY), or give the secret anew.',
};

/** What a rule watches, for people: "BTC/USDT price", "strength of ETH". */
export function lineWords(line: LineInput): string {
  const priced = line.in ? ` in ${line.in}` : '';
  switch (line.kind) {
    case 'CELL':
      return `${line.base}/${line.quote} ${MATRIX_WORDS[line.matrix ?? 'ID_BENCHMARK']}${atPrice(line)}`;
    case 'ASSET':
      return `${ASSET_WORDS[line.figure ?? 'PRICE']} of ${line.asset}${priced}${overWords(line)}`;
    case 'WALLET':
      return `value of the wallet${priced}${atPrice(line)}`;
    case 'BALANCE':
      return `value of the ${line.asset} held${priced}${atPrice(line)}`;
    case 'STRATEGY':
      return STRATEGY_WORDS[line.strategy ?? 'QUANT'];
    case 'CONSISTENCY':
      return `${CONSISTENCY_WORDS[line.consistency ?? 'MAX_BPS']} deviation from one price`;
    case 'WINDOW': {
      const lag = line.lag ? `, ${line.quote} ${line.lag} earlier` : '';
      const words = WINDOW_WORDS[line.window ?? 'CORRELATION'];
      return `${words} of ${line.base} and ${line.quote}${priced}${overWords(line)}${lag}`;
    }
  }
}

function overWords({ over, step }: LineInput): string {
  return over ? ` over ${over}${step ? ` by ${step}` : ''}` : '';
}

function atPrice({ price, feeBps }: LineInput): string {
  if (!price || price === 'LAST') return '';
  return feeBps ? ` at ${price} less ${feeBps} bp` : ` at ${price}`;
}

/** The unit of a line's values; empty where they have none. */
export function unitOfLine(line: LineInput): string {
  switch (line.kind) {
    case 'CELL':
      return unitOfMatrix(line.matrix ?? 'ID_BENCHMARK', line.quote ?? '');
    case 'ASSET':
      return unitOfAsset(line);
    case 'WALLET':
    case 'BALANCE':
      return line.in ?? '';
    case 'STRATEGY':
      return line.strategy === 'GRT' ? '%' : '';
    case 'CONSISTENCY':
      return 'bp';
    case 'WINDOW':
      return '';
  }
}

function unitOfMatrix(kind: MatrixKind, quote: string): string {
  switch (kind) {
    case 'ID_BENCHMARK':
    case 'ID_DELTA':
      return quote;
    case 'ID_PERCENT':
      return '%';
    case 'ID_PCT':
      return 'pp';
    case 'QUANTID':
      return '';
  }
}

function unitOfAsset({ figure, in: numeraire }: LineInput): string {
  switch (figure) {
    case 'STRENGTH':
      return '%';
    case 'VOLATILITY':
      return '% a year';
    case 'PRICE':
      return numeraire ?? '';
    case 'QUANT':
    case null:
    case undefined:
      return '';
  }
}

/** A number with its unit behind it. */
function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text} ${unit}`;
}

/** Beyond the five significant digits of a price, so that it is told from the level that it crossed. */
const FINER = 2;

/** A value of a line with its unit. */
export function valueWords(line: LineInput, value: number | null): string {
  const unit = unitOfLine(line);
  return withUnit(formatNumber(value, decimalsOf(unit, value)), unit);
}

function decimalsOf(unit: string, value: number | null): number {
  // A covariance is far below one: with four decimals it would be zero.
  if (unit === '') return Math.max(4, decimalsFor([value]));
  return /^(%|pp|bp)/.test(unit) ? 3 : decimalsFor([value]) + FINER;
}

/** A number as somebody gave it, with all of its digits and no others. */
export function givenNumber(value: number): string {
  const [, fraction = ''] = plainNumber(value).split('.');
  return formatNumber(value, fraction.length);
}

/** What is watched for, for people: "is above 70,000 USDT". */
export function conditionWords(condition: ConditionInput, line: LineInput): string {
  const { above, below, crosses, movesPercent, within } = condition;
  const level = (value: number): string => withUnit(givenNumber(value), unitOfLine(line));
  if (typeof above === 'number') return `is above ${level(above)}`;
  if (typeof below === 'number') return `is below ${level(below)}`;
  if (typeof crosses === 'number') return `crosses ${level(crosses)}`;
  return `moves ${givenNumber(movesPercent ?? 0)} % within ${within ?? '?'}`;
}
