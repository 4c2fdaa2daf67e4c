import { useMemo } from 'react';
import type { LineInput } from '../../generated/operations.js';
import { RANGE_MS } from '../charts/range-names.js';
import {
  TimeChart,
  type ChartLevel,
  type ChartLine,
  type ChartMark,
} from '../charts/time-chart.js';
import { decimalsFor, formatNumber } from '../format/numbers.js';
import { formatMoment, formatSpan, useZone, type Zone } from '../format/moments.js';
import { ruleOf, typedNumber, type Draft } from './draft.js';
import { TRIAL_RANGES, type RuleCourse, type TrialRange } from './use-course.js';
import type { Trial } from './use-trial.js';
import { lineWords, unitOfLine } from './words.js';

/** Of more firings than that, only the newest are marked. */
const MOST_MARKS = 100;
/** What is said of each value that is drawn. */
const OF_BUCKET = { above: ', highest', below: ', lowest', crosses: '', moves: '' } as const;

const NO_RULE = 'With a number to watch for, it is tested over what is stored.';

interface TrialProps {
  readonly draft: Draft;
  readonly trial: Trial;
  readonly course: RuleCourse | null;
  readonly range: TrialRange;
  readonly setRange: (range: TrialRange) => void;
  readonly setLevel: (level: string) => void;
}

/** What a rule would have fired, in words and on the course of its line, with its level to be dragged. */
export function TrialPart({ draft, trial, course, range, setRange, setLevel }: TrialProps) {
  const zone = useZone();
  return (
    <div className="trial">
      <p className="trial-words">
        <output className={trial.isCurrent ? '' : 'quiet'}>
          {ruleOf(draft) === null ? NO_RULE : wordsOf(trial, course, range, zone)}
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
      <TrialChart draft={draft} trial={trial} course={course} setLevel={setLevel} />
    </div>
  );
}

function TrialChart({
  draft,
  trial,
  course,
  setLevel,
}: Pick<TrialProps, 'draft' | 'trial' | 'course' | 'setLevel'>) {
  const { line, watch } = draft;
  const level = watch === 'moves' ? null : typedNumber(draft.level ?? '');
  const lines = useMemo(
    () => (course ? [lineOf(line, course, OF_BUCKET[watch])] : []),
    [line, course, watch],
  );
  const decimals = decimalsFor(course?.values ?? []);
  const levels = useMemo(
    (): readonly ChartLevel[] =>
      level === null ? [] : [{ value: level, label: formatNumber(level, decimals) }],
    [level, decimals],
  );
  const { test } = trial;
  const marks = useMemo(
    (): readonly ChartMark[] =>
      (test?.firings ?? []).slice(-MOST_MARKS).map(({ observedAt, turn }) => ({
        at: Date.parse(observedAt),
        label: `turn ${turn}`,
      })),
    [test],
  );
  if (!course) return <div className="trial-empty quiet">Reading what is stored…</div>;
  if (course.times.length === 0) {
    return <div className="trial-empty quiet">Nothing is stored in this time.</div>;
  }
  return (
    <TimeChart
      label={lineWords(line)}
      height={240}
      lines={lines}
      levels={levels}
      marks={marks}
      from={course.from}
      to={course.to}
      onLevel={(value) => setLevel(formatNumber(value, decimals))}
    />
  );
}

function lineOf(line: LineInput, { times, values }: RuleCourse, of: string): ChartLine {
  const decimals = decimalsFor(values);
  const unit = unitOfLine(line);
  return {
    name: `${unit === '' ? 'value' : unit}${of}`,
    times,
    values,
    format: (value) => formatNumber(value, decimals),
  };
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
