import type { Leadership } from '../../src/cluster/lease.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import { Autonomy } from '../../src/durability/autonomy.js';
import { Continuity } from '../../src/durability/continuity.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import type { Notification } from '../../src/feeds/notifications.js';
import { StrategyFeed } from '../../src/feeds/strategy-feed.js';
import { Ledger } from '../../src/turns/ledger.js';
import { TurnRunner, type TurnOutcome } from '../../src/turns/turn-runner.js';
import type { ScriptedMarket } from './scripted-market.js';
import { keptLogger } from './logs.js';
import type { OpenDatabase } from '../../src/open-database.js';

const UNIVERSE = ['USDT', 'BTC', 'ETH'];

export function runnerOn(
  open: OpenDatabase,
  market: ScriptedMarket,
  cycles: CycleStore = open.cycles,
  leadership: Leadership = { state: 'LEADING', isNew: false },
) {
  const feed = new CycleFeed(cycles);
  let now = 1_700_000_000_000;
  const lease = {
    take: () => Promise.resolve(leadership),
    isHeld: leadership.state === 'LEADING',
  };
  const strategy = new StrategyFeed(open.controlStore, UNIVERSE, open.notifications);
  const { backlog, replay } = open;
  const log = keptLogger();
  const told: Notification[] = [];
  const continuity = new Continuity({ feed, cycles, backlog, strategy, log });
  const ledger = new Ledger({
    cycles,
    backlog,
    replay,
    strategy,
    feed,
    continuity,
    lease,
    autonomy: new Autonomy({ aloneForMs: 60_000 }),
    checkpoint: { write: () => undefined, remove: () => undefined },
  });
  const runner = new TurnRunner({
    market,
    ledger,
    backlog,
    lease,
    notifications: { publish: (piece) => void told.push(piece) },
    clock: { now: () => (now += 10), monotonic: () => now },
    log,
    universe: UNIVERSE,
    staleAfterMs: 60_000,
    intervalMs: 1_000,
  });
  return { runner, feed, strategy, continuity, told, pass: (ms: number) => void (now += ms) };
}

export function turnOf(outcome: TurnOutcome): number | string {
  if (outcome.kind === 'FOLLOWING') return outcome.kind;
  return outcome.kind === 'COMPLETED' ? outcome.figures.cycle.turn : outcome.failure.code;
}
