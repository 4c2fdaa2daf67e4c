import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { MatrixCellDocument, type RateSource } from '../../generated/operations.js';
import { useAsked } from '../api/use-asked.js';
import { formatAge } from '../format/moments.js';
import { writeValue } from './digits.js';
import { pairNamed, type Grid, type Pair } from './grid.js';
import { isOfTurn, unitOf, type ShownKind } from './kinds.js';
import { usePointed, type Pointed, type PointedPair } from './pointed.js';

/** How long a pair is pointed at before it is told about, milliseconds. */
const REST_MS = 150;
/** Where it stands from the pointer, and from the edge of the window, pixels. */
const APART = 14;
const EDGE = 4;

/** How a rate was found, for people. */
export const SOURCE_WORDS: Readonly<Record<RateSource, string>> = {
  DIRECT: 'listed pair',
  INVERSE: 'listed the other way',
  CROSS: 'cross rate',
  IDENTITY: 'the same asset',
};

interface TooltipProps {
  readonly pointed: Pointed;
  readonly grid: Grid;
  readonly kind: ShownKind;
  /** How far back the values look, as a span; null for the 24 h of the exchange. */
  readonly over: string | null;
  readonly turn: number;
  readonly staleAfterMs: number;
  readonly decimalsOf: (pair: Pair) => number;
}

/** All that is known of the pair that is pointed at, beside the pointer once it rests there. */
export function Tooltip({ pointed, grid, ...about }: TooltipProps) {
  const place = useRested(usePointed(pointed));
  const element = useRef<HTMLDivElement>(null);
  const pair = place && pairNamed(grid, place.base, place.quote);
  const isShown = pair !== null;
  useLayoutEffect(() => {
    const shown = element.current;
    if (!shown || !place) return;
    // Above everything, wherever in the page it stands.
    if (isShown && !shown.matches(':popover-open')) shown.showPopover();
    const { width, height } = shown.getBoundingClientRect();
    const [right, below] = [place.x + APART, place.y + APART];
    const left = right + width > window.innerWidth - EDGE ? place.x - APART - width : right;
    const top = below + height > window.innerHeight - EDGE ? place.y - APART - height : below;
    shown.style.left = `${Math.max(EDGE, left)}px`;
    shown.style.top = `${Math.max(EDGE, top)}px`;
  }, [place, isShown]);
  return (
    pair && (
      <div ref={element} popover="manual" className="tooltip" data-testid="details">
        <Words pair={pair} pointed={pointed} {...about} />
      </div>
    )
  );
}

type WordsProps = Omit<TooltipProps, 'grid'> & { readonly pair: Pair };

function Words({ pair, pointed, kind, over, turn, staleAfterMs, decimalsOf }: WordsProps) {
  const { base, quote, value, ageMs } = pair;
  const isRate = isOfTurn(kind);
  const variables = { turn, kind: isRate ? kind : 'ID_BENCHMARK', over, base, quote } as const;
  const { data } = useAsked(MatrixCellDocument, variables, !isRate);
  const cell = data?.cycle?.matrix?.cell;
  const isThis = cell?.base === base && cell.quote === quote;
  const exact = isThis && data?.cycle?.turn === turn ? cell.value : null;
  useEffect(() => {
    pointed.exact = exact === null ? null : { base, quote, turn, value: exact };
  }, [pointed, base, quote, turn, exact]);
  const isStale = ageMs !== null && ageMs > staleAfterMs;
  return (
    <>
      <strong>
        {base}/{quote}
      </strong>{' '}
      <span className="value">
        {writeValue(kind, value, decimalsOf(pair))} {unitOf(kind, base, quote)}
      </span>
      {isRate && pair.legs === null && <span> no path between them</span>}
      {isThis && cell.source && <span> {SOURCE_WORDS[cell.source]}</span>}
      {isThis && cell.path.length > 0 && <span> {cell.path.join(' → ')}</span>}
      {ageMs !== null && base !== quote && (
        <span className={isStale ? 'stale-words' : ''}>
          {' '}
          {formatAge(ageMs)} old{isStale ? ', stale' : ''}
        </span>
      )}
    </>
  );
}

/** A pair, once it has been pointed at for a moment; the next one at once, while the last is told about. */
function useRested(pair: PointedPair | null): PointedPair | null {
  const [rested, setRested] = useState<PointedPair | null>(null);
  const isTelling = rested !== null;
  useEffect(() => {
    const timer = setTimeout(() => setRested(pair), pair && !isTelling ? REST_MS : 0);
    return () => clearTimeout(timer);
  }, [pair, isTelling]);
  return pair ? rested : null;
}
