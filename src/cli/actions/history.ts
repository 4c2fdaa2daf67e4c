import { buildExtent, buildGaps } from '../../app/series.js';
import { formatSpan, type Span } from '../../domain/series/span.js';
import type { BackfillExtent } from '../../history/backfill/backfill-store.js';
import type { Gap } from '../../history/gap-reader.js';
import type { HistoryExtent } from '../../history/history-extent.js';
import { firstPace } from '../../scheduling/slices.js';
import { systemClock } from '../../time/system-clock.js';
import { printJson, printLine, printTable } from '../output.js';
import { openFeed } from '../stored-feed.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';
import { Work } from '../work.js';

/** How many gaps are shown to people. */
const SHOWN = 20;
const ALL = { turns: Infinity, gaps: Infinity };

export interface HistoryOptions {
  readonly longerThan?: Span;
  readonly json?: boolean;
}

/** Turns between two gaps. */
interface Stretch {
  readonly firstTurn: number;
  readonly lastTurn: number;
}

/** Tells what is stored. */
export async function history({ longerThan, json = false }: HistoryOptions): Promise<void> {
  await withDatabase((context) =>
    Work.run(json, async (work) => {
      const { extent, gaps, backfilled } = await readHistory(context, longerThan ?? null, work);
      work.end();
      const told = describe(context, extent, gaps, backfilled);
      if (json) printJson(told);
      else print(told, longerThan);
    }),
  );
}

async function readHistory(context: CommandDatabase, longerThan: Span | null, work: Work) {
  const { database } = context;
  const { feed } = await openFeed(context);
  const parts = { ...database, feed, clock: () => systemClock.now() };
  const extent = await buildExtent(parts).read();
  work.begin('turns', extent.latestTurn ?? 0, extent.oldestTurn ?? 0);
  const request = {
    from: { anchor: 'start', offsetMs: 0 },
    to: { anchor: 'now', offsetMs: 0 },
    longerThan,
  } as const;
  const gaps = await buildGaps(parts).read(request, ALL, firstPace(), (turn) => {
    if (work.isStopped) throw new CommandFailure(['stopped']);
    work.at(turn);
  });
  return { extent, gaps, backfilled: await database.backfill.extent() };
}

function describe(
  { config }: CommandDatabase,
  extent: HistoryExtent,
  gaps: readonly Gap[],
  backfilled: BackfillExtent | null,
) {
  return {
    database: config.database.name,
    ...extent,
    firstAt: timeOf(extent.firstAt),
    lastAt: timeOf(extent.lastAt),
    spans: stretches(extent, gaps),
    gaps: gaps.map((gap) => ({ ...gap, from: timeOf(gap.from), to: timeOf(gap.to) })),
    backfilled: backfilled && {
      ...backfilled,
      from: timeOf(backfilled.from),
      to: timeOf(backfilled.to),
    },
  };
}

function stretches({ oldestTurn, latestTurn }: HistoryExtent, gaps: readonly Gap[]): Stretch[] {
  if (oldestTurn === null || latestTurn === null) return [];
  const firsts = [oldestTurn, ...gaps.map(({ beforeTurn }) => beforeTurn)];
  const lasts = [...gaps.map(({ afterTurn }) => afterTurn), latestTurn];
  return firsts.map((firstTurn, at) => ({ firstTurn, lastTurn: lasts[at] as number }));
}

function print(told: ReturnType<typeof describe>, longerThan: Span | undefined): void {
  const { oldestTurn, latestTurn, sealedThrough, gaps, spans } = told;
  const beside = backfilledRows(told);
  if (oldestTurn === null) {
    printLine(`database ${told.database}: no cycle is stored`);
    return printTable(beside);
  }
  const through = sealedThrough === null ? '' : `; without a break through turn ${sealedThrough}`;
  printLine(`database ${told.database}`);
  printTable([
    ['turns', `${oldestTurn} to ${latestTurn}, ${told.cycles} cycles`],
    ['observed', `${told.firstAt} to ${told.lastAt}`],
    ['documents', megabytes(told.documentBytes)],
    ['sealed blocks', megabytes(told.blockBytes)],
    ['sealed', `${told.sealedCycles} cycles${through}`],
    ['spans', String(spans.length)],
    ['gaps', `${gaps.length}${longerThan ? ` longer than ${formatSpan(longerThan)}` : ''}`],
    ...beside,
  ]);
  if (gaps.length === 0) return;
  if (gaps.length > SHOWN) printLine(`the last ${SHOWN} gaps; --json tells all`);
  printTable([
    ['after turn', 'from', 'to', 'reasons'],
    ...gaps.slice(-SHOWN).map(({ afterTurn, from, to, reasons }) => {
      const told = reasons.map(({ code, count }) => `${code} (${count})`).join(', ');
      return [String(afterTurn), from, to, told || null];
    }),
  ]);
}

/** What stands beside the turns; nothing where that is nothing. */
function backfilledRows({ backfilled }: ReturnType<typeof describe>): string[][] {
  if (!backfilled) return [];
  const { pairs, closes, from, to, bytes } = backfilled;
  return [
    ['backfilled', `${closes} closes of ${pairs} pairs, ${from} to ${to}`],
    ['backfilled closes', megabytes(bytes)],
  ];
}

function timeOf(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

function megabytes(bytes: number | null): string {
  return bytes === null ? 'the database does not tell' : `${(bytes / 1e6).toFixed(1)} MB on disk`;
}
