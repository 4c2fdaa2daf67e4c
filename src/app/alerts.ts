import { randomUUID } from 'node:crypto';
import { AlertRules } from '../alerts/alert-rules.js';
import { Evaluation } from '../alerts/evaluation.js';
import { FiringFeed } from '../alerts/firing-feed.js';
import type { StoredExtent } from '../alerts/judged-turns.js';
import { RuleBook } from '../alerts/rule-book.js';
import type { FiringStore } from '../alerts/firing-store.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';
import type { OpenDatabase } from '../open-database.js';
import type { Delivery } from './delivery.js';
import type { EngineParts } from './engine.js';

/** What whoever asks for alerts is answered from. */
export interface AlertServices {
  readonly book: RuleBook;
  readonly rules: AlertRules;
  readonly firings: FiringStore;
  readonly feed: FiringFeed;
}

interface AlertParts {
  readonly database: Pick<OpenDatabase, 'alerts' | 'cycles' | 'notifications'>;
  readonly feed: CycleFeed;
  readonly strategy: StrategyFeed;
}

export function buildAlerts({ database, feed, strategy }: AlertParts): AlertServices {
  const { alerts, cycles, notifications } = database;
  const book = new RuleBook({
    store: alerts.rules,
    latestTurn: async () => {
      // In this order: what is purged meanwhile is marked before.
      const { latest } = (await cycles.span()) ?? { latest: 0 };
      return Math.max(latest, await strategy.purgedThrough(), feed.latestTurn);
    },
  });
  return {
    book,
    rules: new AlertRules({ store: alerts.rules, book, notifications }),
    firings: alerts.firings,
    feed: new FiringFeed({ store: alerts.firings, feed }),
  };
}

/** Judges the rules while this instance has the lease. */
export function buildEvaluation(
  { database, feed, strategy, series, slices, instance, log }: EngineParts,
  { book, feed: firingFeed }: AlertServices,
  delivery: Pick<Delivery, 'tell'>,
  lease: { readonly isHeld: boolean },
): Evaluation {
  const { alerts, history, backlog, notifications } = database;
  return new Evaluation({
    ...{ feed, backlog, lease, book, log },
    ...{ rules: alerts.rules, judgements: alerts.judgements, firings: alerts.firings },
    cycles: history.cycles,
    extent: async (): Promise<StoredExtent> => {
      const span = (await history.cycles.span()) ?? { oldest: Infinity, latest: 0 };
      return { ...span, purgedThrough: await strategy.purgedThrough() };
    },
    valuesAt: (figures, lines, pace) => series.values.valuesAt(figures, lines, pace),
    earlier: series.earlier,
    onFirings: (fired) => {
      firingFeed.look();
      notifications.publish({ kind: 'ALERTS' });
      return delivery.tell(fired);
    },
    paceOf: (ended) => slices.paceOf('alerts', ended),
    writer: `${instance} ${randomUUID()}`,
  });
}
