import { AwayTelling } from '../alerts/health/away-telling.js';
import { messageOfNotice } from '../alerts/health/health-messages.js';
import { HealthNotices } from '../alerts/health/health-notices.js';
import { HealthWatch } from '../alerts/health/health-watch.js';
import { Targets } from '../alerts/health/targets.js';
import type { ChannelRecord } from '../alerts/channels/channel.js';
import type { RuleBook } from '../alerts/rule-book.js';
import type { Lease } from '../cluster/lease.js';
import type { HealthSigns } from '../domain/alerts/health.js';
import type { SkippedTurns } from '../feeds/skipped-turns.js';
import type { Metronome } from '../turns/metronome.js';
import type { TurnWatch } from '../turns/turn-watch.js';
import type { Delivery } from './delivery.js';
import type { EngineParts } from './engine.js';
import type { Running } from './running.js';

/** Who ran the turns so shortly before the database went away ran them last, milliseconds. */
const LED_MS = 15_000;

/** What tells operators how this stands. Nothing of it runs yet. */
export interface Health {
  readonly notices: HealthNotices;
  /** @returns once what an earlier process has left is known */
  start(): Promise<Running<HealthWatch>>;
}

interface HealthParts {
  readonly book: RuleBook;
  readonly delivery: Delivery;
  readonly watch: TurnWatch;
  readonly metronome: Metronome;
  readonly skipped: SkippedTurns;
  readonly lease: Lease;
}

export function buildHealth(parts: EngineParts, health: HealthParts): Health {
  const { log, clock, database, feed } = parts;
  const { book, delivery, skipped, lease } = health;
  const { channels, deliverer, sender, seal } = delivery;
  const away = new AwayTelling({ sender, store: database.outbox.deliveries, clock });
  const isEnabled = (channel: ChannelRecord): boolean => channels.stateOf(channel).enabled;
  const targets = new Targets({ book, seal, isEnabled });
  let ledAt = -Infinity;
  const hasJustLed = (): boolean => clock.monotonic() - ledAt < LED_MS;
  const notices = new HealthNotices({
    ...{ ...database.notices, log },
    async tell(told) {
      await book.refresh();
      await channels.refresh();
      await away.record();
      const messages = told.map(messageOfNotice);
      await deliverer.enqueue(targets.all.map(({ id }) => ({ channel: id, messages })));
    },
    // Of several instances that cannot speak to each other, one tells.
    tellAway(told) {
      if (hasJustLed()) away.tell(targets.all, told.map(messageOfNotice));
    },
  });
  const look = signsOf(parts, health);
  const watch = new HealthWatch({
    ...{ feed, skipped, notices, log },
    signs() {
      const signs = look();
      // While it is away, who led when it went still counts as the one that led last.
      if (lease.isHeld || (signs.databaseTrouble !== null && hasJustLed())) {
        ledAt = clock.monotonic();
      }
      return signs;
    },
  });
  return {
    notices,
    async start() {
      await watch.start();
      database.onBack(() => watch.databaseIsBack());
      const stop = async (): Promise<void> => {
        away.stop();
        await watch.stop();
      };
      return { part: watch, stop };
    },
  };
}

/** How this instance stands, as far as memory says. */
function signsOf(
  { clock, database, feed, market }: EngineParts,
  { watch, metronome, delivery }: HealthParts,
): () => Omit<HealthSigns, 'skipped'> {
  return () => {
    const { age, completedAt } = watch;
    // A recording that is over is not overdue.
    const isOverdue = age !== null && !metronome.status().hasEnded;
    return {
      now: clock.now(),
      latestTurn: feed.latestTurn,
      overdue: isOverdue
        ? { since: completedAt, words: age, isNew: watch.standstill !== null }
        : null,
      databaseTrouble: database.probe.trouble(),
      silence: silenceOf(market.status().bannedUntil),
      spooled: database.backlog.turns,
      deadChannels: delivery.channels.dead,
    };
  };
}

function silenceOf(until: number | null): string | null {
  return until === null
    ? null
    : `the exchange wants no calls before ${new Date(until).toISOString()}`;
}
