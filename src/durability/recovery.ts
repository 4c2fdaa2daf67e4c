import type { Cycle } from '../domain/cycle.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';
import type { CycleStore } from '../history/cycle-store.js';
import type { Backlog } from './backlog.js';
import type { Checkpoint } from './checkpoint.js';

interface RecoveryOptions {
  readonly feed: CycleFeed;
  readonly strategy: StrategyFeed;
  /** The stored cycles, and those of the backlog. */
  readonly cycles: CycleStore;
  readonly backlog: Pick<Backlog, 'turns'>;
  /** Where the database is away: the checkpoint to go on from. */
  readonly checkpoint: Checkpoint | null;
}

/** Makes known what there is at the start. @returns the newest cycle that can be read */
export function recover(options: RecoveryOptions): Promise<Cycle | null> {
  const { checkpoint } = options;
  return checkpoint ? fromCheckpoint(options, checkpoint) : fromDatabase(options);
}

async function fromDatabase({ feed, strategy, cycles }: RecoveryOptions): Promise<Cycle | null> {
  feed.apply(await strategy.control());
  const newest = await cycles.latest();
  // Where it is not durable yet, the first turn finds out.
  const [latest] = newest ? await cycles.confirmed([newest]) : [];
  if (latest) feed.announce(feed.figuresOf(latest));
  // Known from then on, also while the database is away.
  await feed.span();
  return (await feed.latestReadable())?.cycle ?? null;
}

/** The process before this one may have gone on after its checkpoint: that is in the backlog. */
async function fromCheckpoint(
  { feed, strategy, cycles, backlog }: RecoveryOptions,
  checkpoint: Checkpoint,
): Promise<Cycle | null> {
  feed.apply(strategy.apply(checkpoint.control));
  for (const cycle of checkpoint.cycles) feed.announce(feed.figuresOf(cycle));
  if (backlog.turns.length === 0) return checkpoint.cycles.at(-1) ?? null;
  const latest = await cycles.latest();
  if (latest) feed.announce(feed.figuresOf(latest));
  return (await feed.latestReadable())?.cycle ?? null;
}
