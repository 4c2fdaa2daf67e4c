import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RANGES } from '../../src/dashboard/charts/range-names.js';
import { PAIR_COLUMNS } from '../../src/dashboard/matrix/grid.js';
import { ZOOMS } from '../../src/dashboard/time/range.js';
import { PRICES, rangeText, SHAPES } from '../../src/dashboard/pair/address.js';
import {
  formatViewState,
  KINDS,
  LAYOUTS,
  MAKES,
  ORDERS,
  parseViewState,
  STRATEGY_FIGURES,
  VIEWS,
  WALLET_SHAPES,
  WINDOW_KINDS,
} from '../../src/dashboard/view-state.js';

const asset = fc.option(fc.stringMatching(/^[A-Z0-9]{1,8}$/));
const turn = fc.option(fc.integer({ min: 1, max: 2_147_483_647 }));
const span = fc.option(fc.stringMatching(/^[1-9][0-9]{0,3}[smhdw]$/));
const pairs = fc.uniqueArray(fc.stringMatching(/^[A-Z0-9]{1,8}\/[A-Z0-9]{1,8}$/), { maxLength: 5 });
const freeRange = fc
  .tuple(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 1, max: 1e8 }))
  .map(([from, span]) => rangeText({ from: from * 1_000, to: (from + span) * 1_000 }));
const ofPair = fc
  .tuple(
    fc.record({
      range: fc.constantFrom(...RANGES),
      price: fc.constantFrom(...PRICES),
      shape: fc.constantFrom(...SHAPES),
      compare: pairs.map((names) => names.join()),
    }),
    fc.option(freeRange),
  )
  .map(([how, free]) => ({ ...how, from: free?.from ?? null, to: free?.to ?? null }));
const others = fc.record({
  view: fc.constantFrom(...VIEWS),
  kind: fc.constantFrom(...KINDS),
  over: span,
  windowKind: fc.option(fc.constantFrom(...WINDOW_KINDS)),
  windowOver: span.map((one) => one ?? '24h'),
  windowEvery: span.map((one) => one ?? '15m'),
  windowIn: asset,
  turn,
  base: asset,
  quote: asset,
  layout: fc.constantFrom(...LAYOUTS),
  transposed: fc.boolean(),
  against: turn,
  threshold: fc.option(fc.double({ min: 1e-9, max: 1e9, noNaN: true })),
  filter: fc.string(),
  order: fc.constantFrom(...ORDERS),
  rowsBy: asset,
  columnsBy: asset,
  rising: fc.boolean(),
  inverse: fc.boolean(),
  search: fc.string(),
  sort: fc.constantFrom(...PAIR_COLUMNS),
  ascending: fc.boolean(),
  valueIn: asset,
  make: fc.option(fc.constantFrom(...MAKES)),
  asset,
  figure: fc.option(fc.stringMatching(/^[A-Z_]{1,12}$/)),
  window: fc.option(fc.stringMatching(/^\d[hd]\/\d[mh]$/)),
  alert: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/)),
  track: fc.constantFrom(...ZOOMS),
  term: fc.option(fc.stringMatching(/^[a-z]{1,12}$/)),
  valueAt: fc.constantFrom(...PRICES),
  walletShape: fc.constantFrom(...WALLET_SHAPES),
  strategyFigure: fc.constantFrom(...STRATEGY_FIGURES),
  panes: fc.option(fc.stringMatching(/^~?[1-9]\d{2},~?[1-9]\d{2}$/)),
});

const state = fc.tuple(others, ofPair).map(([rest, pair]) => ({ ...rest, ...pair }));

describe('the address of the dashboard', () => {
  it('holds all that is looked at', () => {
    fc.assert(
      fc.property(state, (one) => {
        expect(parseViewState(formatViewState(one))).toEqual(one);
      }),
    );
  });

  it('is bare for what is shown by default', () => {
    expect(formatViewState(parseViewState(''))).toBe('');
  });

  it('counts what it cannot understand as not said', () => {
    const broken =
      '?view=money&kind=X&turn=-3&against=1e9&threshold=much&layout=&order=1&panes=wide&make=money&track=2h';
    expect(parseViewState(broken)).toEqual(parseViewState(''));
    fc.assert(fc.property(fc.string(), (text) => void parseViewState(`?${text}`)));
  });
});
