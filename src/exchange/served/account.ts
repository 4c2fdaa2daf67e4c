import { createHmac, timingSafeEqual } from 'node:crypto';
import { nonZero, type Balance } from '../../domain/wallet.js';

/** The one account that an exchange server knows. */
export interface ExchangeAccount {
  readonly apiKey: string;
  readonly secretKey: string;
  readonly balances: readonly Balance[];
}

/** An answer with its HTTP status. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An error answer in Binance's form. */
export function apiError(status: number, code: number, msg: string): Answer {
  return { status, body: { code, msg } };
}

/** What is said where a parameter is not there that has to be. */
export function missingParameter(name: string): Answer {
  const fault = `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;
  return apiError(400, -1102, fault);
}

/** An answer with what was asked for. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

const DEFAULT_RECV_WINDOW_MS = 5000;
/** Binance refuses a timestamp that is further ahead. */
const MAX_AHEAD_MS = 1000;

/** `GET /api/v3/account`, with the checks that Binance makes of a signed request. */
export function answerAccount(
  account: ExchangeAccount | null,
  apiKey: string | undefined,
  query: string,
  now: number,
): Answer {
  if (!apiKey) return apiError(401, -2014, 'API-key format invalid.');
  if (account === null || apiKey !== account.apiKey) {
    return apiError(401, -2015, 'Invalid API-key, IP, or permissions for action.');
  }
  const parameters = new URLSearchParams(query);
  for (const name of ['timestamp', 'signature']) {
    if (parameters.get(name)) continue;
    return missingParameter(name);
  }
  const timestamp = Number(parameters.get('timestamp'));
  const recvWindow = Number(parameters.get('recvWindow') ?? DEFAULT_RECV_WINDOW_MS);
  if (!(timestamp < now + MAX_AHEAD_MS && now - timestamp <= recvWindow)) {
    return apiError(400, -1021, 'Timestamp for this request is outside of the recvWindow.');
  }
  if (!isSigned(query, account.secretKey)) {
    return apiError(400, -1022, 'Signature for this request is not valid.');
  }
  const { balances } = account;
  const shown = parameters.get('omitZeroBalances') === 'true' ? nonZero(balances) : balances;
  return {
    status: 200,
    body: { accountType: 'SPOT', canTrade: true, updateTime: now, balances: shown },
  };
}

/** HMAC-SHA256 over the query as it was sent, without the signature itself. */
function isSigned(query: string, secretKey: string): boolean {
  const signed = query
    .split('&')
    .filter((part) => !part.startsWith('signature='))
    .join('&');
  const given = /(?:^|&)signature=([0-9a-f]{64})(?:&|$)/.exec(query)?.[1];
  if (given === undefined) return false;
  const expected = createHmac('sha256', secretKey).update(signed).digest('hex');
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
