/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Where cycles are stored. */
export type DatabaseKind =
  /** The MongoDB engine that comes with this program. */
  | 'EMBEDDED'
  /** The MongoDB server that MONGO_URI names. */
  | 'EXTERNAL';

/** Where prices come from. */
export type ExchangeKind =
  /** Binance's spot market. */
  | 'BINANCE'
  /** A recording: prices that were real once. */
  | 'REPLAY'
  /** A made-up market inside this program: no real prices. */
  | 'SIMULATED';

/** The five kinds of matrix. */
export type MatrixKind =
  /** B: the rate, units of quote per one base. Diagonal 1. */
  | 'ID_BENCHMARK'
  /** Δ = B - A, A being the rate 24 h ago: units of quote per one base. Diagonal 0. */
  | 'ID_DELTA'
  /** ΔΔ% = Δ% of this turn minus Δ% of the turn before: percentage points. Null throughout at a first turn. */
  | 'ID_PCT'
  /** Δ% = 100 * (B / A - 1) over the rolling 24 h: percent. Diagonal 0. */
  | 'ID_PERCENT'
  /** Normalised kinetic: k / scale with k = ((1 + Δ%/100) * Δ) / A and scale the largest abs(k) off the diagonal; without unit, in [-1, 1]. */
  | 'QUANTID';

/** The unit of the cells of a matrix. */
export type MatrixUnit =
  /** A number without unit. */
  | 'NONE'
  /** Percent. */
  | 'PERCENT'
  /** Percentage points: a difference of percentages. */
  | 'PERCENTAGE_POINTS'
  /** Units of the quote asset per one unit of the base asset. */
  | 'QUOTE_PER_BASE';

/** Why an input was refused. */
export type UserErrorCode =
  /** The value is not one that the field takes. */
  | 'INVALID'
  /** What cannot be undone was not confirmed. */
  | 'NOT_CONFIRMED';

export type CycleCompletedSubscriptionVariables = Exact<{
  kinds?: Array<MatrixKind> | MatrixKind | null | undefined;
}>;


export type CycleCompletedSubscription = { cycleCompleted: { turn: number, observedAt: string, previousTurn: number | null, matrices: Array<{ kind: MatrixKind, unit: MatrixUnit, scale: number | null, values: (number | null)[][] }> | null } };

export type LatestMatrixQueryVariables = Exact<{
  kind: MatrixKind;
  bases?: Array<string> | string | null | undefined;
  quotes?: Array<string> | string | null | undefined;
  digits?: number | null | undefined;
}>;


export type LatestMatrixQuery = { latestCycle: { turn: number, observedAt: string, exchange: ExchangeKind, matrix: { kind: MatrixKind, unit: MatrixUnit, bases: Array<string>, quotes: Array<string>, scale: number | null, values: (number | null)[][] } | null } | null };

export type RunCycleMutationVariables = Exact<{ [key: string]: never; }>;


export type RunCycleMutation = { runCycle: { ran: boolean, cycle: { turn: number, observedAt: string, exchange: ExchangeKind, symbols: Array<string>, matrices: Array<{ kind: MatrixKind, unit: MatrixUnit, scale: number | null, values: (number | null)[][] }> | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type StatusQueryVariables = Exact<{ [key: string]: never; }>;


export type StatusQuery = { status: { oldestTurn: number | null, latestTurn: number | null, latestCycleAt: string | null, nextCycleAt: string | null, cycleIntervalMs: number, warnings: Array<string>, version: string, exchange: { kind: ExchangeKind, usedWeight: number | null, weightLimit: number, bannedUntil: string | null, clockOffsetMs: number | null }, database: { kind: DatabaseKind, reachable: boolean, version: string | null }, lastFailure: { at: string, code: string, message: string } | null, lastSkipped: { at: string, code: string, message: string } | null } };


export const CycleCompletedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"CycleCompleted"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"kinds"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MatrixKind"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cycleCompleted"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"turn"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"previousTurn"}},{"kind":"Field","name":{"kind":"Name","value":"matrices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"kinds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"kinds"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"scale"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]}}]} as unknown as DocumentNode<CycleCompletedSubscription, CycleCompletedSubscriptionVariables>;
export const LatestMatrixDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LatestMatrix"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"kind"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MatrixKind"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"bases"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"quotes"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"digits"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"latestCycle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"turn"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"exchange"}},{"kind":"Field","name":{"kind":"Name","value":"matrix"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"kind"},"value":{"kind":"Variable","name":{"kind":"Name","value":"kind"}}},{"kind":"Argument","name":{"kind":"Name","value":"bases"},"value":{"kind":"Variable","name":{"kind":"Name","value":"bases"}}},{"kind":"Argument","name":{"kind":"Name","value":"quotes"},"value":{"kind":"Variable","name":{"kind":"Name","value":"quotes"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"bases"}},{"kind":"Field","name":{"kind":"Name","value":"quotes"}},{"kind":"Field","name":{"kind":"Name","value":"scale"}},{"kind":"Field","name":{"kind":"Name","value":"values"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"digits"},"value":{"kind":"Variable","name":{"kind":"Name","value":"digits"}}}]}]}}]}}]}}]} as unknown as DocumentNode<LatestMatrixQuery, LatestMatrixQueryVariables>;
export const RunCycleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RunCycle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"runCycle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ran"}},{"kind":"Field","name":{"kind":"Name","value":"cycle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"turn"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"exchange"}},{"kind":"Field","name":{"kind":"Name","value":"symbols"}},{"kind":"Field","name":{"kind":"Name","value":"matrices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"scale"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]} as unknown as DocumentNode<RunCycleMutation, RunCycleMutationVariables>;
export const StatusDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Status"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"exchange"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"usedWeight"}},{"kind":"Field","name":{"kind":"Name","value":"weightLimit"}},{"kind":"Field","name":{"kind":"Name","value":"bannedUntil"}},{"kind":"Field","name":{"kind":"Name","value":"clockOffsetMs"}}]}},{"kind":"Field","name":{"kind":"Name","value":"database"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reachable"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"oldestTurn"}},{"kind":"Field","name":{"kind":"Name","value":"latestTurn"}},{"kind":"Field","name":{"kind":"Name","value":"latestCycleAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextCycleAt"}},{"kind":"Field","name":{"kind":"Name","value":"cycleIntervalMs"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastSkipped"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}}]}}]} as unknown as DocumentNode<StatusQuery, StatusQueryVariables>;