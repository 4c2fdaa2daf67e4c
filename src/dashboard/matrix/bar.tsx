import { Term } from '../help/term.js';
import type { WordName } from '../help/words.js';
import { show, useViewState } from '../use-view-state.js';
import { overOf, type MatrixSource } from '../wanted-by.js';
import './bar.css';
import { KindChoice, SpanChoice, WindowChoice } from './kind-bar.js';
import { KIND_WORDS, unitWords, type ShownKind } from './kinds.js';
import { Marks, Scale } from './legend.js';
import { Menu } from './menu.js';
import type { Shading } from './shading.js';
import { Tools } from './tools.js';

interface MatrixBarProps {
  readonly turn: number | null;
  readonly source: MatrixSource;
  /** What is compared, where something is. */
  readonly shown: string | null;
  readonly shading: Shading | null;
  readonly download: { readonly json: () => Promise<void>; readonly csv: () => Promise<void> };
}

/** The word of the help that says what each kind is. */
const WORD_OF: Readonly<Record<ShownKind, WordName>> = {
  ID_BENCHMARK: 'benchmark',
  ID_DELTA: 'delta',
  ID_PERCENT: 'percent',
  ID_PCT: 'pct',
  QUANTID: 'quantid',
  CORRELATION: 'correlation',
  COVARIANCE: 'covariance',
  BETA: 'beta',
};

/** What is shown and what can be done with it, in one line. */
export function MatrixBar({ turn, source, shown, shading, download }: MatrixBarProps) {
  const { kind, windowKind, filter } = useViewState();
  const shownKind = windowKind ?? kind;
  const words = KIND_WORDS[shownKind];
  return (
    <div className="matrix-bar">
      <KindChoice />
      <SpanChoice />
      <WindowChoice label="Matrices over a window" />
      <h2 id="matrix-title">
        <span className="hidden">{words.name}, </span>
        <span className="unit">
          <Term name={WORD_OF[shownKind]}>
            {unitWords(shownKind, overOf(source), source.window?.every ?? '')}
          </Term>
        </span>
      </h2>
      {shown !== null && (
        <span className="chip" role="status">
          {shown}{' '}
          <button type="button" className="link" onClick={() => show({ against: null })}>
            Stop comparing
          </button>
        </span>
      )}
      <Sorted />
      {shading && <Scale shading={shading} isRate={shownKind === 'ID_BENCHMARK'} />}
      <label className="filter">
        <span className="hidden">Assets</span>
        <input
          type="search"
          value={filter}
          placeholder="all assets"
          title="Names, or how they begin: BTC ETH"
          onChange={(event) => show({ filter: event.target.value }, true)}
        />
      </label>
      <Menu words="⋯" label="More">
        {() => (
          <>
            <WindowChoice label="More matrices over a window" />
            <Tools
              turn={turn}
              downloadJson={() => void download.json()}
              downloadCsv={() => void download.csv()}
            />
            <Marks />
          </>
        )}
      </Menu>
    </div>
  );
}

/** By what the table is sorted, and how to end that. */
function Sorted() {
  const { rowsBy, columnsBy, rising, layout } = useViewState();
  const by = [rowsBy, columnsBy].filter((name) => name !== null);
  if (by.length === 0 || layout === 'list') return null;
  return (
    <button
      type="button"
      className="chip small"
      title="As in the universe again"
      onClick={() => show({ rowsBy: null, columnsBy: null })}
    >
      {rising ? '↑' : '↓'} {by.join(', ')} <span aria-hidden="true">×</span>
      <span className="hidden">: end sorting</span>
    </button>
  );
}
