import type { ExchangeFailure } from '../../market/market-port.js';
import type { ExchangeTrouble, ExchangeTroubleCode } from '../../market/exchange-trouble.js';
import type { Clock } from '../../time/clock.js';

/** What is said of keys that are wrong, or that may not be used from here or for this. */
const KEY_REFUSED = new Set([-1022, -2008, -2014, -2015]);
const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);

/** A failure of a call, or of what was not called because of an earlier one. */
export interface AnyFailure extends Pick<ExchangeFailure, 'code' | 'message'> {
  readonly status?: number;
  readonly apiCode?: number;
  readonly systemCode?: string;
}

/** Tells what kind of trouble a failure is. */
export function troubleCode(failure: AnyFailure): ExchangeTroubleCode {
  const { code, status, apiCode, systemCode } = failure;
  if (apiCode !== undefined && KEY_REFUSED.has(apiCode)) return 'ACCOUNT';
  switch (code) {
    case 'EXCHANGE_RATE_LIMITED':
    case 'EXCHANGE_BANNED':
      return 'SILENCED';
    case 'EXCHANGE_TIMEOUT':
      return 'NO_ANSWER';
    case 'EXCHANGE_UNREACHABLE':
      return connectionTrouble(systemCode);
    case 'EXCHANGE_BAD_RESPONSE':
      return 'NOT_THE_API';
    default:
      return statusTrouble(status);
  }
}

function connectionTrouble(systemCode = ''): ExchangeTroubleCode {
  if (NO_NAME.has(systemCode)) return 'NO_NAME';
  const isTls = /CERT|^ERR_(TLS|SSL)_|^UNABLE_TO_|^EPROTO$|^CRL_|^HOSTNAME_MISMATCH$/;
  return isTls.test(systemCode) ? 'NOT_TRUSTED' : 'NO_CONNECTION';
}

function statusTrouble(status = 0): ExchangeTroubleCode {
  if (status === 451) return 'REGION';
  if (status === 401 || status === 403 || status === 407) return 'REFUSED';
  if (status >= 500) return 'DOWN';
  return (status >= 300 && status < 400) || status === 404 || status === 405
    ? 'NOT_THE_API'
    : 'OTHER';
}

const MADE_UP = 'EXCHANGE=simulated runs everything on made-up prices, without any network.';
const OTHER_SERVER =
  'BINANCE_HTTP_BASE names another server with the same API; https://data-api.binance.vision has the public prices, without an account.';
const PROXY =
  'Where the way out is a proxy: HTTPS_PROXY is not used; BINANCE_HTTP_BASE may name a server that passes calls on.';
const BY_ITSELF = 'It is asked again by itself: there is nothing to do here.';

const NETWORK = (host: string): string =>
  `Is this machine on the network, and does its firewall let it call ${host}?`;

/** What may help with the exchange at a host, the likeliest first. */
const REMEDIES: Readonly<Record<ExchangeTroubleCode, (host: string) => readonly string[]>> = {
  NO_NAME: (host) => [
    `Is this machine on the network, and does it find names? It looked for ${host}.`,
    PROXY,
    MADE_UP,
  ],
  NO_CONNECTION: (host) => [NETWORK(host), PROXY, OTHER_SERVER, MADE_UP],
  NO_ANSWER: (host) => [NETWORK(host), PROXY, OTHER_SERVER, MADE_UP],
  NOT_TRUSTED: (host) => [
    `Something between here and ${host} shows a certificate that is not trusted, as proxies of companies do: NODE_EXTRA_CA_CERTS=<its authority as a PEM file> has Node trust it.`,
    "Is this machine's clock right? Certificates are valid from a day to a day.",
    MADE_UP,
  ],
  REGION: () => [
    'The exchange does not serve the region of this address (HTTP 451).',
    OTHER_SERVER,
    MADE_UP,
  ],
  REFUSED: () => [
    'The exchange, or a firewall or proxy between, refuses this address: its region, a VPN, a cloud, or too many calls from it.',
    OTHER_SERVER,
    MADE_UP,
  ],
  SILENCED: () => [
    `${BY_ITSELF} It goes on when the time that the exchange named is over.`,
    'What else calls the exchange from this address? A longer CYCLE_INTERVAL_MS or fewer ASSETS need less of what it allows.',
  ],
  ACCOUNT: () => [
    'Are BINANCE_API_KEY and BINANCE_SECRET_KEY those of this exchange, and may the key read from this address?',
    'Without both of them the public prices and PAPER_WALLET are used.',
  ],
  NOT_THE_API: (host) => [
    `What answers at ${host} is not Binance's spot API: is a login page or a proxy between, or is BINANCE_HTTP_BASE wrong? /api/v3/time has to show a serverTime.`,
    MADE_UP,
  ],
  DOWN: () => [BY_ITSELF, OTHER_SERVER],
  OTHER: () => [],
};

export interface TroubleWatchOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Where the exchange is looked for: a host, with its port where it is not the usual one. */
  readonly host: string;
  /** Whether somebody else's exchange is asked: for one of our own there is nothing to try. */
  readonly isOutside: boolean;
}

/** Keeps what is wrong with the exchange at present, and what may be tried. */
export class TroubleWatch {
  readonly #options: TroubleWatchOptions;
  #current: ExchangeTrouble | null = null;
  #hasAnswered = false;

  constructor(options: TroubleWatchOptions) {
    this.#options = options;
  }

  /** Null while nothing is wrong, or nothing was asked yet. */
  get current(): ExchangeTrouble | null {
    return this.#current;
  }

  answered(): void {
    this.forget();
    this.#hasAnswered = true;
  }

  /** Nobody asks for now: what goes wrong after that is another trouble. */
  forget(): void {
    this.#current = null;
  }

  /** @returns the message, with what may be tried where the exchange has never answered yet */
  failed(failure: AnyFailure): string {
    const { clock, host, isOutside } = this.#options;
    const { message } = failure;
    const code = troubleCode(failure);
    const tryThis = isOutside ? REMEDIES[code](host) : [];
    const since = this.#current?.since ?? clock.now();
    this.#current = { code, since, message, tryThis };
    return this.#hasAnswered ? message : [message, ...tryThis].join(' · ');
  }
}
