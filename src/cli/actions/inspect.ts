import {
  InspectLatestDocument,
  InspectTurnDocument,
  type CycleReportFragment,
} from '../../generated/operations.js';
import { printJson, printLine, printTable, shortNumber } from '../output.js';
import { openStoredApi, type RunOperation } from '../stored-api.js';
import { CommandFailure, withDatabase } from '../with-database.js';
import { nothingStored } from './show-aux.js';

export interface InspectOptions {
  readonly turn?: number;
  readonly json?: true;
}

/** Shows a cycle. */
export async function inspect({ turn, json }: InspectOptions): Promise<void> {
  await withDatabase(async (context) => {
    const cycle = await readCycle(await openStoredApi(context), turn);
    if (cycle === null) throw new CommandFailure([nothingStored(turn)]);
    if (json) printJson(cycle);
    else printCycle(cycle);
  });
}

async function readCycle(
  run: RunOperation,
  turn: number | undefined,
): Promise<CycleReportFragment | null> {
  if (turn === undefined) return (await run(InspectLatestDocument, {})).latestCycle;
  return (await run(InspectTurnDocument, { turn })).cycle;
}

function printCycle(cycle: CycleReportFragment): void {
  const { aux, wallet, consistency } = cycle;
  printLine(`turn ${cycle.turn} (${cycle.exchange.toLowerCase()})`);
  printTable([
    ['observed at', new Date(cycle.observedAt).toISOString()],
    ['after turn', cycle.previousTurn === null ? null : String(cycle.previousTurn)],
    ['lead', aux.leadQuant],
    ['growth %', text(aux.grt)],
    [
      'consistency, bps',
      `${text(consistency.medianBps)} median, ${text(consistency.maxBps)} at most`,
    ],
    ['wallet', `${text(wallet?.value ?? null)} ${cycle.config.quantBase}`],
  ]);
  printLine();
  printTable([
    ['asset', 'price', 'strength %', 'quant', 'balance'],
    ...cycle.assets.map(({ symbol, price, strength, quant, balance }) => [
      symbol,
      shortNumber(price),
      shortNumber(strength),
      shortNumber(quant),
      balance,
    ]),
  ]);
  const matrices = cycle.matrices?.filter((matrix) => matrix !== null) ?? [];
  for (const { kind, unit, bases, quotes, values } of matrices) {
    printLine();
    printLine(`${kind} (${unit.toLowerCase().replaceAll('_', ' ')})`);
    printTable([
      ['', ...quotes],
      ...values.map((row, i) => [bases[i] ?? '', ...row.map(shortNumber)]),
    ]);
  }
}

function text(value: number | null): string {
  return value === null ? '-' : String(shortNumber(value));
}
