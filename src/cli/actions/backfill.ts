import { pause } from '../../async/pause.js';
import { Backfill, type BackfillTally } from '../../backfill/backfill.js';
import { Differences, type DifferenceTally } from '../../backfill/differences.js';
import { ExchangeAwayError, StoppedError } from '../../backfill/patient-source.js';
import type { ListedPair } from '../../domain/asset.js';
import { resolveMoment, type Extent, type Moment } from '../../domain/series/moment.js';
import { DAY, MINUTE } from '../../domain/series/span.js';
import { createMarket } from '../../exchange/create-market.js';
import { dayOf } from '../../history/backfill/day-closes.js';
import { createLogger } from '../../log.js';
import type { CloseSource, MinuteRange } from '../../market/close-source.js';
import type { ExchangeFailure, MarketSource } from '../../market/market-port.js';
import { firstPace } from '../../scheduling/slices.js';
import { systemClock } from '../../time/system-clock.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';
import { Work } from '../work.js';

/** How often servers are told while it goes on that series are others, milliseconds. */
const TOLD_EVERY_MS = 60_000;
/** Waits that end so near each other are one, milliseconds. */
const SAME_WAIT_MS = 2_000;
const NOW: Moment = { anchor: 'now', offsetMs: 0 };
const GO_ON = 'run it again to go on: what is there is not read again';

export interface BackfillOptions {
  readonly from: Moment;
  readonly to?: Moment;
  readonly json?: boolean;
}

/** Fills what was not recorded from the exchange's klines. */
export async function backfill(options: BackfillOptions): Promise<void> {
  await withDatabase((context) =>
    Work.run(options.json === true, async (work) => {
      const { config, database } = context;
      const market = createMarket(config, {
        clock: systemClock,
        log: createLogger('error'),
        limits: database.exchangeLimits,
        onCall: () => undefined,
      });
      // Closes of one exchange never come beside turns of another.
      const { kind: exchange, origin: source, accountKind: account } = market;
      await database.claim({ exchange, source, account });
      try {
        await run(context, market, options, work);
      } finally {
        await market.stop();
      }
    }),
  );
}

async function run(
  context: CommandDatabase,
  market: MarketSource,
  options: BackfillOptions,
  work: Work,
): Promise<void> {
  const { database } = context;
  const span = await database.cycles.span();
  const observed = span && (await database.ages.observedWithin(span.oldest, span.latest));
  await market.start({ after: observed?.last ?? null });
  const pairs = market.listed();
  const { past } = market;
  if (!past || pairs.length === 0) {
    const { trouble } = market.status();
    const why = trouble ? [trouble.message, ...trouble.tryThis] : [];
    throw new CommandFailure(['the exchange does not say which pairs there are', ...why]);
  }
  const anchors = { start: observed?.first ?? past.exchangeTime(), now: past.exchangeTime() };
  const asked = { pairs, range: rangeOf(options, anchors, context) };
  let tally: BackfillTally;
  try {
    tally = await fill(context, past, asked, work);
  } finally {
    // Whatever was read counts at once, also where it came to no end.
    await makeKnown(context);
  }
  const differences = await compare(context, asked, work);
  work.end();
  tell(work, asked, tally, differences);
  if (work.isStopped) throw new CommandFailure(['stopped', GO_ON]);
  if (tally.failed === 0) return;
  throw new CommandFailure([`${tally.failed} days of pairs could not be read`, GO_ON]);
}

interface Asked {
  readonly pairs: readonly ListedPair[];
  readonly range: MinuteRange;
}

/** Whole minutes that are over, and that retention would not take away again. */
function rangeOf(
  options: BackfillOptions,
  anchors: Extent,
  { config }: CommandDatabase,
): MinuteRange {
  const [from, to] = [options.from, options.to ?? NOW].map((each) => resolveMoment(each, anchors));
  const over = Math.min(to as number, anchors.now);
  const { retentionDays: days } = config.database;
  const kept =
    days === 0 || config.exchange.kind === 'REPLAY' ? -Infinity : anchors.now - days * DAY;
  const begin = Math.max(from as number, Number.isFinite(kept) ? (dayOf(kept) + 1) * DAY : kept);
  if (begin > (from as number)) {
    process.stderr.write(
      `RETENTION_DAYS=${days} would remove what is older: from ${timeOf(begin)} on\n`,
    );
  }
  const range = {
    from: Math.ceil(begin / MINUTE) * MINUTE,
    to: Math.floor(over / MINUTE) * MINUTE,
  };
  if (range.from < range.to) return range;
  throw new CommandFailure([
    `no minute that is over lies from ${timeOf(range.from)} to ${timeOf(range.to)}`,
  ]);
}

