import { CombinedError, type Client } from 'urql';
import {
  CycleMatrixDocument,
  type CycleHeadFragment,
  type MatrixKind,
  type MatrixTableFragment,
} from '../../generated/operations.js';
import { SHOWN_DIGITS } from './shown-digits.js';
import { useAsked, type Asked } from './use-asked.js';
import { useLive } from './use-live.js';
import { isSameWanted, type WantedMatrix } from './wanted.js';

/** A cycle with one of its matrices. */
export type CycleMatrix = CycleHeadFragment & { readonly matrix: MatrixTableFragment };

/** What a matrix is asked for with. */
interface MatrixOptions {
  /** How far back it looks, as a span; null for the 24 h of the exchange. */
  readonly over?: string | null;
  /** With all digits: those that are shown are too few to work on with. */
  readonly isExact?: boolean;
}

/**
 * One matrix of a turn. The newest turn's comes with the push; any other is asked for.
 * @param turn null for none
 */
export function useCycleMatrix(
  turn: number | null,
  kind: MatrixKind,
  { over = null, isExact = false }: MatrixOptions = {},
): Asked<CycleMatrix> {
  const { latest, carried } = useLive();
  const isSame = isSameWanted(carried.matrix, { kind, over });
  const isPushed = !isExact && isSame && latest?.turn === turn && Boolean(latest?.matrix);
  const variables = { turn: turn ?? 0, kind, over, digits: isExact ? null : SHOWN_DIGITS };
  const asked = useAsked(CycleMatrixDocument, variables, isPushed || turn === null);
  const pushed = isPushed && latest?.matrix ? { ...latest, matrix: latest.matrix } : null;
  const cycle = asked.data?.cycle;
  const read = cycle?.matrix ? { ...cycle, matrix: cycle.matrix } : null;
  // A matrix of another kind, or one that looks back another time, is no answer.
  const isFitting = asked.of?.kind === kind && (asked.of.over ?? null) === over;
  return {
    ...asked,
    data: pushed ?? (isFitting && turn !== null ? read : null),
    isWaiting: !pushed && asked.isWaiting,
    error: pushed ? undefined : asked.error,
  };
}

/** Reads one matrix of a stored turn with all its digits. @throws a CombinedError */
export async function readWhole(
  client: Client,
  turn: number,
  { kind, over }: WantedMatrix,
): Promise<MatrixTableFragment> {
  const variables = { turn, kind, over, digits: null };
  const { data, error } = await client.query(CycleMatrixDocument, variables);
  const matrix = data?.cycle?.matrix;
  if (matrix) return matrix;
  throw error ?? new CombinedError({ networkError: new Error(`turn ${turn} is not stored`) });
}
