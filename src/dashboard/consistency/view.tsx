import { InspectTurnDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import { EmptyNote, ErrorNote, Waiting } from '../parts/notes.js';

/** How far the prices of a turn were from one price for each pair. */
export function ConsistencyView() {
  const { turn } = useTurn();
  const { data, isWaiting, error, again } = useAsked(
    InspectTurnDocument,
    { turn: turn ?? 0 },
    turn === null,
  );
  const figures = data?.cycle?.consistency;
  return (
    <section aria-labelledby="consistency-title">
      <h2 id="consistency-title">Consistency</h2>
      <Waiting is={isWaiting && !figures} label="Loading the consistency" />
      {error && <ErrorNote error={error} again={again} />}
      {data && !data.cycle && turn !== null && <EmptyNote title={`Turn ${turn} is not stored`} />}
      {figures && (
        <dl className="facts">
          <div>
            <dt>Median, basis points</dt>
            <dd>{figures.medianBps?.toFixed(2) ?? '–'}</dd>
          </div>
          <div>
            <dt>Largest, basis points</dt>
            <dd>{figures.maxBps?.toFixed(2) ?? '–'}</dd>
          </div>
          <div>
            <dt>The triangle with the largest</dt>
            <dd>{figures.worst?.join(', ') ?? '–'}</dd>
          </div>
        </dl>
      )}
    </section>
  );
}
