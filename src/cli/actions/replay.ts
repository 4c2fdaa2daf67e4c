import { resolveMoment, type Moment } from '../../domain/series/moment.js';
import { pause } from '../../async/pause.js';
import { PastClock, type Stretch } from '../../exchange/past/clock.js';
import { PastFeed } from '../../exchange/past/feed.js';
import { startExchangeServer } from '../../exchange/served/exchange-server.js';
import { lastReadable } from '../../history/last-readable.js';
import { extentOf } from '../../history/time-extent.js';
import { systemClock } from '../../time/system-clock.js';
import { printLine } from '../output.js';
import { openFeed } from '../stored-feed.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';

export interface ReplayOptions {
  readonly serve: number;
  readonly host: string;
  readonly from: Moment;
  readonly to: Moment;
  readonly speed: number;
  readonly end?: true;
}

/** It is local, and nobody else has a part in it. */
const WEIGHT_LIMIT = 10_000_000;
/** How often it is looked whether time has come to its end, milliseconds. */
const LOOK_EVERY_MS = 100;

export async function replay(options: ReplayOptions): Promise<void> {
  await withDatabase(async (context) => {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    process.once('SIGINT', end).once('SIGTERM', end);
    try {
      await serveStored(context, options, stop.signal);
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end);
    }
  });
}

async function serveStored(
  context: CommandDatabase,
  options: ReplayOptions,
  stopped: AbortSignal,
): Promise<void> {
  const stretch = await stretchOf(context, options);
  const clock = new PastClock(stretch, options.speed, systemClock);
  const server = await listening(context, clock, options);
  try {
    printLine(`ready ${server.url} (${timeOf(stretch.from)} to ${timeOf(stretch.to)})`);
    const goesOn = (): boolean => !clock.isOver || server.underWay > 0;
    while (goesOn() && !stopped.aborted) await pause(LOOK_EVERY_MS, stopped);
    if (!clock.isOver || options.end) return;
    printLine(`time stands still at ${timeOf(stretch.to)}; goes on answering until it is ended`);
    if (!stopped.aborted)
      await new Promise((resolve) => stopped.addEventListener('abort', resolve));
  } finally {
    await server.stop();
  }
}

/** From the first to the last stored turn within what was asked for. */
async function stretchOf(
  context: CommandDatabase,
  asked: Pick<ReplayOptions, 'from' | 'to'>,
): Promise<Stretch> {
  const { cycles, ages } = context.database;
  // What is purged, or hidden because of its age, is not shown.
  const { feed } = await openFeed(context);
  const newest = feed.newest?.cycle.frame.observedAt;
  if (newest === undefined) throw new CommandFailure(['no cycle is stored']);
  const stored = await ages.observedWithin(feed.visibleFrom, feed.latestTurn);
  const observed = {
    first: Math.min(stored?.first ?? newest, newest),
    last: Math.max(stored?.last ?? newest, newest),
  };
  const extent = await extentOf({ observed: () => Promise.resolve(observed) }, Date.now);
  const [from, to] = [resolveMoment(asked.from, extent), resolveMoment(asked.to, extent)];
  const [first] = await cycles.range({ from, to, order: 'OLDEST_FIRST', limit: 1 });
  const last = await lastReadable(cycles, { from, to });
  if (!first || !last) {
    const known = `cycles are stored from ${timeOf(observed.first)} to ${timeOf(observed.last)}`;
    throw new CommandFailure([`nothing from ${timeOf(from)} to ${timeOf(to)}: ${known}`]);
  }
  const begin = 'frame' in first ? first.frame.observedAt : from;
  return { from: begin, to: Math.max(begin, last.frame.observedAt) };
}

async function listening(
  { database }: CommandDatabase,
  clock: PastClock,
  { serve: port, host }: ReplayOptions,
) {
  const feed = new PastFeed(database, clock);
  const onError = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  };
  try {
    return await startExchangeServer({ feed, weightLimit: WEIGHT_LIMIT, host, port, onError });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? `port ${port} is in use on ${host}` : message;
    throw new CommandFailure([`--serve ${port}: ${why}`]);
  }
}

function timeOf(moment: number): string {
  return new Date(moment).toISOString();
}
