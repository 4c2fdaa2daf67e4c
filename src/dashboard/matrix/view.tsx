import { useCallback, useMemo, useState } from 'react';
import type { MatrixKind, MatrixTableFragment } from '../../generated/operations.js';
import { useCycleMatrix, type CycleMatrix } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import { EmptyNote, ErrorNote, Waiting } from '../parts/notes.js';
import { show, useViewState } from '../use-view-state.js';
import { KINDS } from '../view-state.js';
import {
  arrange,
  compare,
  filterAssets,
  gridOf,
  meets,
  pairNamed,
  pairsOf,
  searchPairs,
  sortPairs,
  transpose,
  type Grid,
  type Pair,
} from './grid.js';
import { Heatmap } from './heatmap.js';
import { KIND_WORDS, shadingOf, UNIT_WORDS } from './kinds.js';
import { Legend } from './legend.js';
import { Overview } from './overview.js';
import { PairDetails } from './pair-details.js';
import { PairList } from './pair-list.js';
import { Tools } from './tools.js';
import { useDownload } from './use-download.js';
import { useOrder } from './use-order.js';
import './matrix.css';

/** One of the five matrices of a turn, with the tools to look at it. */
export function MatrixView() {
  const { kind, against } = useViewState();
  const { turn } = useTurn();
  // What two turns have in common leaves little of the digits that are shown of each.
  const isExact = against !== null;
  const asked = useCycleMatrix(turn, kind, { isExact });
  const other = useCycleMatrix(against, kind, { isExact });
  return (
    <section aria-labelledby="matrix-title">
      <KindChoice kind={kind} />
      <Waiting is={asked.isWaiting && !asked.data} label="Loading the matrix" />
      {asked.error && <ErrorNote error={asked.error} again={asked.again} />}
      {other.error && <ErrorNote error={other.error} again={other.again} />}
      {asked.data ? (
        <Matrix cycle={asked.data} other={against === null ? null : other.data} />
      ) : (
        !asked.isWaiting &&
        !asked.error &&
        turn !== null && (
          <EmptyNote title={`Turn ${turn} is not stored`}>
            <button type="button" onClick={() => show({ turn: null })}>
              Go to the newest
            </button>
          </EmptyNote>
        )
      )}
    </section>
  );
}

function KindChoice({ kind }: { readonly kind: MatrixKind }) {
  return (
    <nav className="kinds" aria-label="Kinds of matrix">
      {KINDS.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === kind}
          title={KIND_WORDS[each].about}
          onClick={() => show({ kind: each, threshold: null })}
        >
          <span className="symbol" aria-hidden="true">
            {KIND_WORDS[each].symbol}
          </span>{' '}
          {KIND_WORDS[each].name}
        </button>
      ))}
    </nav>
  );
}

function Matrix({
  cycle,
  other,
}: {
  readonly cycle: CycleMatrix;
  readonly other: CycleMatrix | null;
}) {
  const state = useViewState();
  const { matrix, turn, staleAfterMs } = cycle;
  const { kind } = matrix;
  const order = useOrder(matrix.bases, state.order);
  // By name: what is known of it changes with each turn.
  const [pointed, setPointed] = useState<Pick<Pair, 'base' | 'quote'> | null>(null);
  const against = other && other.turn === state.against ? other : null;
  const { filter, transposed } = state;
  const arranged = useCallback(
    (table: MatrixTableFragment, minus: MatrixTableFragment | null) => {
      const all = arrange(gridOf(table), filterAssets(order, filter));
      const seen = minus ? compare(all, gridOf(minus)) : all;
      return transposed ? transpose(seen) : seen;
    },
    [order, filter, transposed],
  );
  const grid = useMemo(
    () => arranged(matrix, against?.matrix ?? null),
    [arranged, matrix, against],
  );
  const shading = useMemo(
    () => shadingOf(kind, against !== null, offDiagonal(grid)),
    [grid, kind, against],
  );
  const { layout, search, sort, ascending, threshold } = state;
  const listed = useCallback(
    (of: Grid) => {
      if (layout !== 'list') return null;
      const seen = pairsOf(of).filter(({ value }) => meets(value, threshold));
      return sortPairs(searchPairs(seen, search), sort, !ascending);
    },
    [layout, search, sort, ascending, threshold],
  );
  const pairs = useMemo(() => listed(grid) ?? [], [listed, grid]);
  const download = useDownload({ cycle, against, arranged, listed });
  const open = useCallback(({ base, quote }: Pair) => {
    if (base !== quote) show({ view: 'pair', base, quote });
  }, []);

  const words = KIND_WORDS[kind];
  const label = `${words.name} (${words.symbol}), ${UNIT_WORDS[matrix.unit]}, turn ${turn}${
    against ? ` minus turn ${against.turn}` : ''
  }`;

  return (
    <>
      <h2 id="matrix-title">
        {words.name} <span className="quiet">{words.symbol}</span>{' '}
        <span className="unit">{UNIT_WORDS[matrix.unit]}</span>
      </h2>
      <Tools
        turn={turn}
        downloadJson={() => void download.json()}
        downloadCsv={() => void download.csv()}
      />
      {download.error && <ErrorNote error={download.error} />}
      {against && (
        <p className="note" role="status">
          Turn {turn} minus turn {against.turn}.{' '}
          <button type="button" onClick={() => show({ against: null })}>
            Stop comparing
          </button>
        </p>
      )}
      {kind === 'ID_PCT' && cycle.previousTurn === null && (
        <p className="note">A first turn has no change: there is none before it.</p>
      )}
      {grid.bases.length === 0 ? (
        <EmptyNote title="No asset matches">
          <button type="button" onClick={() => show({ filter: '' })}>
            Show all assets
          </button>
        </EmptyNote>
      ) : (
        <>
          {layout !== 'list' && (
            <>
              <Legend kind={kind} shading={shading} />
              <PairDetails
                pair={pointed && pairNamed(grid, pointed.base, pointed.quote)}
                kind={kind}
                turn={turn}
                staleAfterMs={staleAfterMs}
              />
            </>
          )}
          {layout === 'table' && (
            <Heatmap
              grid={grid}
              kind={kind}
              shading={shading}
              label={label}
              staleAfterMs={staleAfterMs}
              threshold={threshold}
              marked={state.inverse ? pointed : null}
              onPoint={setPointed}
              onOpen={open}
            />
          )}
          {layout === 'overview' && (
            <Overview
              grid={grid}
              shading={shading}
              label={label}
              threshold={threshold}
              onPoint={setPointed}
              onOpen={open}
            />
          )}
          {layout === 'list' && <PairList pairs={pairs} kind={kind} onOpen={open} />}
        </>
      )}
    </>
  );
}

/** The values of pairs of two different assets. */
function offDiagonal({ bases, quotes, values }: Grid): (number | null)[] {
  return values.flatMap((cells, row) => cells.filter((_, column) => bases[row] !== quotes[column]));
}
