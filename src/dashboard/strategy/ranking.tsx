import type { CSSProperties } from 'react';
import { formatNumber, formatPercent } from '../format/numbers.js';
import { QUANT_DECIMALS } from './figures.js';
import type { StrategyCycle } from './waits.js';

/** The assets from the largest quant to the smallest. */
export function Ranking({ cycle: { assets, aux } }: { readonly cycle: StrategyCycle }) {
  const ranked = assets.toSorted((a, b) => (b.quant ?? -Infinity) - (a.quant ?? -Infinity));
  const strongest = Math.max(...assets.map(({ strength }) => Math.abs(strength ?? 0)), 1e-9);
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label="Assets by quant">
      <table className="ranking">
        <thead>
          <tr>
            <th scope="col" className="number">
              Rank
            </th>
            <th scope="col">Asset</th>
            <th scope="col" className="number">
              Quant
            </th>
            <th scope="col" className="number">
              Strength, %
            </th>
          </tr>
        </thead>
        <tbody>
          {ranked.map(({ symbol, quant, strength }, index) => (
            <tr key={symbol} className={symbol === aux.leadQuant ? 'lead' : ''}>
              <td className="number">{index + 1}</td>
              <th scope="row">
                {symbol}
                {symbol === aux.leadQuant && <span className="badge">lead</span>}
              </th>
              <td className="number">
                <Bar share={quant} />
                <span className="figure-text">
                  {formatNumber(quant, QUANT_DECIMALS, { signed: true })}
                </span>
              </td>
              <td className="number">
                <Bar share={strength === null ? null : strength / strongest} />
                <span className="figure-text">{formatPercent(strength)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A number between -1 and 1 as a bar to one side of the middle. */
function Bar({ share }: { readonly share: number | null }) {
  if (share === null) return null;
  const side = share < 0 ? 'negative' : 'positive';
  return (
    <span
      className={`bar ${side}`}
      aria-hidden="true"
      style={{ '--share': Math.min(1, Math.abs(share)) } as CSSProperties}
    />
  );
}
