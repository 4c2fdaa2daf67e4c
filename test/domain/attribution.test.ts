import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Attribution,
  contributions,
  valuedHoldings,
  valueOf,
  type ValuedHoldings,
} from '../../src/domain/attribution.js';
import type { WalletSource } from '../../src/domain/wallet.js';

/** What is held of assets and what each is worth; null: nothing, and no price. */
interface Step {
  readonly source?: WalletSource;
  readonly held: Readonly<Record<string, string>>;
  readonly prices: Readonly<Record<string, number | null>>;
  readonly unreadable?: readonly string[];
}

const valued = ({ source = 'PAPER', held, prices, unreadable }: Step): ValuedHoldings =>
  valuedHoldings(
    {
      source,
      balances: Object.entries(held).map(([asset, free]) => ({ asset, free, locked: '0' })),
      ...(unreadable ? { unreadable } : {}),
    },
    (asset) => prices[asset] ?? null,
  );

function attributed(steps: readonly Step[]) {
  const sums = new Attribution();
  const turns = steps.map(valued);
  turns.slice(1).forEach((now, at) => {
    for (const [asset, step] of contributions(turns[at] as ValuedHoldings, now)) {
      sums.add(asset, step);
    }
  });
  return { sums, turns };
}

const of = (steps: readonly Step[]) => Object.fromEntries(attributed(steps).sums.assets);

describe('the attribution of a wallet', () => {
  it.each<[string, readonly Step[], object]>([
    [
      'what the market did is price',
      [
        { held: { BTC: '2' }, prices: { BTC: 100 } },
        { held: { BTC: '2' }, prices: { BTC: 110 } },
      ],
      { BTC: { price: 20, flow: 0, unpriced: 0 } },
    ],
    [
      'a deposit is flow, at the price that it comes at',
      [
        { held: { BTC: '2' }, prices: { BTC: 100 } },
        { held: { BTC: '5' }, prices: { BTC: 110 } },
      ],
      { BTC: { price: 20, flow: 330, unpriced: 0 } },
    ],
    [
      'a trade is flow of both, and cancels out but for its price',
      [
        { held: { BTC: '2', USDT: '0' }, prices: { BTC: 100, USDT: 1 } },
        { held: { BTC: '1', USDT: '100' }, prices: { BTC: 100, USDT: 1 } },
      ],
      { BTC: { price: 0, flow: -100, unpriced: 0 }, USDT: { price: 0, flow: 100, unpriced: 0 } },
    ],
    [
      'an asset that comes and goes was priced before and after',
      [
        { held: {}, prices: { BTC: 100 } },
        { held: { BTC: '1' }, prices: { BTC: 110 } },
        { held: {}, prices: { BTC: 120 } },
      ],
      { BTC: { price: 10, flow: 110 - 120, unpriced: 0 } },
    ],
    [
      'what loses its price and finds it again',
      [
        { held: { BTC: '10' }, prices: { BTC: 2 } },
        { held: { BTC: '10' }, prices: { BTC: null } },
        { held: { BTC: '15' }, prices: { BTC: 3 } },
      ],
      { BTC: { price: 0, flow: 0, unpriced: -20 + 45 } },
    ],
    [
      'an amount that cannot be read is no withdrawal',
      [
        { held: { BTC: '10' }, prices: { BTC: 2 } },
        { held: {}, prices: { BTC: 2 }, unreadable: ['BTC'] },
        { held: { BTC: '10' }, prices: { BTC: 2 } },
      ],
      { BTC: { price: 0, flow: 0, unpriced: -20 + 20 } },
    ],
    [
      'all is flow where the balances come from elsewhere',
      [
        { source: 'PAPER', held: { BTC: '10' }, prices: { BTC: 2 } },
        { source: 'ACCOUNT', held: { ETH: '3' }, prices: { BTC: 3, ETH: 5 } },
      ],
      { BTC: { price: 0, flow: -20, unpriced: 0 }, ETH: { price: 0, flow: 15, unpriced: 0 } },
    ],
  ])('by hand: %s', (_name, steps, expected) => {
    expect(of(steps)).toEqual(expected);
  });
});

const ASSETS = ['BTC', 'ETH', 'USDT', 'X'];
const record = <T>(each: fc.Arbitrary<T>) =>
  fc.record({ BTC: each, ETH: each, USDT: each, X: each }, { requiredKeys: [] });
const amounts = fc.double({ min: 0, max: 1e6, noNaN: true }).map((amount) => amount.toFixed(8));
const course = fc.array(
  fc.record({
    source: fc.constantFrom<WalletSource>('PAPER', 'PAPER', 'PAPER', 'ACCOUNT'),
    held: record(amounts),
    prices: record(fc.option(fc.double({ min: 1e-8, max: 1e5, noNaN: true }), { freq: 5 })),
    unreadable: fc.constantFrom([], [], [], ['Y']),
  }),
  { minLength: 2, maxLength: 30 },
) as fc.Arbitrary<Step[]>;

/** The definition by plain loops over numbers. */
function defined(steps: readonly Step[]) {
  const sums: Record<string, { price: number; flow: number; unpriced: number }> = {};
  const terms: number[] = [];
  for (const asset of ASSETS) {
    const sum = (sums[asset] = { price: 0, flow: 0, unpriced: 0 });
    for (let s = 1; s < steps.length; s++) {
      const [before, now] = [steps[s - 1] as Step, steps[s] as Step];
      const [h0, h1] = [before, now].map(({ held }) => Number(held[asset] ?? 0)) as [
        number,
        number,
      ];
      const [b0 = NaN, b1 = NaN] = [before, now].map(({ prices }) => prices[asset] ?? NaN);
      const change = (Number.isNaN(b1) ? 0 : h1 * b1) - (Number.isNaN(b0) ? 0 : h0 * b0);
      if (before.source !== now.source) sum.flow += change;
      else if (Number.isNaN(b0 + b1)) sum.unpriced += change;
      else {
        sum.price += h0 * (b1 - b0);
        sum.flow += (h1 - h0) * b1;
        terms.push(h0 * (b1 - b0), (h1 - h0) * b1);
        continue;
      }
      terms.push(change);
    }
  }
  return { sums, size: terms.reduce((total, term) => total + Math.abs(term), 0) };
}

describe('of any course of balances and prices, attribution', () => {
  it('is that of an independent program', () => {
    fc.assert(
      fc.property(course, (steps) => {
        const { sums } = attributed(steps);
        const expected = defined(steps);
        for (const asset of ASSETS) {
          expect(sums.assets.get(asset) ?? { price: 0, flow: 0, unpriced: 0 }).toEqual(
            expected.sums[asset],
          );
        }
      }),
    );
  });

  it('sums to the change of value', () => {
    fc.assert(
      fc.property(course, (steps) => {
        const { sums, turns } = attributed(steps);
        let total = 0;
        for (const { price, flow, unpriced } of sums.assets.values())
          total += price + flow + unpriced;
        const [a, b] = [turns[0], turns.at(-1)].map((turn) => valueOf(turn as ValuedHoldings));
        const size = Math.max(Math.abs(a!), Math.abs(b!), defined(steps).size);
        expect(Math.abs(total - (b! - a!))).toBeLessThanOrEqual(1e-12 * size);
      }),
    );
  });
});
