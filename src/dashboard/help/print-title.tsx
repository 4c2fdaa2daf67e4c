import { useLive } from '../api/use-live.js';
import { formatNumber } from '../format/numbers.js';
import { formatMoment, formatZone, useZone } from '../format/moments.js';
import { useShownMoment } from '../time/shown-moment.js';
import './print.css';

const EXCHANGES = { BINANCE: 'Binance', SIMULATED: 'simulated prices', REPLAY: 'replayed prices' };

/** What a sheet of paper has to say of itself: from when it is. Seen in print alone. */
export function PrintTitle() {
  const shown = useShownMoment();
  const zone = useZone();
  const { latest, status } = useLive();
  const exchange = latest?.exchange ?? status?.exchange.kind;
  if (!shown?.at) return null;
  return (
    <p className="print-title" aria-hidden="true">
      Dynamics · {formatMoment(shown.at, zone)} {formatZone(shown.at, zone)} · turn{' '}
      {formatNumber(shown.turn, 0)}
      {exchange && ` · ${EXCHANGES[exchange]}`}
    </p>
  );
}
