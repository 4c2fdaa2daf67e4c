import type { CSSProperties } from 'react';
import { CycleStrategyDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import './strength.css';

/** The assets from the strongest to the weakest. */
export function StrengthPane() {
  const { turn } = useTurn();
  const { data } = useAsked(CycleStrategyDocument, { turn: turn ?? 0 }, turn === null);
  const assets = (data?.cycle?.assets ?? [])
    .flatMap(({ symbol, strength }) => (strength === null ? [] : [{ symbol, strength }]))
    .toSorted((a, b) => b.strength - a.strength);
  const most = Math.max(...assets.map(({ strength }) => Math.abs(strength)), 1e-9);
  return (
    <ol className="strength" aria-label="Assets by strength, percent over 24 h">
      {assets.map(({ symbol, strength }) => (
        <li key={symbol}>
          <span
            className={`strength-bar ${strength < 0 ? 'negative' : 'positive'}`}
            style={{ '--share': Math.abs(strength) / most } as CSSProperties}
            aria-hidden="true"
          />
          <span>{symbol}</span>
          <span className="number">
            {strength > 0 ? '+' : strength < 0 ? '−' : ''}
            {Math.abs(strength).toFixed(2)}
          </span>
        </li>
      ))}
    </ol>
  );
}
