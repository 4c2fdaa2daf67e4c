import type { ListedPair, Universe } from '../../domain/asset.js';
import type { Balance } from '../../domain/wallet.js';
import type { Logger } from '../../log.js';
import type { CloseSource } from '../../market/close-source.js';
import type {
  ExchangeCall,
  MarketSource,
  MarketStatus,
  ObservationRequest,
  ObservationResult,
} from '../../market/market-port.js';
import type { Clock } from '../../time/clock.js';
import type { ExchangeKind } from '../../domain/cycle.js';
import { BinanceMarket } from '../binance/market.js';
import type { ExchangeFeed } from './feed.js';
import { startExchangeServer, type ExchangeServer } from './exchange-server.js';

/** Our own exchange is not sparing with its weight. */
const WEIGHT_LIMIT = 10_000_000;

export interface ServedMarketOptions {
  readonly universe: Universe;
  /** Its only account. */
  readonly paperWallet: readonly Balance[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly onCall?: (call: ExchangeCall) => void;
}

/** What an exchange of our own plays. */
export interface Played {
  readonly feed: ExchangeFeed;
  /** The exchange's clock where it is not ours. */
  readonly exchangeNow?: () => number;
}

/**
 * An exchange of our own: served over HTTP as Binance serves its, and read by the same client, so
 * that all of that is exercised.
 */
export abstract class ServedMarket implements MarketSource {
  readonly accountKind = 'PAPER';
  abstract readonly kind: ExchangeKind;
  abstract readonly origin: string;
  protected readonly options: ServedMarketOptions;
  #running: { readonly server: ExchangeServer; readonly client: BinanceMarket } | null = null;

  constructor(options: ServedMarketOptions) {
    this.options = options;
  }

  protected abstract play(after: number | null): Played | Promise<Played>;

  async start({ after }: { readonly after: number | null }): Promise<void> {
    const { feed, exchangeNow } = await this.play(after);
    const server = await startExchangeServer({ feed, weightLimit: WEIGHT_LIMIT });
    const client = new BinanceMarket({
      ...this.options,
      kind: this.kind,
      origin: this.origin,
      httpBase: server.url,
      keys: null,
      ...(exchangeNow && { exchangeNow }),
    });
    this.#running = { server, client };
    await client.start();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.client.stop();
    await running?.server.stop();
  }

  observe(request: ObservationRequest): Promise<ObservationResult> {
    return this.#client.observe(request);
  }

  rest(): void {
    this.#running?.client.rest();
  }

  status(): MarketStatus {
    return this.#client.status();
  }

  get past(): CloseSource {
    return this.#client.past;
  }

  listed(): readonly ListedPair[] {
    return this.#running?.client.listed() ?? [];
  }

  get #client(): BinanceMarket {
    if (!this.#running) throw new Error(`the exchange ${this.origin} is not running`);
    return this.#running.client;
  }
}
