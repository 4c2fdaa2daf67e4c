import type { NullReason } from '../../generated/operations.js';
import { useLive } from '../api/use-live.js';
import { formatMoment, useZone } from '../format/moments.js';
import { show } from '../use-view-state.js';
import { nameOf } from './contents.js';
import type { Cell } from './series.js';
import type { AskedSeries } from './use-series.js';

const REASON_WORDS: Readonly<Partial<Record<NullReason, string>>> = {
  NO_PATH: 'No path of listed pairs joins the two assets.',
  NO_BID_ASK: 'Bid and ask of a leg are unknown: the last price has no such hole.',
  NOT_IN_UNIVERSE: 'An asset was not yet in the universe then.',
  UNREADABLE: 'What is stored there cannot be read.',
};

/** Why a chart has nothing to draw, and what to do. */
export function Nothing({
  cells,
  asked,
}: {
  readonly cells: readonly Cell[];
  readonly asked: AskedSeries;
}) {
  const { latest } = useLive();
  const zone = useZone();
  const { series } = asked;
  const isWithoutTurns = series === null || series.lastTurn === null;
  const reason = series?.lines[0]?.reason ?? null;
  return (
    <div className="chart-note" role="status">
      {isWithoutTurns ? (
        <>
          <p>No turn is stored in this range.</p>
          {latest && <p>The newest was at {formatMoment(latest.observedAt, zone)}.</p>}
        </>
      ) : (
        <p>
          {cells.map(nameOf).join(', ')} has no value here.{' '}
          {reason === null ? '' : (REASON_WORDS[reason] ?? reason)}
        </p>
      )}
      <p>
        {reason === 'NO_BID_ASK' && (
          <button type="button" className="small" onClick={() => show({ price: 'LAST' })}>
            Last price
          </button>
        )}
        <button
          type="button"
          className="small"
          onClick={() => show({ range: 'all', from: null, to: null })}
        >
          All that is stored
        </button>
      </p>
    </div>
  );
}
