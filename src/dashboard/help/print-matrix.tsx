import { useTurn } from '../api/use-turn.js';
import { decimalsFor } from '../format/numbers.js';
import { fixedDecimals, writeValue } from '../matrix/digits.js';
import { KIND_WORDS, unitWords } from '../matrix/kinds.js';
import { useShown } from '../matrix/use-shown.js';
import { useViewState } from '../use-view-state.js';
import { overOf, sourceOf } from '../wanted-by.js';

/** More columns than that go onto no sheet, and are left out. */
const MOST_COLUMNS = 24;
const MOST_ROWS = 400;

/** The matrix that is looked at as a plain table of numbers, for paper. */
export function PrintMatrix() {
  const source = sourceOf(useViewState());
  const { turn } = useTurn();
  const { data } = useShown(turn, source);
  if (!data) return null;
  const { kind, bases, quotes, values } = data.table;
  const columns = quotes.slice(0, MOST_COLUMNS);
  const rows = bases.slice(0, MOST_ROWS);
  const over = overOf(source);
  const fixed = fixedDecimals(kind, over);
  const decimals = columns.map((quote, column) => {
    const others = values.map((cells, row) => (bases[row] === quote ? null : cells[column]));
    return fixed ?? decimalsFor(others.map((value) => value ?? null));
  });
  const { name, symbol } = KIND_WORDS[kind];
  const unit = unitWords(kind, over, source.window?.every ?? '');
  const left = quotes.length - columns.length;
  return (
    <table className="print-table" aria-hidden="true">
      <caption>
        {name} {symbol}, {unit}: one row a base, one column a quote
        {left > 0 && ` (the first ${columns.length} of ${quotes.length})`}
      </caption>
      <thead>
        <tr>
          <th />
          {columns.map((quote) => (
            <th key={quote}>{quote}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((base, row) => (
          <tr key={base}>
            <th>{base}</th>
            {columns.map((quote, column) => (
              <td key={quote}>
                {base === quote
                  ? '·'
                  : writeValue(kind, values[row]?.[column] ?? null, decimals[column] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
