import { useLive } from '../api/use-live.js';
import { useNow } from '../shell/use-now.js';

/** The moment and the turn of the newest cycle, and how far it is to the next. */
export function Clock() {
  const { latest } = useLive();
  return (
    <div className="clock">
      {latest && (
        <>
          <time dateTime={latest.observedAt}>{clockTime(latest.observedAt)}</time>
          <span className="quiet roomy"> turn {latest.turn}</span>
        </>
      )}
      <NextCycle />
    </div>
  );
}

function clockTime(moment: string): string {
  return new Date(moment).toLocaleTimeString('en-GB');
}

/** How far it is to the next cycle. */
function NextCycle() {
  const { status, latest, clockOffsetMs, connection } = useLive();
  const now = useNow(200);
  if (!status || connection.state !== 'LIVE') return null;
  const { cycleIntervalMs } = status;
  const started = latest ? Date.parse(latest.completedAt) + clockOffsetMs : now;
  const due = status.nextCycleAt
    ? Date.parse(status.nextCycleAt) + clockOffsetMs
    : started + cycleIntervalMs;
  const left = Math.max(0, due - now);
  const done = Math.min(1, Math.max(0, 1 - left / cycleIntervalMs));
  const seconds = Math.ceil(left / 1_000);
  return (
    <>
      <meter min={0} max={1} value={done} aria-label="Until the next cycle">
        {Math.round(done * 100)} %
      </meter>
      <span className="quiet next roomy" aria-hidden="true">
        {cycleIntervalMs < 2_000
          ? `every ${cycleIntervalMs / 1_000} s`
          : left > 0
            ? `${seconds} s`
            : 'due now'}
      </span>
    </>
  );
}
