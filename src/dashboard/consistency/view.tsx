import { useMemo, useState } from 'react';
import {
  ConsistencyCourseDocument,
  CycleConsistencyDocument,
  type ConsistencyCourseQuery,
} from '../../generated/operations.js';
import { useCourseRange } from '../api/use-course-range.js';
import { useFollowed } from '../api/use-followed.js';
import { useTurn } from '../api/use-turn.js';
import type { ChartLine } from '../charts/types.js';
import { formatAge } from '../format/moments.js';
import { formatNumber } from '../format/numbers.js';
import { Term } from '../help/term.js';
import { CourseChart } from '../parts/course-chart.js';
import { CourseRangeChoice } from '../parts/course-range.js';
import { EmptyNote, ErrorNote, NotStored, Waiting } from '../parts/notes.js';
import { ShownMoment } from '../parts/shown-moment.js';
import { BPS_DECIMALS, Triangles, type ConsistencyCycle, type Triangle } from './triangles.js';
import './consistency.css';

/** Each triangle is three pairs: a third of so many is listed. */
const MOST_PAIRS = 300;
const CHART_PX = 200;
const POINTS = 500;

/** How far the prices of a turn are from one price for each pair, and how that came. */
export function ConsistencyView() {
  const { turn } = useTurn();
  const variables = turn === null ? null : { turn, first: MOST_PAIRS };
  const { answer, isWaiting, error, again } = useFollowed(
    CycleConsistencyDocument,
    variables,
    false,
  );
  const cycle = answer?.data.cycle ?? null;
  return (
    <section className="consistency" aria-labelledby="consistency-title">
      <div className="view-bar">
        <h2 id="consistency-title">Consistency</h2>
        {cycle && <ShownMoment observedAt={cycle.observedAt} turn={cycle.turn} />}
      </div>
      <Waiting is={isWaiting && !cycle} label="Loading the triangles" />
      {error && <ErrorNote error={error} again={again} />}
      {answer && !cycle && !error && <NotStored turn={answer.variables.turn} />}
      {cycle && <ConsistencyOf cycle={cycle} />}
    </section>
  );
}

function ConsistencyOf({ cycle }: { readonly cycle: ConsistencyCycle }) {
  const { consistency } = cycle;
  if (consistency.triangleCount === 0) {
    return (
      <EmptyNote title="No triangle">
        <p>
          A triangle needs three assets of which each two are listed as a pair, as BTC, ETH and USDT
          are. Among the assets of this universe there is none: add some to ASSETS.
        </p>
      </EmptyNote>
    );
  }
  return (
    <>
      <Headline cycle={cycle} />
      <Course />
      <Triangles cycle={cycle} />
    </>
  );
}

function Headline({ cycle: { consistency } }: { readonly cycle: ConsistencyCycle }) {
  const { medianBps, maxBps, triangleCount, triangles } = consistency;
  const [worst] = triangles ?? [];
  return (
    <dl className="headline">
      <Difference
        name="Median"
        testId="median-bps"
        bps={medianBps}
        about={`over ${formatNumber(triangleCount, 0)} pairs with two legs`}
      />
      <Difference
        name="Largest"
        testId="max-bps"
        bps={maxBps}
        about={worst ? `${worst.base}/${worst.quote}` : ''}
      />
      <div>
        <dt>In words</dt>
        <dd>
          <span className="about">{worst ? wordsOf(worst) : ''}</span>
        </dd>
      </div>
    </dl>
  );
}

interface DifferenceProps {
  readonly name: string;
  readonly testId: string;
  readonly bps: number | null;
  readonly about: string;
}

function Difference({ name, testId, bps, about }: DifferenceProps) {
  return (
    <div>
      <dt>
        <Term name="consistency">{name}</Term>
      </dt>
      <dd>
        <span className="big" data-testid={testId}>
          {formatNumber(bps, BPS_DECIMALS)}
        </span>{' '}
        <span className="unit">bp</span>
        <span className="about">{about}</span>
      </dd>
    </div>
  );
}

/** The largest difference as a sentence. */
function wordsOf({ base, quote, legs, direct, synthetic, bps, ageMs }: Triangle): string {
  const percent = formatNumber(bps / 100, 3);
  const side = direct > synthetic ? 'more' : 'less';
  return `One ${base} costs ${percent} % ${side} ${quote} directly than by way of ${legs.join(' and ')}. The oldest of the three prices is ${formatAge(ageMs)} old; fees and spreads of three trades mostly take more.`;
}

type Series = NonNullable<ConsistencyCourseQuery['consistencySeries']>;

function Course() {
  const [storedFrom, setStoredFrom] = useState<string | null>(null);
  const range = useCourseRange(storedFrom);
  const variables = range.asked && { ...range.asked, maxPoints: POINTS };
  const { answer, isWaiting, error, again } = useFollowed(
    ConsistencyCourseDocument,
    variables,
    range.isLive,
  );
  const series = answer?.data.consistencySeries ?? null;
  if (series && series.from !== storedFrom) setStoredFrom(series.from);
  const lines = useMemo(() => (series ? linesOf(series) : []), [series]);
  return (
    <>
      <div className="view-bar">
        <h3>Over time</h3>
        <CourseRangeChoice shown={range.shown} />
      </div>
      <Waiting is={isWaiting && !series} label="Loading the course of consistency" />
      {error && <ErrorNote error={error} again={again} />}
      {series && (
        <CourseChart
          label="Differences, basis points"
          height={CHART_PX}
          lines={lines}
          range={range}
        />
      )}
    </>
  );
}

/** The order in which consistency-course.graphql gets them. */
const NAMES = ['Median', 'Largest'];

function linesOf({ starts, lines }: Series): ChartLine[] {
  const times = starts.map((start) => start ?? 0);
  return lines.map(({ values }, index) => ({
    name: NAMES[index] ?? '',
    times,
    values,
    format: (value) => formatNumber(value, BPS_DECIMALS),
  }));
}
