import type { RatePrice } from '../../generated/operations.js';
import { PRICES } from '../pair/address.js';
import { show } from '../use-view-state.js';
import { WALLET_SHAPES, type WalletShape } from '../view-state.js';

/** What the wallet is valued in, and at which prices. */
export function ValueChoice({
  asset,
  symbols,
  price,
}: {
  readonly asset: string;
  readonly symbols: readonly string[];
  readonly price: RatePrice;
}) {
  return (
    <>
      <label>
        <span className="narrow-hidden">Valued in</span>{' '}
        <select
          aria-label="Valued in"
          value={asset}
          onChange={(event) => show({ valueIn: event.target.value })}
        >
          {symbols.includes(asset) || <option>{asset}</option>}
          {symbols.map((symbol) => (
            <option key={symbol}>{symbol}</option>
          ))}
        </select>
      </label>
      <select
        aria-label="At which prices"
        value={price}
        onChange={(event) => show({ valueAt: event.target.value as RatePrice })}
      >
        {PRICES.map((each) => (
          <option key={each} value={each}>
            at {each.toLowerCase()}
          </option>
        ))}
      </select>
    </>
  );
}

const SHAPE_WORDS: Readonly<Record<WalletShape, string>> = {
  whole: 'whole',
  assets: 'by asset',
  stacked: 'stacked',
  shares: 'shares, %',
};

/** How the worth is drawn over time. */
export function ShapeChoice({ shape }: { readonly shape: WalletShape }) {
  return (
    <select
      aria-label="How it is drawn"
      value={shape}
      onChange={(event) => show({ walletShape: event.target.value as WalletShape })}
    >
      {WALLET_SHAPES.map((each) => (
        <option key={each} value={each}>
          {SHAPE_WORDS[each]}
        </option>
      ))}
    </select>
  );
}
