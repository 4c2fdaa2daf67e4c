import type { CycleFigures } from '../domain/cycle.js';
import {
  comparesTurns,
  figureOfLine,
  isWindowLine,
  lengthOfWindow,
  type Line,
  type WindowLine,
} from '../domain/series/line.js';
import { lineValue, numeraireAt } from '../domain/series/line-value.js';
import { UNPACED, type Pace } from '../scheduling/slices.js';
import { isReadable, type StoredFigures } from './stored-cycle.js';
import type { WindowReader, WindowRequest } from './window-reader.js';

interface LineValuesOptions {
  readonly windows: Pick<WindowReader, 'figures'>;
  /** What is stored of a turn; null where nothing is. */
  readonly load: (turn: number) => Promise<StoredFigures | null>;
}

/** A line, and its place among those that were asked for. */
interface Placed {
  readonly line: WindowLine;
  readonly at: number;
}

/** The values of lines at one cycle: what its fields answer, and a series of it. */
export class LineValues {
  readonly #options: LineValuesOptions;

  constructor(options: LineValuesOptions) {
    this.#options = options;
  }

  /**
   * By line; null where it has no value. Where a line leaves out what it is in, that is the cycle's own quant
   * base. Of windows everything is read that has not been yet, however much that is.
   */
  async valuesAt(
    figures: CycleFigures,
    lines: readonly Line[],
    pace: Pace = UNPACED,
  ): Promise<(number | null)[]> {
    const before = lines.some(comparesTurns) ? await this.#before(figures) : null;
    const values: (number | null)[] = [];
    const windows: Placed[] = [];
    for (const [at, line] of lines.entries()) {
      if (pace.isSpent) await pace.next();
      if (!isWindowLine(line)) values[at] = lineValue(line, figures, before);
      else if (isOfUniverse(line, figures)) windows.push({ line, at });
      else values[at] = null;
    }
    for (const same of sameWindows(windows, figures)) {
      const found = await this.#readWindow(figures, same, pace);
      same.forEach(({ at }, place) => (values[at] = found[place] ?? null));
    }
    return values;
  }

  async #before({ cycle: { previousTurn } }: CycleFigures): Promise<CycleFigures | null> {
    const stored = previousTurn === null ? null : await this.#options.load(previousTurn);
    return stored !== null && isReadable(stored) ? stored : null;
  }

  async #readWindow(
    figures: CycleFigures,
    same: readonly Placed[],
    pace: Pace,
  ): Promise<(number | null)[]> {
    const [{ line }] = same as [Placed];
    const request = windowRequest(line, figures);
    const asked = same.map((each) => figureOfLine(each.line));
    const budget = { prices: Infinity };
    const found = await this.#options.windows.figures(request, asked, budget, pace);
    return found.map(({ value }) => (Number.isNaN(value) ? null : value));
  }
}

function windowRequest(line: WindowLine, figures: CycleFigures): WindowRequest {
  return {
    cycle: figures.cycle,
    numeraire: numeraireAt(line, figures) as string,
    ...lengthOfWindow(line),
  };
}

function isOfUniverse(line: WindowLine, figures: CycleFigures): boolean {
  const own = line.kind === 'WINDOW' ? [line.base, line.quote] : [line.asset];
  return [...own, numeraireAt(line, figures) as string].every((asset) =>
    figures.universe.includes(asset),
  );
}

/** Lines of the same window stand together: its prices are read once. */
function sameWindows(lines: readonly Placed[], figures: CycleFigures): Placed[][] {
  const groups = new Map<string, Placed[]>();
  for (const placed of lines) {
    const { numeraire, every, length, lag } = windowRequest(placed.line, figures);
    const key = [numeraire, every, length, lag].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), placed]);
  }
  return [...groups.values()];
}
