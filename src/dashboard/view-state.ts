import type { MatrixKind } from '../generated/operations.js';
import { PAIR_COLUMNS, type PairColumn } from './matrix/grid.js';

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

export const ORDERS = ['universe', 'strength', 'cluster'] as const;
export type Order = (typeof ORDERS)[number];

export const LAYOUTS = ['table', 'overview', 'list'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Two widths, each with a tilde before it where that pane is folded. */
const PANES = /^~?\d{3,4},~?\d{3,4}$/;

/** Of what an alert can be made. */
export const MAKES = [
  ...(['cell', 'asset', 'wallet', 'balance', 'strategy', 'consistency', 'window'] as const),
] as const;

/** What is looked at. The address holds all of it, so that it can be shared and gone back to. */
export interface ViewState {
  readonly view: View;
  readonly kind: MatrixKind;
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
}

const DEFAULTS: ViewState = {
  view: 'matrix',
  kind: 'ID_PERCENT',
  turn: null,
  base: null,
  quote: null,
  layout: 'table',
  transposed: false,
  against: null,
  threshold: null,
  filter: '',
  order: 'universe',
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
};

/** Reads an address; what cannot be understood counts as not said. */
export function parseViewState(search: string): ViewState {
  const parameters = new URLSearchParams(search);
  const oneOf = <T extends string>(name: string, values: readonly T[], otherwise: T): T =>
    values.find((value) => value === parameters.get(name)) ?? otherwise;
  const turn = (name: string): number | null => {
    const text = parameters.get(name) ?? '';
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
  };
  const threshold = Number(parameters.get('threshold') ?? NaN);
  return {
    view: oneOf('view', VIEWS, DEFAULTS.view),
    kind: oneOf('kind', KINDS, DEFAULTS.kind),
    turn: turn('turn'),
    base: parameters.get('base'),
    quote: parameters.get('quote'),
    layout: oneOf('layout', LAYOUTS, DEFAULTS.layout),
    transposed: parameters.get('transposed') === 'true',
    against: turn('against'),
    threshold: threshold > 0 && threshold < Infinity ? threshold : null,
    filter: parameters.get('filter') ?? '',
    order: oneOf('order', ORDERS, DEFAULTS.order),
    inverse: parameters.get('inverse') === 'true',
    search: parameters.get('search') ?? '',
    sort: oneOf('sort', PAIR_COLUMNS, DEFAULTS.sort),
    ascending: parameters.get('ascending') === 'true',
    valueIn: parameters.get('valueIn'),
    make: MAKES.find((make) => make === parameters.get('make')) ?? null,
    asset: parameters.get('asset'),
    figure: parameters.get('figure'),
    window: parameters.get('window'),
    alert: parameters.get('alert'),
    panes: PANES.exec(parameters.get('panes') ?? '')?.[0] ?? null,
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