async function fill(
  { database }: CommandDatabase,
  source: CloseSource,
  asked: Asked,
  work: Work,
): Promise<BackfillTally> {
  let toldAt = performance.now();
  let waitsUntil = 0;
  const filling = new Backfill({
    ...asked,
    store: database.backfill,
    source,
    signal: work.signal,
    wait: pause,
    onWait: (failure, ms) => {
      const until = systemClock.now() + ms;
      // Several calls wait at a time, for the same.
      if (until - waitsUntil > SAME_WAIT_MS) tellWait(work, failure, until);
      waitsUntil = until;
    },
    onFault: ({ symbol, day, words }) => {
      work.line(`${day === null ? symbol : `${symbol} ${day}`}: ${words}`, { symbol, day, words });
    },
    onDone: (days) => {
      work.at(days);
      if (performance.now() - toldAt < TOLD_EVERY_MS) return;
      toldAt = performance.now();
      void makeKnown({ database }).catch(() => undefined);
    },
  });
  work.begin('days of pairs', Backfill.size(asked));
  try {
    await filling.run();
  } catch (error) {
    if (error instanceof StoppedError) return filling.tally;
    if (error instanceof ExchangeAwayError) throw new CommandFailure([error.message, GO_ON]);
    throw error;
  }
  return filling.tally;
}

/** What servers keep of series is void. */
async function makeKnown({ database }: Pick<CommandDatabase, 'database'>): Promise<void> {
  await database.controlStore.markCacheReset();
  database.notifications.publish({ kind: 'CONTROL' });
}

function tellWait(work: Work, { code, message }: ExchangeFailure, until: number): void {
  const words = `${message}: nothing is asked until ${timeOf(until)}`;
  work.line(words, { code, message, until: timeOf(until) });
}

/** Null where it was told to stop before the end. */
async function compare(
  { database }: CommandDatabase,
  asked: Asked,
  work: Work,
): Promise<DifferenceTally | null> {
  if (work.isStopped) return null;
  const { cycles, chunks, backfill: store } = database;
  const first = dayOf(asked.range.from);
  work.begin('days compared', dayOf(asked.range.to - 1) - first + 1);
  const differences = new Differences({ ...asked, cycles, chunks, store, pace: firstPace() });
  const tally = await differences.run((day) => {
    work.at(day - first + 1);
    return !work.isStopped;
  });
  return work.isStopped ? null : tally;
}

function tell(
  work: Work,
  { pairs, range }: Asked,
  tally: BackfillTally,
  differences: DifferenceTally | null,
): void {
  const [from, to] = [timeOf(range.from), timeOf(range.to)];
  const { read, there, closes, faults } = tally;
  const { compared = null, different = null, largest = null } = differences ?? {};
  const most = largest && { ...largest, minute: timeOf(largest.minute) };
  const odd = faults === 0 ? '' : `; ${faults} klines could not be read`;
  const lines = [
    `${pairs.length} pairs from ${from} to ${to}: ${closes} closes read, ${read} days of pairs, ${there} were there${odd}`,
    ...(compared === null || compared === 0
      ? []
      : [
          `${compared} minutes of pairs were recorded too; ${different} closes differ from their last turn`,
        ]),
    ...(most
      ? [
          `the largest difference: ${most.symbol} at ${most.minute}, closed at ${most.close}, recorded ${most.recorded} (${most.bps.toPrecision(3)} basis points)`,
        ]
      : []),
  ];
  work.line(lines.join('\n'), {
    ...{ from, to, pairs: pairs.length, ...tally },
    ...{ compared, different, largest: most },
  });
}

function timeOf(moment: number): string {
  return new Date(moment).toISOString();
}
