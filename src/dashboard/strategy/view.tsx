import { useMemo, useState } from 'react';
import { CycleStrategyDocument, TurnMomentDocument } from '../../generated/operations.js';
import { useCourseRange, type CourseRange } from '../api/use-course-range.js';
import { useFollowed } from '../api/use-followed.js';
import { useAsked } from '../api/use-asked.js';
import { useTurn } from '../api/use-turn.js';
import { useZone, type Zone } from '../format/moments.js';
import { CourseRangeChoice } from '../parts/course-range.js';
import { ErrorNote, NotStored, Waiting } from '../parts/notes.js';
import { ShownMoment } from '../parts/shown-moment.js';
import { show, useViewState } from '../use-view-state.js';
import { STRATEGY_FIGURES, type StrategyFigureShown } from '../view-state.js';
import { Courses } from './course.js';
import { Figures } from './figures.js';
import { LeadsTable } from './leads-table.js';
import { Ranking } from './ranking.js';
import { Settings } from './settings.js';
import { MOST_ASSETS, useStrategyCourse, type AskedCourse } from './use-strategy-course.js';
import type { StrategyCycle } from './waits.js';
import './strategy.css';

/** The strategy's figures of a turn, how they came about, and its settings. */
export function StrategyView() {
  const { turn, isLive } = useTurn();
  const zone = useZone();
  const { answer, isWaiting, error, again } = useFollowed(
    CycleStrategyDocument,
    turn === null ? null : { turn },
    false,
  );
  const cycle = answer?.data.cycle ?? null;
  const overTime = useOverTime(cycle);
  const leads = overTime.course?.leads ?? [];
  return (
    <section className="strategy" aria-labelledby="strategy-title">
      <div className="view-bar">
        <h2 id="strategy-title">Strategy</h2>
        {cycle && <ShownMoment observedAt={cycle.observedAt} turn={cycle.turn} />}
      </div>
      <Waiting is={isWaiting && !cycle} label="Loading the strategy figures" />
      {error && <ErrorNote error={error} again={again} />}
      {answer && !cycle && !error && <NotStored turn={answer.variables.turn} />}
      {cycle && <FiguresOf cycle={cycle} zone={zone} />}
      {cycle && <OverTime cycle={cycle} {...overTime} />}
      <div className="strategy-tables">
        {cycle && <Ranking cycle={cycle} />}
        {cycle && leads.length > 0 && <LeadsTable leads={leads} zone={zone} />}
        {/* In one place, whatever else is there: in another it would begin anew, without what was typed. */}
        <Settings running={cycle && isLive ? cycle.config.version : null} />
      </div>
    </section>
  );
}

const FIGURE_WORDS: Readonly<Record<StrategyFigureShown, string>> = {
  QUANT: 'Quants',
  STRENGTH: 'Strengths',
};

function FigureChoice() {
  const { strategyFigure } = useViewState();
  return (
    <label>
      <span className="hidden">Lines of the chart</span>
      <select
        value={strategyFigure}
        onChange={(event) => show({ strategyFigure: event.target.value as StrategyFigureShown })}
      >
        {STRATEGY_FIGURES.map((figure) => (
          <option key={figure} value={figure}>
            {FIGURE_WORDS[figure]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The API gives so many assets in one series: of more, those with the largest ±quants. */
function lookedAt({ assets }: StrategyCycle): readonly string[] {
  return assets
    .toSorted((a, b) => Math.abs(b.quant ?? 0) - Math.abs(a.quant ?? 0))
    .slice(0, MOST_ASSETS)
    .map(({ symbol }) => symbol)
    .sort();
}

/** The figures of a turn, and since when its lead leads. */
function FiguresOf({ cycle, zone }: { readonly cycle: StrategyCycle; readonly zone: Zone }) {
  const { leadSince } = cycle.aux;
  const since = useAsked(TurnMomentDocument, { turn: leadSince ?? 0 }, leadSince === null);
  const sinceCycle = since.data?.cycle;
  const leadSinceAt = sinceCycle?.turn === leadSince ? (sinceCycle?.observedAt ?? null) : null;
  return <Figures cycle={cycle} leadSinceAt={leadSinceAt} zone={zone} />;
}

interface CourseOverTime extends AskedCourse {
  readonly range: CourseRange;
}

/** The course of the strategy until the turn that is looked at; nothing is asked without a cycle. */
function useOverTime(cycle: StrategyCycle | null): CourseOverTime {
  const { strategyFigure } = useViewState();
  const [storedFrom, setStoredFrom] = useState<string | null>(null);
  const range = useCourseRange(storedFrom);
  const names = useMemo(() => (cycle ? lookedAt(cycle) : []), [cycle?.symbols.join(' ')]);
  const asked = useStrategyCourse(cycle && range.asked, names, strategyFigure, range.isLive);
  const { course } = asked;
  if (course && course.from !== storedFrom) setStoredFrom(course.from);
  return { ...asked, range };
}

function OverTime({
  cycle,
  range,
  course,
  isWaiting,
  error,
  again,
}: CourseOverTime & { readonly cycle: StrategyCycle }) {
  const { strategyFigure } = useViewState();
  return (
    <>
      <div className="view-bar">
        <h3>Over time</h3>
        <FigureChoice />
        <CourseRangeChoice shown={range.shown} />
      </div>
      <Waiting is={isWaiting && !course} label="Loading the course of the strategy" />
      {error && <ErrorNote error={error} again={again} />}
      {course && <Courses course={course} figure={strategyFigure} range={range} cycle={cycle} />}
    </>
  );
}
