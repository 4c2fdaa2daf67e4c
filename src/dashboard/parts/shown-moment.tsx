import { formatClock, formatMoment, useZone } from '../format/moments.js';

/** When what is shown was observed, and at which turn. */
export function ShownMoment({
  observedAt,
  turn,
}: {
  readonly observedAt: string;
  readonly turn: number;
}) {
  const zone = useZone();
  return (
    <p className="moment">
      <time dateTime={observedAt}>
        <span className="narrow-hidden">{formatMoment(observedAt, zone, 'day')} </span>
        {formatClock(observedAt, zone)}
      </time>{' '}
      <span className="turn">turn {turn}</span>
    </p>
  );
}
