import type { Express } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CycleFigures } from '../domain/cycle.js';
import type { Services } from '../graphql/context.js';
import type { TurnReport } from '../turns/turn-tally.js';
import type { ExchangeCall } from '../market/market-port.js';
import type { TurnStage } from '../turns/turn-runner.js';
import type { Load } from '../graphql/load.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The event loop's lag is looked at so often: each look wakes an idle server, milliseconds. */
const LOOP_PRECISION_MS = 50;

/** What is measured, as Prometheus reads it; times are seconds, as is its custom. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #turnSeconds: Histogram;
  readonly #stageSeconds: Histogram;
  readonly #databaseSeconds: Histogram;
  readonly #exchangeCalls: Counter;
  readonly #exchangeWeight: Counter;
  readonly #exchangeSeconds: Histogram;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({
      register: this.#registry,
      eventLoopMonitoringPrecision: LOOP_PRECISION_MS,
    });
    this.#databaseSeconds = new Histogram({
      name: 'dynamics_database_operation_seconds',
      help: 'Operations of the database, repeats included, by outcome: ok, away, refused.',
      labelNames: ['outcome'],
      buckets: SECONDS,
      registers,
    });
    this.#exchangeCalls = new Counter({
      name: 'dynamics_exchange_calls_total',
      help: 'Calls of the exchange by endpoint and outcome: OK, or the code of what went wrong.',
      labelNames: ['endpoint', 'outcome'],
      registers,
    });
    this.#exchangeWeight = new Counter({
      name: 'dynamics_exchange_weight_total',
      help: 'Request weight of the calls of the exchange, as its documentation has it.',
      labelNames: ['endpoint'],
      registers,
    });
    this.#exchangeSeconds = new Histogram({
      name: 'dynamics_exchange_call_seconds',
      help: 'How long calls of the exchange took, whatever their outcome.',
      labelNames: ['endpoint'],
      buckets: SECONDS,
      registers,
    });
    this.#stageSeconds = new Histogram({
      name: 'dynamics_turn_stage_seconds',
      help: 'The parts of a turn: prepare (lease, settings), observe (exchange), compute, store.',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    });
    this.#turnSeconds = new Histogram({
      name: 'dynamics_turn_seconds',
      help: 'From the start of a completed turn until it was durable and announced.',
      buckets: SECONDS,
      registers,
    });
  }

  /** Records how long a turn took; how many there were is kept elsewhere. */
  turn({ outcome, ms }: TurnReport): void {
    if (outcome === 'COMPLETED') this.#turnSeconds.observe(ms / 1000);
  }

  /** Records a part of a turn. */
  stage(stage: TurnStage, ms: number): void {
    this.#stageSeconds.observe({ stage: stage.toLowerCase() }, ms / 1000);
  }

  /** Records an operation of the database. */
  databaseRun({ outcome, ms }: { readonly outcome: string; readonly ms: number }): void {
    this.#databaseSeconds.observe({ outcome: outcome.toLowerCase() }, ms / 1000);
  }

  /** Records a call of the exchange. */
  exchangeCall({ endpoint, outcome, weight, ms }: ExchangeCall): void {
    this.#exchangeCalls.inc({ endpoint, outcome });
    this.#exchangeWeight.inc({ endpoint }, weight);
    this.#exchangeSeconds.observe({ endpoint }, ms / 1000);
  }

  /** Serves `GET /metrics`. */
  serve(app: Express, services: Services): void {
    this.#watchTurns(services);
    this.#watchLoad(services);
    this.#watchExchange(services);
    app.get('/metrics', async (_request, response) => {
      response.type(this.#registry.contentType).send(await this.#registry.metrics());
    });
  }

  #watchTurns({ feed, backlog, lease, tally }: Services): void {
    new Counter({
      name: 'dynamics_turns_total',
      help: 'Turns by outcome (completed, failed, skipped, ended) and by the code of what went wrong.',
      labelNames: ['outcome', 'code'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { outcome, code, count } of tally.counts) {
          this.inc({ outcome: outcome.toLowerCase(), code: code ?? '' }, count);
        }
      },
    });
    this.#counter(
      'dynamics_late_turns_total',
      'Turns that began later than they were due by more than a tenth of the interval.',
      () => tally.late,
    );
    this.#gauge('dynamics_latest_turn', 'The newest announced turn.', () => feed.latestTurn);
    this.#gauge(
      'dynamics_spooled_cycles',
      'Cycles that are kept in DATA_DIR until the database takes them.',
      () => backlog.turns.length,
    );
    this.#counter(
      'dynamics_rejected_cycles_total',
      'Cycles that were pushed and could not be stored; they are kept in DATA_DIR/rejected.',
      () => backlog.rejectedCount,
    );
    this.#gauge('dynamics_lease_held', 'Whether this instance runs the turns: 1 or 0.', () =>
      lease.isHeld ? 1 : 0,
    );
  }

  #watchLoad({ load }: Services): void {
    const of = (figure: keyof Load) => () => load()[figure];
    this.#gauge(
      'dynamics_heavy_operations',
      'Operations that read much of history and are under way.',
      of('heavyUnderWay'),
    );
    this.#gauge(
      'dynamics_heavy_operations_waiting',
      'Operations that read much of history and wait until they may begin.',
      of('heavyWaiting'),
    );
    this.#gauge('dynamics_sockets', 'Open WebSockets.', of('sockets'));
    this.#gauge(
      'dynamics_event_streams',
      'Open streams of server-sent events.',
      of('eventStreams'),
    );
    this.#gauge('dynamics_subscribers', 'Subscriptions to cycles.', of('subscribers'));
    this.#gauge(
      'dynamics_subscription_groups',
      'Groups of subscribers that get the same bytes.',
      of('groups'),
    );
    this.#counter(
      'dynamics_pushed_messages_total',
      'Cycles sent to a client.',
      of('pushedMessages'),
    );
    this.#counter('dynamics_pushed_bytes_total', 'Bytes of cycles sent.', of('pushedBytes'));
    this.#counter(
      'dynamics_slow_consumers_total',
      'Sockets closed with 4508, and event streams ended, because their client did not keep up.',
      of('slowConsumers'),
    );
  }

  #watchExchange({ feed, market }: Services): void {
    this.#gauge(
      'dynamics_stale_tickers',
      'Tickers of the newest cycle that are older than STALE_AFTER_MS.',
      () => staleTickers(feed.newest),
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

function staleTickers(figures: CycleFigures | null): number {
  if (!figures) return 0;
  const { frame, staleAfterMs } = figures.cycle;
  const oldest = frame.observedAt - staleAfterMs;
  return frame.tickers.filter(({ closeTime }) => closeTime < oldest).length;
}
