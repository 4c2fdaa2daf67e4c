import type { MatrixKind, RatePrice, WindowKind } from '../generated/operations.js';
import { PAIR_COLUMNS, type PairColumn } from './matrix/grid.js';
import { ZOOMS, type Zoom } from './time/range.js';
import { PAIR_DEFAULTS, parsePairAddress, PRICES, type PairAddress } from './pair/address.js';

export const VIEWS = [
  'matrix',
  'pair',
  'wallet',
  'strategy',
  'consistency',
  'alerts',
  'status',
  'help',
] as const;
export type View = (typeof VIEWS)[number];

export const KINDS: readonly MatrixKind[] = [
  'ID_BENCHMARK',
  'ID_DELTA',
  'ID_PERCENT',
  'ID_PCT',
  'QUANTID',
];

export const WINDOW_KINDS: readonly WindowKind[] = ['CORRELATION', 'COVARIANCE', 'BETA'];

export const ORDERS = ['universe', 'strength', 'cluster'] as const;
export type Order = (typeof ORDERS)[number];

export const LAYOUTS = ['table', 'overview', 'list'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Two widths, each with a tilde before it where that pane is folded. */
const PANES = /^~?\d{3,4},~?\d{3,4}$/;

/** Of what an alert can be made. */
export const MAKES = [
  'cell',
  'asset',
  'wallet',
  'balance',
  'strategy',
  'consistency',
  'window',
] as const;

/** How the wallet is drawn over time. */
export const WALLET_SHAPES = ['whole', 'assets', 'stacked', 'shares'] as const;
export type WalletShape = (typeof WALLET_SHAPES)[number];

/** Which figure of the assets is drawn over time. */
export const STRATEGY_FIGURES = ['QUANT', 'STRENGTH'] as const;
export type StrategyFigureShown = (typeof STRATEGY_FIGURES)[number];

/** What is looked at. The address holds all of it, so that it can be shared and gone back to. */
export interface ViewState extends PairAddress {
  readonly view: View;
  readonly kind: MatrixKind;
  /** How far back the matrix looks, as a span; null for the 24 h of the exchange. */
  readonly over: string | null;
  /** A matrix over a window, which is shown in place of the kind; null for none. */
  readonly windowKind: WindowKind | null;
  /** How long the window is, and a bucket of it, as spans. */
  readonly windowOver: string;
  readonly windowEvery: string;
  /** What the assets of the window are priced in; null for the quant base. */
  readonly windowIn: string | null;
  /** A stored turn; null follows the newest. */
  readonly turn: number | null;
  readonly base: string | null;
  readonly quote: string | null;
  readonly layout: Layout;
  readonly transposed: boolean;
  /** The turn to compare with. */
  readonly against: number | null;
  /** Cells whose absolute value is less are faded. */
  readonly threshold: number | null;
  /** Parts of the names of assets to show, in lower case; empty for all. */
  readonly filter: string;
  readonly order: Order;
  /** The column by whose values the rows are sorted, and the row that columns are sorted by. */
  readonly rowsBy: string | null;
  readonly columnsBy: string | null;
  /** Whether those begin with the least value. */
  readonly rising: boolean;
  /** Whether the pair the other way is marked along. */
  readonly inverse: boolean;
  /** What the list of pairs is searched for; empty for all. */
  readonly search: string;
  /** The column that the list is sorted by. */
  readonly sort: PairColumn;
  readonly ascending: boolean;
  /** The asset that the wallet is valued in; null for the quant base. */
  readonly valueIn: string | null;
  /** Of what an alert is being made, with the fields below and the pair; null for none. */
  readonly make: (typeof MAKES)[number] | null;
  readonly asset: string | null;
  /** Which number of it: a kind of matrix, a figure, or what is made of a window. */
  readonly figure: string | null;
  /** How long its window is and how long a bucket of it, for example "7d/1h". */
  readonly window: string | null;
  /** The alert that is being changed, by its id. */
  readonly alert: string | null;
  /** How wide the panes beside the view are, as shell/layout.ts writes it; null as this browser remembers. */
  readonly panes: string | null;
  /** How much of the past the line of time shows. */
  readonly track: Zoom;
  /** The word that the help shows first; null for its beginning. */
  readonly term: string | null;
  /** At which prices it is. */
  readonly valueAt: RatePrice;
  /** How the wallet is drawn over time. */
  readonly walletShape: WalletShape;
  /** Which figure of the assets is drawn over time. */
  readonly strategyFigure: StrategyFigureShown;
}

const DEFAULTS: ViewState = {
  view: 'matrix',
  kind: 'ID_PERCENT',
  over: null,
  windowKind: null,
  windowOver: '24h',
  windowEvery: '15m',
  windowIn: null,
  turn: null,
  base: null,
  quote: null,
  layout: 'table',
  transposed: false,
  against: null,
  threshold: null,
  filter: '',
  order: 'universe',
  rowsBy: null,
  columnsBy: null,
  rising: false,
  inverse: false,
  search: '',
  sort: 'size',
  ascending: false,
  valueIn: null,
  make: null,
  asset: null,
  figure: null,
  window: null,
  alert: null,
  panes: null,
  track: '24h',
  term: null,
  ...PAIR_DEFAULTS,
  valueAt: 'LAST',
  walletShape: 'whole',
  strategyFigure: 'QUANT',
};

/** A length of time as the API has it, for example 90m. */
const SPAN = /^[1-9]\d{0,6}[smhdw]$/;

/** Whether a text is a length of time that the API takes. */
export function isSpan(text: string): boolean {
  return SPAN.test(text);
}

/** Reads an address; what cannot be understood counts as not said. */
export function parseViewState(search: string): ViewState {
  const parameters = new URLSearchParams(search);
  const oneOf = <T, U>(name: string, values: readonly T[], otherwise: U): T | U =>
    values.find((value) => value === parameters.get(name)) ?? otherwise;
  const turn = (name: string): number | null => {
    const text = parameters.get(name) ?? '';
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
  };
  const span = <T>(name: string, otherwise: T): string | T => {
    const text = parameters.get(name) ?? '';
    return isSpan(text) ? text : otherwise;
  };
  const threshold = Number(parameters.get('threshold') ?? NaN);
  return {
    view: oneOf('view', VIEWS, DEFAULTS.view),
    kind: oneOf('kind', KINDS, DEFAULTS.kind),
    over: span('over', DEFAULTS.over),
    windowKind: oneOf('windowKind', WINDOW_KINDS, DEFAULTS.windowKind),
    windowOver: span('windowOver', DEFAULTS.windowOver),
    windowEvery: span('windowEvery', DEFAULTS.windowEvery),
    windowIn: parameters.get('windowIn'),
    turn: turn('turn'),
    base: parameters.get('base'),
    quote: parameters.get('quote'),
    layout: oneOf('layout', LAYOUTS, DEFAULTS.layout),
    transposed: parameters.get('transposed') === 'true',
    against: turn('against'),
    threshold: threshold > 0 && threshold < Infinity ? threshold : null,
    filter: parameters.get('filter') ?? '',
    order: oneOf('order', ORDERS, DEFAULTS.order),
    rowsBy: parameters.get('rowsBy'),
    columnsBy: parameters.get('columnsBy'),
    rising: parameters.get('rising') === 'true',
    inverse: parameters.get('inverse') === 'true',
    search: parameters.get('search') ?? '',
    sort: oneOf('sort', PAIR_COLUMNS, DEFAULTS.sort),
    ascending: parameters.get('ascending') === 'true',
    valueIn: parameters.get('valueIn'),
    make: oneOf('make', MAKES, DEFAULTS.make),
    asset: parameters.get('asset'),
    figure: parameters.get('figure'),
    window: parameters.get('window'),
    alert: parameters.get('alert'),
    panes: PANES.exec(parameters.get('panes') ?? '')?.[0] ?? null,
    track: oneOf('track', ZOOMS, DEFAULTS.track),
    term: parameters.get('term'),
    ...parsePairAddress(parameters),
    valueAt: oneOf('valueAt', PRICES, DEFAULTS.valueAt),
    walletShape: oneOf('walletShape', WALLET_SHAPES, DEFAULTS.walletShape),
    strategyFigure: oneOf('strategyFigure', STRATEGY_FIGURES, DEFAULTS.strategyFigure),
  };
}

/** Writes an address, without what is as it is by default. */
export function formatViewState(state: ViewState): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value !== DEFAULTS[name as keyof ViewState]) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
