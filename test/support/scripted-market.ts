import type { Frame } from '../../src/domain/frame.js';
import type { Holdings } from '../../src/domain/wallet.js';
import type {
  ExchangeFailure,
  MarketSource,
  MarketStatus,
  ObservationResult,
} from '../../src/market/market-port.js';

type Answer = ObservationResult | Promise<ObservationResult>;

/** A market that says what a test tells it to. */
export class ScriptedMarket implements MarketSource {
  readonly kind = 'SIMULATED';
  readonly origin: string;
  readonly accountKind = 'PAPER';
  /** How often it was asked. */
  observations = 0;
  /** How many observations are under way, and the most there ever were at once. */
  underWay = 0;
  mostAtOnce = 0;
  /** How often it was told that another instance observes. */
  rests = 0;
  #answer: (observation: number) => Answer;

  /** @param origin what a database that it writes to is bound to */
  constructor(answer: (observation: number) => Answer, origin = 'script') {
    this.#answer = answer;
    this.origin = origin;
  }

  answerWith(answer: (observation: number) => Answer): void {
    this.#answer = answer;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async observe(): Promise<ObservationResult> {
    this.underWay++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay);
    try {
      return await this.#answer(++this.observations);
    } finally {
      this.underWay--;
    }
  }

  rest(): void {
    this.rests++;
  }

  listed(): [] {
    return [];
  }

  status(): MarketStatus {
    return {
      usedWeight: null,
      weightLimit: 6000,
      weightPerTurn: 0,
      bannedUntil: null,
      clockOffsetMs: null,
      warnings: [],
    };
  }
}

const HOLDINGS: Holdings = {
  source: 'PAPER',
  balances: [{ asset: 'USDT', free: '100.50', locked: '0' }],
};

/** @param listed the symbols that trade; by default those of {@link frameAt}, and the frame's */
export function observed(
  frame: Frame,
  holdings = HOLDINGS,
  listed: readonly string[] = ['BTCUSDT', 'ETHBTC', 'ETHUSDT', ...frame.tickers.map(nameOf)],
): ObservationResult {
  return { ok: true, observation: { frame, holdings, listed } };
}

function nameOf({ symbol }: { readonly symbol: string }): string {
  return symbol;
}

export function refused(
  code: ExchangeFailure['code'],
  message: string = code,
  retryInMs?: number,
): ObservationResult {
  return { ok: false, failure: { code, message, ...(retryInMs !== undefined && { retryInMs }) } };
}

/** A frame of BTC, ETH and USDT, all pairs listed; `step` moves the prices a little. */
export function frameAt(observedAt: number, step = 0): Frame {
  const ticker = (base: string, quote: string, last: number, open: number) => ({
    symbol: base + quote,
    base,
    quote,
    last,
    open,
    bid: last * 0.9999,
    ask: last * 1.0001,
    quoteVolume: 12345.678,
    closeTime: observedAt - 1500,
  });
  return {
    observedAt,
    tickers: [
      ticker('BTC', 'USDT', 61000 + step * 10, 60000),
      ticker('ETH', 'BTC', 0.05 + step * 1e-5, 0.051),
      ticker('ETH', 'USDT', 3050 - step, 3060),
    ],
  };
}
