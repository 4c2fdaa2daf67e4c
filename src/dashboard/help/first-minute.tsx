import { useLive } from '../api/use-live.js';
import { formatMomentNear, formatSpan, useZone } from '../format/moments.js';
import { useNow } from '../shell/use-now.js';
import { addressOf } from '../use-view-state.js';
import { adviceFor } from './advice.js';
import { AdviceSteps } from './advice-steps.js';
import { Term } from './term.js';
import { WarningNotes } from './warnings.js';
import './first-minute.css';

/** What stands in the place of a view before the first cycle: what is waited for, or what to try. */
export function FirstMinute() {
  const { status } = useLive();
  const zone = useZone();
  const now = useNow(1_000);
  if (!status) return null;
  const failure = newer(status.lastFailure, status.lastSkipped);
  const { trouble } = status.exchange;
  const advice = failure && adviceFor(failure.code, trouble?.tryThis ?? []);
  return (
    <section className="first-minute" aria-labelledby="first-title">
      <h2 id="first-title">{advice?.title ?? 'No cycle is stored yet'}</h2>
      {failure ? (
        <>
          <p className="fault">
            {trouble?.message ?? failure.message} <span className="code">{failure.code}</span>{' '}
            <time dateTime={failure.at}>{formatMomentNear(failure.at, now, zone)}</time>
          </p>
          {advice && advice.steps.length > 0 && <AdviceSteps steps={advice.steps} />}
          <p className="quiet">It is tried again by itself: {untilNext(status, now)}.</p>
        </>
      ) : (
        <>
          <p>
            The first <Term name="turn">turn</Term> asks the exchange for all prices; what it
            completes is the first <Term name="cycle">cycle</Term>, and shows up here by itself:{' '}
            {untilNext(status, now)}.
          </p>
          <progress aria-label="Waiting for the first cycle" />
        </>
      )}
      <WarningNotes />
      <p>
        <a href={addressOf({ view: 'status' })}>How the engine stands</a> ·{' '}
        <a href={addressOf({ view: 'help' })}>What the figures mean</a>
      </p>
    </section>
  );
}

type Status = NonNullable<ReturnType<typeof useLive>['status']>;
type Failure = Status['lastFailure'];

function newer(one: Failure, other: Failure): Failure {
  if (!one || !other) return one ?? other;
  return Date.parse(one.at) >= Date.parse(other.at) ? one : other;
}

/** When the next turn is due, in words. */
function untilNext({ nextCycleAt, cycleIntervalMs }: Status, now: number): string {
  if (nextCycleAt === null) return 'a turn is under way';
  const left = Date.parse(nextCycleAt) - now;
  // Clocks may differ: what is due longer than an interval away is not known.
  if (left <= 0 || left > cycleIntervalMs)
    return `a turn is due every ${formatSpan(cycleIntervalMs)}`;
  return `the next turn is due in ${formatSpan(Math.ceil(left / 1_000) * 1_000)}`;
}
