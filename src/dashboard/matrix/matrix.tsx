import { useCallback, useMemo, useState } from 'react';
import { plainNumber } from '../format/numbers.js';
import { choosePair, useChosenPair } from '../shell/chosen-pair.js';
import { show, useViewState } from '../use-view-state.js';
import { overOf, type MatrixSource } from '../wanted-by.js';
import type { CellDigits } from './digits.js';
import type { Grid, Pair } from './grid.js';
import type { OnSort } from './headers.js';
import { Heatmap } from './heatmap.js';
import { KIND_WORDS, unitWords } from './kinds.js';
import { missingOf } from './missing.js';
import { Overview } from './overview.js';
import { PairList } from './pair-list.js';
import { Pointed, usePointed } from './pointed.js';
import { comesBackTo } from './return.js';
import type { Shading } from './shading.js';
import { Tooltip } from './tooltip.js';
import type { ShownCycle } from './use-shown.js';

interface MatrixProps {
  readonly cycle: ShownCycle;
  readonly source: MatrixSource;
  /** The turn that is taken away, if any. */
  readonly against: number | null;
  readonly grid: Grid;
  readonly look: { readonly digits: CellDigits; readonly shading: Shading };
  readonly listed: (grid: Grid) => readonly Pair[] | null;
}

/** A matrix as a table, as an overview or as a list. */
export function Matrix({ cycle, source, against, grid, look, listed }: MatrixProps) {
  const state = useViewState();
  const { table, turn, staleAfterMs } = cycle;
  const { kind } = table;
  const chosen = useChosenPair();
  const [pointed] = useState(() => new Pointed());
  const [returnsTo] = useState(comesBackTo);
  const decimalsOf = useDecimals(grid, look.digits);
  const pairs = useMemo(() => listed(grid), [listed, grid]);
  const copyOf = useCallback(
    ({ base, quote, value }: Pair): string => {
      const { exact } = pointed;
      const isExact = exact?.base === base && exact.quote === quote && exact.turn === turn;
      const copied = isExact && against === null ? exact.value : value;
      return copied === null ? '' : plainNumber(copied);
    },
    [pointed, turn, against],
  );
  const { sorting, onSort } = useSorting();
  const missing = missingOf(cycle, source, grid);
  if (missing) return missing;
  const over = source.matrix?.over ?? null;
  const label = labelOf(cycle, source, against);
  const doing = { onChoose: choose, onOpen: open, pointed, chosen };
  return (
    <>
      {state.layout === 'table' && (
        <MarkedHeatmap
          {...look}
          {...doing}
          grid={grid}
          kind={kind}
          of={`${kind} ${over ?? ''} ${against ?? ''} ${state.turn === null}`}
          label={label}
          staleAfterMs={staleAfterMs}
          threshold={state.threshold}
          isMarking={state.inverse}
          sorting={sorting}
          returnsTo={returnsTo}
          onClear={clear}
          onSort={onSort}
          copyOf={copyOf}
        />
      )}
      {state.layout === 'overview' && (
        <Overview
          {...doing}
          grid={grid}
          shading={look.shading}
          label={label}
          threshold={state.threshold}
        />
      )}
      {state.layout === 'list' && (
        <PairList pairs={pairs ?? []} kind={kind} decimalsOf={decimalsOf} onChoose={choose} />
      )}
      {state.layout !== 'list' && (
        <Tooltip
          pointed={pointed}
          grid={grid}
          kind={kind}
          over={over}
          turn={turn}
          staleAfterMs={staleAfterMs}
          decimalsOf={decimalsOf}
        />
      )}
    </>
  );
}

function choose({ base, quote }: Pair): void {
  if (base !== quote) choosePair({ base, quote });
}

function open({ base, quote }: Pair): void {
  if (base !== quote) show({ view: 'pair', base, quote });
}

function clear(): void {
  show({ base: null, quote: null }, true);
}

/** By what the table is sorted. The same header again turns it round, and a third time ends it. */
function useSorting() {
  const { rowsBy, columnsBy, rising } = useViewState();
  const sorting = useMemo(() => ({ rowsBy, columnsBy, rising }), [rowsBy, columnsBy, rising]);
  const onSort: OnSort = useCallback(
    (axis, name) => {
      const by = axis === 'rows' ? rowsBy : columnsBy;
      const next = by === name && rising ? null : name;
      show({
        ...(axis === 'rows' ? { rowsBy: next } : { columnsBy: next }),
        rising: by === name && !rising,
      });
    },
    [rowsBy, columnsBy, rising],
  );
  return { sorting, onSort };
}

/** How many decimals a pair of a grid is written with. */
function useDecimals(grid: Grid, digits: CellDigits): (pair: Pair) => number {
  const names = `${grid.bases.join()} ${grid.quotes.join()}`;
  const places = useMemo(() => {
    const places = (of: readonly string[]) => new Map(of.map((name, place) => [name, place]));
    return { rows: places(grid.bases), columns: places(grid.quotes) };
    // The names of a grid stay while its numbers move.
  }, [names]);
  const { transposed } = grid;
  return useCallback(
    ({ base, quote }: Pair): number => {
      const [rowName, columnName] = transposed ? [quote, base] : [base, quote];
      return digits.at(places.rows.get(rowName) ?? 0, places.columns.get(columnName) ?? 0);
    },
    [places, transposed, digits],
  );
}

function labelOf(
  { turn, table }: ShownCycle,
  source: MatrixSource,
  against: number | null,
): string {
  const { symbol, name } = KIND_WORDS[table.kind];
  const unit = unitWords(table.kind, overOf(source), source.window?.every ?? '');
  const minus = against === null ? '' : ` minus turn ${against}`;
  return `${name} (${symbol}), ${unit}, turn ${turn}${minus}`;
}

type MarkedProps = Omit<Parameters<typeof Heatmap>[0], 'marked'> & { readonly isMarking: boolean };

/** Marks the opposite of the pair that is pointed at, where that is wanted: only then it is drawn anew for it. */
function MarkedHeatmap({ isMarking, ...rest }: MarkedProps) {
  return <Heatmap {...rest} marked={usePointed(isMarking ? rest.pointed : null)} />;
}
