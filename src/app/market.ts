import { ConfigError, type Config } from '../config.js';
import { createMarket } from '../exchange/create-market.js';
import type { Metrics } from '../http/metrics.js';
import type { Logger } from '../log.js';
import type { MarketSource } from '../market/market-port.js';
import type { OpenDatabase } from '../open-database.js';
import type { Clock } from '../time/clock.js';
import type { Running } from './running.js';

/** Request weight a minute; the other half of Binance's limit is left to others at this address. */
const MAX_PLANNED_WEIGHT = 3000;

/** What a market is made with. */
export interface MarketParts {
  readonly config: Config;
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/**
 * Makes the market that the settings name, and records in the database that its cycles are from
 * there.
 * @param given takes its place
 * @throws {OriginMismatchError} where the database holds the cycles of another
 */
export async function claimMarket(
  { config, database, clock, log, metrics }: MarketParts,
  given?: MarketSource,
): Promise<Running<MarketSource>> {
  const market =
    given ??
    createMarket(config, {
      clock,
      log,
      limits: database.exchangeLimits,
      onCall: (call) => metrics.exchangeCall(call),
    });
  await database.claim({
    exchange: market.kind,
    source: market.origin,
    account: market.accountKind,
  });
  return { part: market, stop: () => market.stop() };
}

/** @throws {ConfigError} if Binance would be asked for more than half of what it allows. */
export function refuseTooMuchWeight({ cycleIntervalMs }: Config, market: MarketSource): void {
  if (market.kind !== 'BINANCE') return;
  const { weightPerTurn } = market.status();
  const planned = Math.ceil((weightPerTurn * 60_000) / cycleIntervalMs);
  if (planned <= MAX_PLANNED_WEIGHT) return;
  const least = Math.ceil((weightPerTurn * 60_000) / MAX_PLANNED_WEIGHT);
  throw new ConfigError([
    `CYCLE_INTERVAL_MS: expected at least ${least} for these ASSETS: at ${cycleIntervalMs} the planned request weight is ${planned} a minute, and half of Binance's 6000 is the most`,
  ]);
}
