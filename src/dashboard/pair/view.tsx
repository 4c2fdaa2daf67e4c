import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import { formatValue, KIND_WORDS } from '../matrix/kinds.js';
import { EmptyNote, ErrorNote, Waiting } from '../parts/notes.js';
import { show, useViewState } from '../use-view-state.js';
import { KINDS } from '../view-state.js';
import { Chart } from './chart.js';
import { COURSE_TURNS, useCourse, type CoursePoint } from './course.js';
import './pair.css';

/** The course of one pair over the newest turns, in all five kinds. */
export function PairView() {
  const { latest } = useLive();
  const state = useViewState();
  const symbols = latest?.symbols ?? [];
  const base = state.base ?? symbols[1] ?? '';
  const quote = state.quote ?? symbols[0] ?? '';
  const unknown = [base, quote].filter((asset) => !symbols.includes(asset));
  if (symbols.length === 0) return null;
  return (
    <section aria-labelledby="pair-title">
      <h2 id="pair-title">
        {base}/{quote} <span className="quiet">over the last {COURSE_TURNS} turns</span>
      </h2>
      <p className="tools">
        <AssetChoice
          label="Base"
          value={base}
          assets={symbols}
          choose={(asset) => show({ base: asset, quote })}
        />
        <AssetChoice
          label="Quote"
          value={quote}
          assets={symbols}
          choose={(asset) => show({ base, quote: asset })}
        />
        <button type="button" onClick={() => show({ base: quote, quote: base })}>
          Swap
        </button>
        <button type="button" onClick={() => show({ view: 'matrix' })}>
          Back to the matrix
        </button>
      </p>
      {unknown.length > 0 ? (
        <EmptyNote title={`${unknown.join(' and ')}: not of the universe`}>
          <p>Choose two of {symbols.join(', ')}.</p>
        </EmptyNote>
      ) : (
        <Charts base={base} quote={quote} />
      )}
    </section>
  );
}

function AssetChoice({
  label,
  value,
  assets,
  choose,
}: {
  readonly label: string;
  readonly value: string;
  readonly assets: readonly string[];
  readonly choose: (asset: string) => void;
}) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {assets.includes(value) || <option>{value}</option>}
        {assets.map((asset) => (
          <option key={asset}>{asset}</option>
        ))}
      </select>
    </label>
  );
}

function Charts({ base, quote }: { readonly base: string; readonly quote: string }) {
  const { points, isWaiting, error } = useCourse(base, quote);
  const { turn } = useTurn();
  return (
    <>
      <Waiting is={isWaiting} label="Loading the course" />
      {error && <ErrorNote error={error} />}
      <div className="charts">
        {KINDS.map((kind) => (
          <Chart key={kind} points={points} kind={kind} base={base} quote={quote} turn={turn} />
        ))}
      </div>
      <Numbers points={points} base={base} quote={quote} />
    </>
  );
}

/** The same as numbers, the newest first. */
function Numbers({
  points,
  base,
  quote,
}: {
  readonly points: readonly CoursePoint[];
  readonly base: string;
  readonly quote: string;
}) {
  return (
    <details className="numbers">
      <summary>All {points.length} turns as numbers</summary>
      <div className="scroller" tabIndex={0} role="region" aria-label="Turns as numbers">
        <table>
          <caption className="hidden">
            {base}/{quote}
          </caption>
          <thead>
            <tr>
              <th scope="col">Turn</th>
              <th scope="col">Observed</th>
              {KINDS.map((kind) => (
                <th key={kind} scope="col" className="number">
                  {KIND_WORDS[kind].name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map(({ turn, observedAt, values }) => (
              <tr key={turn}>
                <th scope="row">{turn}</th>
                <td>{new Date(observedAt).toLocaleTimeString()}</td>
                {KINDS.map((kind) => (
                  <td key={kind} className="number">
                    {formatValue(kind, values[kind])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
