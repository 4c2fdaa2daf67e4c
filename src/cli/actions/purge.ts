import { PurgeCyclesDocument } from '../../generated/operations.js';
import { isReadable, type StoredCycle } from '../../history/stored-cycle.js';
import { printJson, printLine } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';

export interface PurgeOptions {
  readonly confirm?: true;
  readonly json?: true;
}

/** Names what is stored, and deletes it once that is confirmed. */
export async function purge({ confirm, json }: PurgeOptions): Promise<void> {
  await withDatabase(async (context) => {
    const stored = await describeStored(context);
    if (!json) printLine(inWords(stored));
    if (!confirm) {
      if (json) printJson({ ...stored, deleted: 0 });
      throw new CommandFailure(['nothing is deleted without --confirm']);
    }
    const run = await openStoredApi(context);
    const { purgeCycles } = await run(PurgeCyclesDocument, { confirm: true });
    if (json) printJson({ ...stored, deleted: purgeCycles.deleted });
    else printLine(`deleted ${purgeCycles.deleted} cycles`);
  });
}

async function describeStored({ config, database }: CommandDatabase) {
  const [origin, span, cycles, backfilled] = await Promise.all([
    database.origin(),
    database.cycles.span(),
    database.cycles.count(),
    database.backfill.extent(),
  ]);
  const [oldest, latest] = await Promise.all(
    [span?.oldest, span?.latest].map(async (turn) => {
      const [cycle] = turn === undefined ? [] : await database.cycles.byTurns([turn]);
      return cycle && { turn: cycle.turn, at: observedAt(cycle) };
    }),
  );
  return {
    database: config.database.name,
    exchange: origin?.exchange ?? config.exchange.kind,
    source: origin?.source ?? null,
    cycles,
    oldest: oldest ?? null,
    latest: latest ?? null,
    backfilledCloses: backfilled?.closes ?? 0,
  };
}

/** Null where the cycle cannot be read: it goes as the others do. */
function observedAt(cycle: StoredCycle): string | null {
  return isReadable(cycle) ? new Date(cycle.frame.observedAt).toISOString() : null;
}

type Stored = Awaited<ReturnType<typeof describeStored>>;

function inWords(stored: Stored): string {
  const { database, exchange, source, cycles, oldest, latest, backfilledCloses: closes } = stored;
  const span =
    oldest && latest
      ? `, turns ${oldest.turn} to ${latest.turn}, observed ${oldest.at ?? '?'} to ${latest.at ?? '?'}`
      : '';
  const from = source === null ? exchange : `${exchange}, ${source}`;
  const beside = closes > 0 ? `; ${closes} backfilled closes` : '';
  return `database ${database} (${from}): ${cycles} cycles${span}${beside}`;
}
