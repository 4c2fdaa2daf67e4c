import { MATRIX_KINDS, type MatrixKind } from '../domain/matrix.js';
import {
  MOST_FEE_BPS,
  RATE_PRICES,
  type RatePrice,
  type TradePrice,
} from '../domain/rates/trade-price.js';
import { AGGREGATES, type Aggregate } from '../domain/series/aggregate.js';
import { Fault, isFault } from '../domain/series/fault.js';
import type { TurnLine } from '../domain/series/line.js';
import { parseMoment, type Moment } from '../domain/series/moment.js';
import { parseEvery, type Span } from '../domain/series/span.js';

export const FORMATS = ['csv', 'jsonl', 'arrow', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

/** The media type of each. */
export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  arrow: 'application/vnd.apache.arrow.file',
  parquet: 'application/vnd.apache.parquet',
};

/** How many cells one export has at most. */
const MOST_CELLS = 100;

export type CellLine = TurnLine & { readonly kind: 'CELL' };

interface Range {
  readonly format: Format;
  readonly from: Moment;
  readonly to: Moment;
}

/** Cells of a matrix, a row for each turn or bucket. */
export interface CellExport extends Range {
  readonly what: 'CELLS';
  readonly lines: readonly CellLine[];
  readonly every: Span | 'turn';
  /** What is told of each bucket. */
  readonly of: readonly Aggregate[];
}

/** Whole cycles, a row for each. */
export interface FrameExport extends Range {
  readonly what: 'FRAMES';
}

export type ExportRequest = CellExport | FrameExport;

/** What may be said of an export, as text, by the name that callers know it by. */
export const EXPORT_PARAMETERS = [
  ...(['format', 'frames', 'cells', 'kind', 'price', 'feeBps'] as const),
  ...(['from', 'to', 'every', 'of'] as const),
] as const;
type Given = Readonly<Record<string, string | undefined>>;

/** What is wrong with a parameter. */
export interface ParameterFault {
  readonly parameter: string;
  readonly words: string;
}

/** Reads what is to be exported from texts; all faults at once. */
export function readExport(
  given: Given,
): { readonly request: ExportRequest } | { readonly faults: readonly ParameterFault[] } {
  const faults: ParameterFault[] = [];
  const read = <T>(parameter: string, otherwise: string, parse: (text: string) => T | Fault): T => {
    const value = parse(given[parameter] ?? otherwise);
    if (isFault(value)) faults.push({ parameter, words: value.words });
    return value as T;
  };
  const range = {
    format: read('format', 'csv', (text) => oneOf(FORMATS, text)),
    from: read('from', 'start', parseMoment),
    to: read('to', 'now', parseMoment),
  };
  const isOfFrames = read('frames', 'false', parseFlag);
  if (isOfFrames === true) {
    if (range.format === 'csv') {
      faults.push({ parameter: 'format', words: 'expected jsonl, arrow or parquet with frames' });
    }
    for (const parameter of ['cells', 'kind', 'price', 'feeBps', 'every', 'of']) {
      if (given[parameter] !== undefined) {
        faults.push({ parameter, words: 'expected without frames: those are whole' });
      }
    }
    return faults.length > 0 ? { faults } : { request: { what: 'FRAMES', ...range } };
  }
  const matrix = read('kind', 'ID_BENCHMARK', (text) => oneOf(MATRIX_KINDS, text.toUpperCase()));
  const trade = readTrade(read, matrix);
  const lines = read('cells', '', (text) => parseCells(text, matrix, trade));
  const every = read('every', 'turn', parseEvery);
  const of = read('of', 'LAST', parseAggregates);
  if (every === 'turn' && given['of'] !== undefined) {
    faults.push({ parameter: 'of', words: 'expected with every: a turn has one value' });
  }
  if (faults.length > 0) return { faults };
  return { request: { what: 'CELLS', ...range, lines, every, of } };
}

function readTrade(
  read: <T>(parameter: string, otherwise: string, parse: (text: string) => T | Fault) => T,
  matrix: MatrixKind,
): TradePrice | null {
  const price = read<RatePrice>('price', 'LAST', (text) => {
    const found = oneOf(RATE_PRICES, text.toUpperCase());
    if (found === 'LAST' || isFault(found) || matrix === 'ID_BENCHMARK') return found;
    return new Fault(`expected with ID_BENCHMARK, not ${matrix}`);
  });
  const feeBps = read<number>('feeBps', '0', (text) => {
    const fee = /^\d{1,5}(\.\d{1,10})?$/.test(text) ? Number(text) : NaN;
    if (!(fee <= MOST_FEE_BPS)) return new Fault(`expected 0 to ${MOST_FEE_BPS}`);
    return fee !== 0 && price !== 'TAKE' ? new Fault('expected with the price TAKE') : fee;
  });
  if (price === 'LAST') return null;
  return price === 'MID' ? { price } : { price, feeBps };
}

function oneOf<T extends string>(known: readonly T[], text: string): T | Fault {
  return known.find((each) => each === text) ?? new Fault(`expected ${known.join(', ')}`);
}

function parseFlag(text: string): boolean | Fault {
  if (text === 'true' || text === '1' || text === '') return true;
  return text === 'false' || text === '0' ? false : new Fault('expected true or false');
}

function parseAggregates(text: string): readonly Aggregate[] | Fault {
  const found = text.split(',').map((each) => oneOf(AGGREGATES, each.trim().toUpperCase()));
  if (new Set(found).size < found.length) return new Fault('expected each once');
  return found.find(isFault) ?? (found as Aggregate[]);
}

function parseCells(
  text: string,
  matrix: MatrixKind,
  trade: TradePrice | null,
): readonly CellLine[] | Fault {
  const named = text.split(',').map((each) => each.trim());
  const expected = 'expected BASE/QUOTE, several of them separated by commas';
  if (!named.every((each) => /^[^/,]+\/[^/,]+$/.test(each))) return new Fault(expected);
  if (new Set(named).size < named.length) return new Fault('expected each once');
  if (named.length > MOST_CELLS) return new Fault(`expected at most ${MOST_CELLS}`);
  return named.map((each) => {
    const [base = '', quote = ''] = each.split('/');
    return { kind: 'CELL', matrix, base, quote, ...(trade && { trade }) };
  });
}
