import { useCallback, useMemo, useState } from 'react';
import type { MatrixKind } from '../../generated/operations.js';
import { useCycleMatrix, type CycleMatrix } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import { gridToCsv, pairsToCsv } from '../csv.js';
import { download } from '../download.js';
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
import { useOrder } from './use-order.js';

/** One of the five matrices of a turn, with the tools to look at it. */
export function MatrixView() {
  const { kind, against } = useViewState();
  const { turn } = useTurn();
  const asked = useCycleMatrix(turn, kind);
  const other = useCycleMatrix(against, kind);
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
  const grid = useMemo(() => {
    const all = arrange(gridOf(matrix), filterAssets(order, state.filter));
    const seen = against ? compare(all, gridOf(against.matrix)) : all;
    return state.transposed ? transpose(seen) : seen;
  }, [matrix, order, state.filter, state.transposed, against]);
  const shading = useMemo(
    () => shadingOf(kind, against !== null, offDiagonal(grid)),
    [grid, kind, against],
  );
  const { layout, search, sort, ascending, threshold } = state;
  const pairs = useMemo(() => {
    if (layout !== 'list') return [];
    const seen = pairsOf(grid).filter(({ value }) => meets(value, threshold));
    return sortPairs(searchPairs(seen, search), sort, !ascending);
  }, [grid, layout, search, sort, ascending, threshold]);
  const open = useCallback(({ base, quote }: Pair) => {
    if (base !== quote) show({ view: 'pair', base, quote });
  }, []);

  const words = KIND_WORDS[kind];
  const label = `${words.name} (${words.symbol}), ${UNIT_WORDS[matrix.unit]}, turn ${turn}${
    against ? ` minus turn ${against.turn}` : ''
  }`;
  const name = `dynamics-${kind.toLowerCase()}-turn-${turn}`;
  const downloadJson = (): void => {
    const { observedAt, exchange } = cycle;
    const head = { turn, against: against?.turn ?? null, observedAt, exchange, kind };
    const content =
      layout === 'list'
        ? { ...head, unit: matrix.unit, pairs }
        : { ...head, unit: matrix.unit, ...grid };
    download(`${name}.json`, 'application/json', JSON.stringify(content, null, 1));
  };
  const downloadCsv = (): void =>
    download(`${name}.csv`, 'text/csv', layout === 'list' ? pairsToCsv(pairs) : gridToCsv(grid));

  return (
    <>
      <h2 id="matrix-title">
        {words.name} <span className="quiet">{words.symbol}</span>{' '}
        <span className="unit">{UNIT_WORDS[matrix.unit]}</span>
      </h2>
      <Tools turn={turn} downloadJson={downloadJson} downloadCsv={downloadCsv} />
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
