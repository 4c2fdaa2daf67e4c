import type { Express } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Services } from '../graphql/context.js';
import type { TurnReport } from '../pipeline/metronome.js';
import type { PushFigures } from '../subscriptions/hub.js';
import type { SubscriptionServer } from '../subscriptions/server.js';

/** What is known of the sockets and of what goes over them. */
export type SubscriptionFigures = Pick<SubscriptionServer, 'sockets' | 'pushed'>;

/** What is measured, as Prometheus reads it; times are seconds, as is its custom. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #turns: Counter;
  readonly #turnSeconds: Histogram;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#turns = new Counter({
      name: 'dynamics_turns_total',
      help: 'Turns by outcome (completed, failed, skipped, ended) and by the code of what went wrong.',
      labelNames: ['outcome', 'code'],
      registers,
    });
    this.#turnSeconds = new Histogram({
      name: 'dynamics_turn_seconds',
      help: 'From the start of a completed turn until it was durable and announced.',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
  }

  /** Takes note of a turn. */
  turn({ outcome, code, ms }: TurnReport): void {
    this.#turns.inc({ outcome: outcome.toLowerCase(), code: code ?? '' });
    if (outcome === 'COMPLETED') this.#turnSeconds.observe(ms / 1000);
  }

  /** Serves `GET /metrics`. */
  serve(app: Express, { feed, market }: Services, subscriptions: SubscriptionFigures): void {
    this.#gauge('dynamics_latest_turn', 'The newest announced turn.', () => feed.latestTurn);
    this.#gauge('dynamics_sockets', 'Open WebSockets.', () => subscriptions.sockets);
    const pushed = (figure: keyof PushFigures) => () => subscriptions.pushed[figure];
    this.#gauge('dynamics_subscribers', 'Subscriptions to cycles.', pushed('subscribers'));
    this.#gauge(
      'dynamics_subscription_groups',
      'Groups of subscribers that get the same bytes.',
      pushed('groups'),
    );
    this.#counter('dynamics_pushed_messages_total', 'Cycles sent to a client.', pushed('messages'));
    this.#counter('dynamics_pushed_bytes_total', 'Bytes of cycles sent.', pushed('bytes'));
    this.#counter(
      'dynamics_slow_consumers_total',
      'Sockets closed with 4508 because their client did not keep up.',
      pushed('slowConsumers'),
    );
    this.#gauge(
      'dynamics_exchange_weight_used',
      'Request weight used in this minute, as the exchange states it.',
      () => market.status().usedWeight ?? 0,
    );
    this.#gauge(
      'dynamics_exchange_silent',
      'Whether the exchange has told us to be silent: 1 or 0.',
      () => (market.status().bannedUntil === null ? 0 : 1),
    );
    app.get('/metrics', async (_request, response) => {
      response.type(this.#registry.contentType).send(await this.#registry.metrics());
    });
  }

  /** A counter that is kept elsewhere. */
  #counter(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}
