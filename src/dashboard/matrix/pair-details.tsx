import { useEffect, useState } from 'react';
import {
  MatrixCellDocument,
  type MatrixKind,
  type RateSource,
} from '../../generated/operations.js';
import { useAsked } from '../api/use-cycle.js';
import type { Pair } from './grid.js';
import { formatAge, formatValue, unitOf } from './kinds.js';

/** How long a pair is pointed at before its path is asked for, milliseconds. */
const REST_MS = 120;

const SOURCE_WORDS: Readonly<Record<RateSource, string>> = {
  DIRECT: 'listed pair',
  INVERSE: 'listed the other way',
  CROSS: 'cross rate',
  IDENTITY: 'the same asset',
};

interface PairDetailsProps {
  readonly pair: Pair | null;
  readonly kind: MatrixKind;
  readonly turn: number;
  readonly staleAfterMs: number;
}

/** All that is known of the pair that is pointed at. */
export function PairDetails({ pair, kind, turn, staleAfterMs }: PairDetailsProps) {
  const rested = useRested(pair);
  const variables = { turn, kind, base: rested?.base ?? '', quote: rested?.quote ?? '' };
  const { data } = useAsked(MatrixCellDocument, variables, rested === null);
  if (!pair) {
    return (
      <p className="details quiet">
        Point at a cell for its source, path and age; open it for its course.
      </p>
    );
  }
  const cell = data?.cycle?.matrix?.cell;
  const isThis = cell?.base === pair.base && cell.quote === pair.quote;
  const isStale = pair.ageMs !== null && pair.ageMs > staleAfterMs;
  return (
    <p className="details" data-testid="details">
      <strong>
        {pair.base}/{pair.quote}
      </strong>{' '}
      <span className="value">
        {formatValue(kind, pair.value)} {unitOf(kind, pair.base, pair.quote)}
      </span>
      {pair.legs === null && <span> no path between them</span>}
      {isThis && cell.source && <span> {SOURCE_WORDS[cell.source]}</span>}
      {isThis && cell.path.length > 0 && <span> {cell.path.join(' → ')}</span>}
      {pair.ageMs !== null && pair.base !== pair.quote && (
        <span className={isStale ? 'stale-words' : ''}>
          {' '}
          {formatAge(pair.ageMs)} old{isStale ? ', stale' : ''}
        </span>
      )}
    </p>
  );
}

/** A pair, once it has been pointed at for a moment. */
function useRested(pair: Pair | null): Pick<Pair, 'base' | 'quote'> | null {
  const name = pair && `${pair.base}/${pair.quote}`;
  const [rested, setRested] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(name), REST_MS);
    return () => clearTimeout(timer);
  }, [name]);
  return pair && rested === name ? pair : null;
}
