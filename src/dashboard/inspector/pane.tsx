import { toMakeAlert } from '../alerts/make.js';
import { Term } from '../help/term.js';
import type { WordName } from '../help/words.js';
import { ErrorNote } from '../parts/notes.js';
import { formatAge } from '../format/moments.js';
import { formatNumber, formatPercent, plainNumber } from '../format/numbers.js';
import { KIND_WORDS } from '../matrix/kinds.js';
import { SOURCE_WORDS } from '../matrix/tooltip.js';
import { useRateDigits } from '../matrix/use-look.js';
import { lazyView } from '../shell/lazy-view.js';
import { choosePair, useChosenPair, type ChosenPair } from '../shell/chosen-pair.js';
import { FavouriteButton } from '../shell/favourites.js';
import { ViewLink } from '../shell/view-link.js';
import { show, useViewState } from '../use-view-state.js';
import './inspector.css';
import { spreadBps, usePair, type PairFigures } from './use-pair.js';

/** What draws it comes when the first pair is chosen: the page has its first numbers without. */
const { View: Chart } = lazyView(() => import('./chart.js'), 'InspectorChart');

/** What is known of the chosen pair. */
export function InspectorPane() {
  const pair = useChosenPair();
  if (!pair || pair.base === pair.quote) {
    return (
      <div className="inspector">
        <p className="quiet">
          No pair is chosen. Click a cell, or press Enter on it: its prices stand here then.
        </p>
      </div>
    );
  }
  return <Inspector key={`${pair.base}/${pair.quote}`} pair={pair} />;
}

function Inspector({ pair }: { readonly pair: ChosenPair }) {
  const { base, quote } = pair;
  const { view } = useViewState();
  const { data, error, again } = usePair(pair);
  return (
    <div className="inspector">
      <header>
        <h2>
          {base}/{quote}
        </h2>
        <FavouriteButton base={base} quote={quote} />
        <button
          type="button"
          className="icon"
          title={`Look at ${quote}/${base}`}
          onClick={() => choosePair({ base: quote, quote: base })}
        >
          <span aria-hidden="true">⇄</span>
          <span className="hidden">
            Turn round to {quote}/{base}
          </span>
        </button>
        <ViewLink to="pair" title="At full size">
          <span aria-hidden="true">↗</span>
          <span className="hidden">
            {base}/{quote} at full size
          </span>
        </ViewLink>
      </header>
      {error && <ErrorNote error={error} again={again} />}
      {data && <Figures figures={data} />}
      {view !== 'pair' && <Chart />}
      <TellMeWhen pair={pair} />
    </div>
  );
}

/** Begins a rule over what is looked at of the pair: a cell of a matrix, or of one over a window. */
function TellMeWhen({ pair }: { readonly pair: ChosenPair }) {
  const { kind, windowKind, windowOver, windowEvery, windowIn } = useViewState();
  const line =
    windowKind === null
      ? ({ kind: 'CELL', matrix: kind, ...pair } as const)
      : ({
          kind: 'WINDOW',
          window: windowKind,
          over: windowOver,
          step: windowEvery,
          in: windowIn,
          ...pair,
        } as const);
  return (
    <button type="button" className="tell" onClick={() => show(toMakeAlert(line))}>
      Tell me when {KIND_WORDS[windowKind ?? kind].symbol}…
    </button>
  );
}

function Figures({ figures }: { readonly figures: PairFigures }) {
  const { cell, mid, bid, ask, percents, delta, change, quantid } = figures;
  const { base, quote, value, source, path, ageMs, stale } = cell;
  const decimals = useRateDigits().decimals(base, quote, value);
  const rate = (of: number | null): string => formatNumber(of, decimals);
  const spread = spreadBps(figures);
  const day = percents['24 h'];
  return (
    <>
      <p className="price">
        <strong data-testid="price">{rate(value)}</strong> <span className="quiet">{quote}</span>{' '}
        <span className={day === null || day === 0 ? '' : day > 0 ? 'rose' : 'fell'}>
          {formatPercent(day)} %
        </span>
      </p>
      {value === null && <p>No path between them at this turn.</p>}
      <dl className="prices">
        <Row name="Mid" term="mid">
          {rate(mid)}
        </Row>
        <Row name="Bid, take" term="take">
          {rate(bid)}
        </Row>
        <Row name="Ask">{rate(ask)}</Row>
        <Row name="Spread, bp" term="spread">
          {formatNumber(spread, 2)}
        </Row>
      </dl>
      <dl className="percents">
        {Object.entries(percents).map(([over, percent]) => (
          <Row key={over} name={over}>
            {formatPercent(percent, over === '5 min' || over === '1 h' ? 3 : 2)}
          </Row>
        ))}
      </dl>
      <dl className="prices">
        <Row name="Δ 24 h" term="delta">
          {formatNumber(delta, decimals, { signed: true })}
        </Row>
        <Row name="ΔΔ%, pp" term="pct">
          {formatPercent(change, 3)}
        </Row>
        <Row name="k" term="quantid">
          {formatPercent(quantid, 3)}
        </Row>
        <Row name="All digits">{value === null ? '–' : plainNumber(value)}</Row>
      </dl>
      <p className="path">
        {source && <span>{SOURCE_WORDS[source]}</span>}
        {path.length > 0 && <span>{path.join(' → ')}</span>}
        {ageMs !== null && (
          <span className={stale ? 'stale-words' : ''}>
            {formatAge(ageMs)} old{stale && ', stale'}
          </span>
        )}
      </p>
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly term?: WordName;
  readonly children: string;
}

function Row({ name, term, children }: RowProps) {
  return (
    <div>
      <dt>{term ? <Term name={term}>{name}</Term> : name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
