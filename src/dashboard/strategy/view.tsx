import { useMemo, useState } from 'react';
import { CycleStrategyDocument, TurnMomentDocument } from '../../generated/operations.js';
import { useCourseRange } from '../api/use-course-range.js';
import { useFollowed } from '../api/use-followed.js';
import { useAsked } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import { useZone } from '../format/moments.js';
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
import { MOST_ASSETS, useStrategyCourse } from './use-strategy-course.js';
import type { StrategyCycle } from './waits.js';
import './strategy.css';

/** The strategy's figures of a turn, how they came about, and its settings. */
export function StrategyView() {
  const { turn, isLive } = useTurn();
  const { answer, isWaiting, error, again } = useFollowed(
    CycleStrategyDocument,
    turn === null ? null : { turn },
    false,
  );
  const cycle = answer?.data.cycle ?? null;
  return (
    <section className="strategy" aria-labelledby="strategy-title">
      <div className="view-bar">
        <h2 id="strategy-title">Strategy</h2>
        {cycle && <ShownMoment observedAt={cycle.observedAt} turn={cycle.turn} />}
      </div>
      <Waiting is={isWaiting && !cycle} label="Loading the strategy figures" />
      {error && <ErrorNote error={error} again={again} />}
      {answer && !cycle && !error && <NotStored turn={answer.variables.turn} />}
      {cycle && <StrategyOf cycle={cycle} isLive={isLive} />}
      {!cycle && <Settings running={null} />}
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

function StrategyOf({
  cycle,
  isLive,
}: {
  readonly cycle: StrategyCycle;
  readonly isLive: boolean;
}) {
  const zone = useZone();
  const { strategyFigure } = useViewState();
  const [storedFrom, setStoredFrom] = useState<string | null>(null);
  const range = useCourseRange(storedFrom);
  const { leadSince } = cycle.aux;
  const since = useAsked(TurnMomentDocument, { turn: leadSince ?? 0 }, leadSince === null);
  const sinceCycle = since.data?.cycle;
  const names = useMemo(() => lookedAt(cycle), [cycle.symbols.join(' ')]);
  const { course, isWaiting, error, again } = useStrategyCourse(
    range.asked,
    names,
    strategyFigure,
    range.isLive,
  );
  if (course && course.from !== storedFrom) setStoredFrom(course.from);
  return (
    <>
      <Figures
        cycle={cycle}
        leadSinceAt={sinceCycle?.turn === leadSince ? (sinceCycle?.observedAt ?? null) : null}
        zone={zone}
      />
      <div className="view-bar">
        <h3>Over time</h3>
        <FigureChoice />
        <CourseRangeChoice shown={range.shown} />
      </div>
      <Waiting is={isWaiting && !course} label="Loading the course of the strategy" />
      {error && <ErrorNote error={error} again={again} />}
      {course && <Courses course={course} figure={strategyFigure} range={range} cycle={cycle} />}
      <div className="strategy-tables">
        <Ranking cycle={cycle} />
        {course && course.leads.length > 0 && <LeadsTable leads={course.leads} zone={zone} />}
        <Settings running={isLive ? cycle.config.version : null} />
      </div>
    </>
  );
}
