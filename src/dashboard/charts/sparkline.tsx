import { pathOf } from './sparkline-path.js';

interface SparklineProps {
  /** What it shows, for people. */
  readonly label: string;
  /** Evenly apart, or at `times`; null is a gap. */
  readonly values: readonly (number | null)[];
  /** Milliseconds since 1970, one for each value. */
  readonly times?: readonly number[];
  readonly width?: number;
  readonly height?: number;
  /** The name of a CSS variable. */
  readonly colour?: string;
}

const WIDTH_PX = 80;
const HEIGHT_PX = 20;

/** The shape of a course, without axes. */
export function Sparkline({
  label,
  values,
  times,
  width = WIDTH_PX,
  height = HEIGHT_PX,
  colour = '--accent',
}: SparklineProps) {
  return (
    <svg
      className="sparkline"
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      <path
        d={pathOf(values, times, width, height)}
        fill="none"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
        style={{ stroke: `var(${colour})` }}
      />
    </svg>
  );
}
