import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { MATRIX_KINDS, type MatrixKind } from '../domain/matrix.js';
import { WINDOW_KINDS } from '../domain/window/window-matrix.js';
import {
  AssetsDocument,
  CandlesDocument,
  ConvertDocument,
  LatestMatrixDocument,
  LatestWindowDocument,
  MarketDocument,
  RunCycleDocument,
  SeriesDocument,
  StatusDocument,
  StrategyAuxDocument,
  StrategyConfigDocument,
  UpdateStrategyConfigDocument,
  WalletAttributionDocument,
  WalletDocument,
  WindowSeriesDocument,
} from '../generated/operations.js';
import { attributionCsv, seriesCsv, type Answered } from './csv.js';

/** A REST path: one stored operation, whose variables come from the path, the query and the body. */
export interface RestRoute {
  readonly method: 'get' | 'post';
  /** As Express and OpenAPI write it, but for the brackets: `/matrix/:type`. */
  readonly path: string;
  readonly summary: string;
  readonly document: DocumentNode;
  /** The variable that the path's parameter gives, and what it may be. */
  readonly parameter?: {
    readonly name: string;
    readonly variable: string;
    readonly values: ReadonlyMap<string, unknown>;
    readonly description: string;
  };
  /** The variable that the body gives. */
  readonly body?: string;
  /** Older names of the body's fields, in lower case. */
  readonly olderNames?: ReadonlyMap<string, string>;
  /** How it is written as CSV for whoever accepts that rather than JSON: columns of numbers. */
  readonly csv?: (answer: Answered) => string;
}

const OLDER_MATRIX_NAMES = [
  ['benchmark', 'ID_BENCHMARK'],
  ['delta', 'ID_DELTA'],
  ['delta_pct', 'ID_PERCENT'],
  ['id_percent', 'ID_PERCENT'],
  ['id_pct', 'ID_PCT'],
  ['quantid', 'QUANTID'],
] as const satisfies readonly (readonly [string, MatrixKind])[];

/** The kinds of matrix by the names that a path may use; the lower-case ones are the older names. */
const MATRIX_NAMES: ReadonlyMap<string, MatrixKind> = new Map([
  ...MATRIX_KINDS.map((kind) => [kind, kind] as const),
  ...OLDER_MATRIX_NAMES,
  ...OLDER_MATRIX_NAMES.map(([name, kind]) => [`${name}_matrix`, kind] as const),
]);

const OF_RETURNS = {
  name: 'kind',
  variable: 'kind',
  values: new Map(WINDOW_KINDS.map((kind) => [kind, kind])),
  description: 'What is made of the returns.',
};

export const REST_ROUTES: readonly RestRoute[] = [
  {
    method: 'get',
    path: '/dashboard',
    summary: "Runs a cycle, or joins one under way, and returns its matrices: an operator's right.",
    document: RunCycleDocument,
  },
  {
    method: 'get',
    path: '/wallet',
    summary: 'What is held at the latest cycle, and what it is worth.',
    document: WalletDocument,
  },
  {
    method: 'get',
    path: '/assets',
    summary: 'The assets of the universe with their figures at the latest cycle.',
    document: AssetsDocument,
  },
  {
    method: 'get',
    path: '/market',
    summary: 'The market as the latest cycle saw it: rates, strengths, consistency.',
    document: MarketDocument,
  },
  {
    method: 'get',
    path: '/matrix/:type',
    summary: 'One matrix of the latest cycle, whole or in part.',
    document: LatestMatrixDocument,
    parameter: {
      name: 'type',
      variable: 'kind',
      values: MATRIX_NAMES,
      description: 'Which of the five, by its kind or by an older name.',
    },
  },
  {
    method: 'get',
    path: '/window/:kind',
    summary:
      'A matrix over a window before the latest cycle, whole or in part, all assets priced `in` one.',
    document: LatestWindowDocument,
    parameter: OF_RETURNS,
  },
  {
    method: 'get',
    path: '/window/:kind/series',
    summary:
      "Cells of a window's matrix over a range of time; `cells` as BASE/QUOTE, `step` the span of a return. JSON, or CSV.",
    document: WindowSeriesDocument,
    parameter: OF_RETURNS,
    csv: seriesCsv,
  },
  { method: 'get', path: '/status', summary: 'How the engine stands.', document: StatusDocument },
  {
    method: 'get',
    path: '/strategy/config',
    summary: "The strategy's settings, as the next turn will run under them.",
    document: StrategyConfigDocument,
  },
  {
    method: 'post',
    path: '/strategy/config',
    summary: "Changes the strategy's settings; omitted fields stay: an operator's right.",
    document: UpdateStrategyConfigDocument,
    body: 'input',
    olderNames: new Map([
      ['imprint', 'expectedImprint'],
      ['luggage', 'expectedLuggage'],
    ]),
  },
  {
    method: 'get',
    path: '/strategy/aux',
    summary: "The strategy's figures of the latest turn, or of one.",
    document: StrategyAuxDocument,
  },
  {
    method: 'get',
    path: '/series',
    summary: 'Cells of a matrix over a range of time; `cells` as BASE/QUOTE. JSON, or CSV.',
    document: SeriesDocument,
    csv: seriesCsv,
  },
  {
    method: 'get',
    path: '/candles',
    summary: 'Candles of rates over a range of time; `cells` as BASE/QUOTE. JSON, or CSV.',
    document: CandlesDocument,
    csv: seriesCsv,
  },
  {
    method: 'get',
    path: '/attribution',
    summary: 'What made the value of the wallet change over a range of time. JSON, or CSV.',
    document: WalletAttributionDocument,
    csv: attributionCsv,
  },
  {
    method: 'get',
    path: '/convert',
    summary: 'An amount of one asset in another, by the prices of the latest turn, or of one.',
    document: ConvertDocument,
  },
];

/** The one operation of a stored document. */
export function operationOf({ definitions }: DocumentNode): OperationDefinitionNode {
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('a stored document without an operation');
  return operation;
}
