import { useLive } from '../api/use-live.js';
import { useNow } from './connection.js';

/** Shows when the next cycle is due. */
export function NextCycle() {
  const { status, latest, clockOffsetMs, connection } = useLive();
  const now = useNow(200);
  if (!status || connection.state !== 'LIVE') return <div className="metronome" />;
  const { cycleIntervalMs } = status;
  const started = latest ? Date.parse(latest.completedAt) + clockOffsetMs : now;
  const due = status.nextCycleAt
    ? Date.parse(status.nextCycleAt) + clockOffsetMs
    : started + cycleIntervalMs;
  const left = Math.max(0, due - now);
  const done = Math.min(1, Math.max(0, 1 - left / cycleIntervalMs));
  const seconds = Math.ceil(left / 1_000);
  return (
    <div className="metronome">
      <meter min={0} max={1} value={done} aria-label="Until the next cycle">
        {Math.round(done * 100)} %
      </meter>
      <span aria-hidden="true">
        {cycleIntervalMs < 2_000
          ? `every ${cycleIntervalMs / 1_000} s`
          : left > 0
            ? `next in ${seconds} s`
            : 'due now'}
      </span>
    </div>
  );
}
