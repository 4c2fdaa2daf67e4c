import { formatNumber } from '../format/numbers.js';
import { formatMoment, formatSpan, useZone, type Zone } from '../format/moments.js';
import { TRIAL_RANGES, type RuleCourse, type TrialRange } from './use-course.js';
import type { Trial } from './use-trial.js';

const RANGE_MS: Readonly<Record<TrialRange, number>> = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
};

interface TrialProps {
  readonly trial: Trial;
  readonly course: RuleCourse | null;
  readonly range: TrialRange;
  readonly setRange: (range: TrialRange) => void;
}

/** What a rule would have fired, in words. */
export function TrialPart({ trial, course, range, setRange }: TrialProps) {
  const zone = useZone();
  return (
    <div className="trial">
      <p className="trial-words">
        <output className={trial.isCurrent ? '' : 'quiet'}>
          {wordsOf(trial, course, range, zone)}
        </output>
        <span className="trial-ranges" role="group" aria-label="Tested over">
          {TRIAL_RANGES.map((each) => (
            <button
              key={each}
              type="button"
              className="small"
              aria-pressed={each === range}
              onClick={() => setRange(each)}
            >
              {each}
            </button>
          ))}
        </span>
      </p>
    </div>
  );
}

/** "It would have fired 3 times in the last 24 h, last 26 Nov 2026 14:02:11 (turn 10402)." */
function wordsOf(
  { test, faults }: Trial,
  course: RuleCourse | null,
  range: TrialRange,
  zone: Zone,
): string {
  if (faults.size > 0) return 'It cannot be tested so.';
  if (!test) return 'Testing it over what is stored…';
  const stored = course ? course.to - course.from : Infinity;
  const isPart = stored < RANGE_MS[range] * 0.98;
  const time = `in the last ${formatSpan(RANGE_MS[range])}${isPart ? `, of which ${formatSpan(stored)} are stored` : ''}`;
  const last = test.firings.at(-1);
  if (!last) return `It would not have fired ${time}.`;
  const times = test.total === 1 ? 'once' : `${formatNumber(test.total, 0)} times`;
  const moment = formatMoment(last.observedAt, zone, 'second');
  return `It would have fired ${times} ${time}, last ${moment} (turn ${last.turn}).`;
}
