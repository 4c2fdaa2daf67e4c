import { CombinedError, type Client } from 'urql';
import {
  CycleWindowDocument,
  type CycleHeadFragment,
  type MatrixTableFragment,
  type MatrixUnit,
  type WindowTableFragment,
} from '../../generated/operations.js';
import { SHOWN_DIGITS } from '../api/shown-digits.js';
import { useAsked, type Asked } from '../api/use-asked.js';
import { readWhole, useCycleMatrix } from '../api/use-cycle.js';
import { useLive } from '../api/use-live.js';
import { isSameWanted, type WantedWindow } from '../api/wanted.js';
import type { MatrixSource } from '../wanted-by.js';
import type { Table } from './grid.js';
import type { ShownKind } from './kinds.js';

/** A matrix as this view shows it, whether of a turn or of a window before it. */
export interface ShownTable {
  readonly kind: ShownKind;
  readonly unit: MatrixUnit;
  /** The turn that it looks back to; null where there is none, or none is asked for. */
  readonly against: number | null;
  /** What a window's assets are priced in; null elsewhere. */
  readonly in: string | null;
  readonly bases: readonly string[];
  readonly quotes: readonly string[];
  readonly values: Table;
  /** Empty where the cells are no rates. */
  readonly ages: Table;
  readonly legs: Table;
}

export type ShownCycle = CycleHeadFragment & { readonly table: ShownTable };

function ofWindow({ kind, in: priced, bases, quotes, values }: WindowTableFragment): ShownTable {
  const none = { against: null, ages: [], legs: [] };
  return { kind, unit: 'NONE', in: priced, bases, quotes, values, ...none };
}

function ofMatrix(matrix: MatrixTableFragment): ShownTable {
  return { ...matrix, in: null };
}

const tables = new WeakMap<object, ShownTable>();

/** The same for the same, so that what is made of it is made once. */
function kept<T extends object>(from: T, make: (from: T) => ShownTable): ShownTable {
  const known = tables.get(from) ?? make(from);
  tables.set(from, known);
  return known;
}

/**
 * What a source says at a turn. The newest turn's comes with the push; any other is asked for.
 * @param turn null for none
 * @param isExact with all digits: those that are shown are too few to work on with
 */
export function useShown(
  turn: number | null,
  { matrix, window }: MatrixSource,
  isExact = false,
): Pick<Asked<ShownCycle>, 'data' | 'isWaiting' | 'error' | 'again'> {
  const ofTurn = useCycleMatrix(matrix ? turn : null, matrix?.kind ?? 'ID_PERCENT', {
    over: matrix?.over ?? null,
    isExact,
  });
  const ofWindows = useCycleWindow(turn, window);
  if (window) return ofWindows;
  const { data } = ofTurn;
  return { ...ofTurn, data: data && { ...data, table: kept(data.matrix, ofMatrix) } };
}

const NO_WINDOW: WantedWindow = { kind: 'CORRELATION', in: null, over: '1h', every: '1m' };

/** Variables that a window is asked for with. */
function windowVariables(turn: number, { kind, in: priced, over, every }: WantedWindow) {
  return { turn, window: kind, windowIn: priced, windowOver: over, windowEvery: every };
}

function useCycleWindow(turn: number | null, wanted: WantedWindow | null): Asked<ShownCycle> {
  const { latest, carried } = useLive();
  const isPushed = wanted !== null && isSameWanted(carried.window, wanted) && latest?.turn === turn;
  const pushed = isPushed ? latest.windowMatrix : null;
  const asks = wanted ?? NO_WINDOW;
  const variables = { ...windowVariables(turn ?? 0, asks), digits: SHOWN_DIGITS };
  const isPaused = Boolean(pushed) || wanted === null || turn === null;
  const asked = useAsked(CycleWindowDocument, variables, isPaused);
  if (pushed && latest) {
    return {
      ...asked,
      data: { ...latest, table: kept(pushed, ofWindow) },
      isWaiting: false,
      error: undefined,
    };
  }
  const { of } = asked;
  const isFitting = of && isSameWanted({ ...of, turn: 0 }, { ...variables, turn: 0 });
  const cycle = asked.data?.cycle;
  const read = cycle?.windowMatrix;
  const data =
    isFitting && read && turn !== null ? { ...cycle, table: kept(read, ofWindow) } : null;
  return { ...asked, data };
}

/** Reads what a source says at a stored turn with all its digits. @throws a CombinedError */
export async function readShown(
  client: Client,
  turn: number,
  { matrix, window }: MatrixSource,
): Promise<ShownTable> {
  if (matrix) return ofMatrix(await readWhole(client, turn, matrix));
  const variables = { ...windowVariables(turn, window), digits: null };
  const { data, error } = await client.query(CycleWindowDocument, variables);
  const read = data?.cycle?.windowMatrix;
  if (read) return ofWindow(read);
  throw error ?? new CombinedError({ networkError: new Error(`turn ${turn} is not stored`) });
}
