import type { Cycle } from '../domain/cycle.js';
import type { Batch, Column } from './columns.js';

/** Raised whenever files of frames have other columns. */
export const FRAME_FORMAT = 1;

/** Where cycles come from, as the database has recorded it at its first write. */
export interface FrameOrigin {
  readonly exchange: string;
  /** The address of the exchange's API, or the recording's name. */
  readonly source: string;
  /** The kind of account. */
  readonly account: string;
}

export function isSameOrigin(one: FrameOrigin, other: FrameOrigin): boolean {
  return originWords(one) === originWords(other);
}

export function originWords({ exchange, source, account }: FrameOrigin): string {
  return [exchange, source, account].join(', ');
}

/** One row of a file of frames: all that is stored of a turn. */
export const FRAME_COLUMNS = [
  { name: 'format', type: 'whole' },
  { name: 'exchange', type: 'text' },
  { name: 'source', type: 'text' },
  { name: 'account', type: 'text' },
  { name: 'turn', type: 'whole' },
  { name: 'previousTurn', type: 'whole', mayBeNull: true },
  { name: 'startedAt', type: 'time' },
  { name: 'observedAt', type: 'time' },
  { name: 'completedAt', type: 'time' },
  { name: 'intervalMs', type: 'double', mayBeNull: true },
  { name: 'staleAfterMs', type: 'double' },
  { name: 'formulaVersion', type: 'whole' },
  { name: 'universe', type: { list: 'text' } },
  {
    name: 'tickers',
    type: {
      list: {
        struct: [
          { name: 'symbol', type: 'text' },
          { name: 'base', type: 'text' },
          { name: 'quote', type: 'text' },
          { name: 'last', type: 'double' },
          { name: 'open', type: 'double' },
          { name: 'bid', type: 'double' },
          { name: 'ask', type: 'double' },
          { name: 'quoteVolume', type: 'double' },
          { name: 'closeTime', type: 'time' },
        ],
      },
    },
  },
  { name: 'walletSource', type: 'text' },
  {
    name: 'balances',
    type: {
      list: {
        struct: [
          { name: 'asset', type: 'text' },
          { name: 'free', type: 'text' },
          { name: 'locked', type: 'text' },
        ],
      },
    },
  },
  { name: 'unreadableBalances', type: { list: 'text' } },
  {
    name: 'config',
    type: {
      struct: [
        { name: 'version', type: 'whole' },
        { name: 'updatedAt', type: 'time' },
        { name: 'tier', type: 'text' },
        { name: 'mode', type: 'text' },
        { name: 'quantBase', type: 'text' },
        { name: 'expectedImprint', type: 'double' },
        { name: 'expectedLuggage', type: 'double' },
      ],
    },
  },
  { name: 'quants', type: { list: 'double', mayHaveNulls: true } },
  { name: 'leadPrice', type: 'double', mayBeNull: true },
  { name: 'leadQuant', type: 'text', mayBeNull: true },
  { name: 'quant', type: 'double', mayBeNull: true },
  { name: 'shift', type: 'double', mayBeNull: true },
  { name: 'leadSince', type: 'whole' },
  { name: 'grt', type: 'double', mayBeNull: true },
  { name: 'imprint', type: 'double', mayBeNull: true },
  { name: 'luggage', type: 'double' },
  { name: 'imprintReached', type: 'flag', mayBeNull: true },
  { name: 'luggageReached', type: 'flag', mayBeNull: true },
] as const satisfies readonly Column[];

type FrameRow = Readonly<Record<(typeof FRAME_COLUMNS)[number]['name'], unknown>>;

/** Cycles as rows. */
export function frameBatch(cycles: readonly Cycle[], origin: FrameOrigin): Batch {
  const rows = cycles.map((cycle) => rowOf(cycle, origin));
  return {
    rows: rows.length,
    columns: FRAME_COLUMNS.map(({ name }) => rows.map((row) => row[name])),
  };
}

function rowOf(cycle: Cycle, { exchange: _recorded, ...origin }: FrameOrigin): FrameRow {
  const { frame, holdings, quants, aux, turn, previousTurn, startedAt, completedAt } = cycle;
  const { exchange, intervalMs, staleAfterMs, formulaVersion, universe, config, leadPrice } = cycle;
  const { turn: _turn, ...figures } = aux;
  return {
    format: FRAME_FORMAT,
    ...{ exchange, ...origin, turn, previousTurn, startedAt, completedAt },
    observedAt: frame.observedAt,
    ...{ intervalMs, staleAfterMs, formulaVersion, universe, config, leadPrice },
    tickers: frame.tickers,
    walletSource: holdings.source,
    balances: holdings.balances,
    unreadableBalances: holdings.unreadable ?? [],
    quants: quants.values,
    ...figures,
  };
}
