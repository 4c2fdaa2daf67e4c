import { MatrixCellDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import { formatAge, formatValue, KIND_WORDS, unitOf } from '../matrix/kinds.js';
import { useChosenPair } from '../shell/chosen-pair.js';
import { FavouriteButton } from '../shell/favourites.js';
import { ViewLink } from '../shell/view-link.js';
import { useViewState } from '../use-view-state.js';
import './inspector.css';

/** What is known of the chosen pair. */
export function InspectorPane() {
  const pair = useChosenPair();
  const { kind } = useViewState();
  const { turn } = useTurn();
  const { base = '', quote = '' } = pair ?? {};
  const { data } = useAsked(
    MatrixCellDocument,
    { turn: turn ?? 0, kind, base, quote },
    turn === null || pair === null,
  );
  if (!pair) return <p className="inspector quiet">Choose a pair in the matrix.</p>;
  const cell = data?.cycle?.matrix?.cell;
  const isThis = cell?.base === base && cell.quote === quote;
  return (
    <div className="inspector">
      <h2>
        {base} / {quote}
      </h2>
      <FavouriteButton base={base} quote={quote} />
      {isThis && (
        <>
          <p>
            {KIND_WORDS[kind].name} <strong>{formatValue(kind, cell.value)}</strong>{' '}
            <span className="quiet">{unitOf(kind, base, quote)}</span>
          </p>
          {cell.path.length > 0 && <p className="quiet">{cell.path.join(' → ')}</p>}
          {cell.ageMs !== null && <p className="quiet">{formatAge(cell.ageMs)} old</p>}
        </>
      )}
      <ViewLink to="pair">At full size</ViewLink>
    </div>
  );
}
