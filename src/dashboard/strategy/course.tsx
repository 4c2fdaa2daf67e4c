import { useMemo } from 'react';
import type { CourseRange } from '../api/use-course-range.js';
import { colourOf } from '../charts/colours.js';
import type { ChartLevel, ChartLine } from '../charts/types.js';
import { formatNumber, formatPercent } from '../format/numbers.js';
import { CourseChart } from '../parts/course-chart.js';
import type { StrategyFigureShown } from '../view-state.js';
import { QUANT_DECIMALS } from './figures.js';
import { bandsOf } from './leads.js';
import type { StrategyCourse } from './use-strategy-course.js';
import { formatRatio, type StrategyCycle } from './waits.js';

const CHART_PX = 220;
const SMALL_PX = 150;

const formatQuant = (value: number): string =>
  formatNumber(value, QUANT_DECIMALS, { signed: true });

interface CoursesProps {
  readonly course: StrategyCourse;
  readonly figure: StrategyFigureShown;
  readonly range: CourseRange;
  /** Of the turn that is looked at. */
  readonly cycle: StrategyCycle;
}

/** The strategy over time: quants or strengths with who led as bands, then what came of the leads. */
export function Courses({ course, figure, range, cycle }: CoursesProps) {
  const { times, figures, leads, lines } = course;
  const { config, symbols } = cycle;
  const assetLines = useMemo(
    () =>
      lines.map(({ asset, values }): ChartLine => ({
        name: asset,
        times,
        values,
        format: figure === 'QUANT' ? formatQuant : (value) => formatPercent(value),
      })),
    [times, lines, figure],
  );
  const bands = useMemo(() => {
    const shown = lines.map(({ asset }) => asset);
    const others = symbols.filter((symbol) => !shown.includes(symbol));
    return bandsOf(leads, [...shown, ...others], (place) => colourOf(undefined, place));
  }, [leads, lines, symbols]);
  const ratios = useMemo(
    (): ChartLine[] => [
      { name: 'Imprint', times, values: figures.imprint, format: formatRatio },
      { name: 'Luggage', times, values: figures.luggage, format: formatRatio },
    ],
    [times, figures],
  );
  const levels = useMemo(() => levelsOf(config), [config]);
  return (
    <>
      <CourseChart
        label={figure === 'QUANT' ? 'Quants, −1 to +1' : 'Strengths, %'}
        height={CHART_PX}
        lines={assetLines}
        bands={bands}
        range={range}
      />
      <CourseChart
        label="Imprint and luggage of the lead"
        height={SMALL_PX}
        lines={ratios}
        levels={levels}
        range={range}
      />
    </>
  );
}

/** What the settings wait for; said once where both wait for the same. */
function levelsOf({ expectedImprint, expectedLuggage }: StrategyCycle['config']): ChartLevel[] {
  if (expectedImprint === expectedLuggage)
    return [{ value: expectedImprint, label: 'expected of both' }];
  return [
    { value: expectedImprint, label: 'expected imprint' },
    { value: expectedLuggage, label: 'expected luggage' },
  ];
}
