import type { Asset } from '../domain/asset.js';
import { indexAt } from '../domain/cells.js';
import { figureOfLine, type WindowLength, type WindowLine } from '../domain/series/line.js';
import { nullCode } from '../domain/series/null-reasons.js';
import { NO_RUN } from '../domain/series/runs.js';
import type { WindowCourse } from '../domain/window/window-course.js';
import { WindowFigures, type FigureOfWindow } from '../domain/window/window-figures.js';
import { FEWEST_RETURNS } from '../domain/window/window-matrix.js';
import type { Pace } from '../scheduling/slices.js';

const TOO_FEW_RETURNS = nullCode('TOO_FEW_RETURNS');
const NO_VALUE = nullCode('NO_VALUE');
/** What a figure takes beside its returns, in returns. */
const RETURNS_OF_A_FIGURE = 200;
/** What is worked out of each asset takes so many times as long as what two have in common. */
const TIMES_FOR_AN_ASSET = 4;
/** How many returns the windows of one answer are made of at most: some 6 ns each. */
export const MOST_RETURNS = 110_000_000;
/** How much memory the prices of one answer may take. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** A line over a window. */
interface WorkedOut {
  /** NaN where there is none. */
  readonly value: number;
  readonly isStale: boolean;
  /** Why there is no value; {@link NO_RUN} where there is one. */
  readonly nullCode: number;
}

/** Works out the windows of an answer, each once, all lines of it together, and no other than are asked for. */
export class WindowWork {
  readonly #assets: readonly Asset[];
  readonly #lines: readonly WindowLine[];
  readonly #window: WindowLength;
  readonly #course: WindowCourse;
  /** By window: where its figures stand; -1 where it is not worked out. */
  readonly #rows: Int32Array;
  readonly #figures: WorkedOut[] = [];

  /** @param course all turns are in it */
  constructor(
    assets: readonly Asset[],
    lines: readonly WindowLine[],
    window: WindowLength,
    course: WindowCourse,
  ) {
    this.#assets = assets;
    this.#lines = lines;
    this.#window = window;
    this.#course = course;
    this.#rows = new Int32Array(course.windows).fill(-1);
  }

  /** How many returns a window takes, about. */
  static returnsOf(assets: number, lines: number, { length }: WindowLength): number {
    return (length + RETURNS_OF_A_FIGURE) * (TIMES_FOR_AN_ASSET * assets + lines);
  }

  isDone(window: number): boolean {
    return indexAt(this.#rows, window) !== -1;
  }

  async workOut(window: number, pace: Pace): Promise<void> {
    if (this.isDone(window)) return;
    const { length, lag } = this.#window;
    const returns = this.#course.returnsOf(window, length + lag);
    const figures = new WindowFigures(this.#assets, returns, this.#window);
    const row: WorkedOut[] = [];
    for (const line of this.#lines) {
      if (pace.isSpent) await pace.next();
      row.push(workedOut(figures.of(figureOfLine(line))));
    }
    // Somebody else may have come before.
    if (this.isDone(window)) return;
    this.#rows[window] = this.#figures.length;
    this.#figures.push(...row);
  }

  /** A line over a window that is worked out. */
  get(line: number, window: number): WorkedOut {
    return this.#figures[indexAt(this.#rows, window) + line] as WorkedOut;
  }
}

function workedOut({ value, count, staleCount }: FigureOfWindow): WorkedOut {
  const hasValue = !Number.isNaN(value);
  return {
    value,
    isStale: hasValue && staleCount > 0,
    nullCode: hasValue ? NO_RUN : count < FEWEST_RETURNS ? TOO_FEW_RETURNS : NO_VALUE,
  };
}
