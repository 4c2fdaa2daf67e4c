import { describe, expect, it } from 'vitest';
import {
  classifyFailure,
  ConnectionError,
  DeadlineError,
  StatusError,
} from '../../../src/exchange/binance/failures.js';
import { MalformedAnswerError } from '../../../src/exchange/binance/parse.js';
import { troubleCode, TroubleWatch } from '../../../src/exchange/binance/trouble.js';
import type { ExchangeTroubleCode } from '../../../src/market/exchange-trouble.js';
import { failureOf, ManualClock, marketOf, NOON, startExchange } from '../../support/exchange.js';

const broken = (code: string) => new ConnectionError(`x ${code}`, { cause: { code } });
const status = (code: number) => new StatusError(code, {}, '<p>no</p>');
const apiError = (code: number, apiCode: number) =>
  new StatusError(code, {}, JSON.stringify({ code: apiCode, msg: 'no' }));

const CASES: readonly (readonly [string, unknown, ExchangeTroubleCode, RegExp])[] = [
  ['no name server', broken('ENOTFOUND'), 'NO_NAME', /network.*HTTPS_PROXY.*EXCHANGE=simulated/],
  ['no network', broken('EAI_AGAIN'), 'NO_NAME', /network/],
  ['a refused connection', broken('ECONNREFUSED'), 'NO_CONNECTION', /firewall.*data-api/],
  ['no route', broken('ENETUNREACH'), 'NO_CONNECTION', /firewall/],
  ['a connection that breaks', broken('ECONNRESET'), 'NO_CONNECTION', /BINANCE_HTTP_BASE/],
  ['silence', new DeadlineError('no answer within 10 s'), 'NO_ANSWER', /firewall/],
  ['a proxy that decrypts', broken('SELF_SIGNED_CERT_IN_CHAIN'), 'NOT_TRUSTED', /NODE_EXTRA_CA/],
  ['an unknown authority', broken('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'NOT_TRUSTED', /PEM/],
  ['another name', broken('ERR_TLS_CERT_ALTNAME_INVALID'), 'NOT_TRUSTED', /clock/],
  ['a wrong clock', broken('CERT_NOT_YET_VALID'), 'NOT_TRUSTED', /clock/],
  ['no TLS at all', broken('EPROTO'), 'NOT_TRUSTED', /certificate/],
  ['a region', status(451), 'REGION', /451.*data-api.*EXCHANGE=simulated/],
  ['a firewall', status(403), 'REFUSED', /region.*data-api/],
  ['a ban', status(418), 'SILENCED', /by itself.*CYCLE_INTERVAL_MS/],
  ['too many calls', status(429), 'SILENCED', /by itself/],
  ['wrong keys', apiError(401, -2015), 'ACCOUNT', /BINANCE_API_KEY.*PAPER_WALLET/],
  ['another server', new MalformedAnswerError('no JSON'), 'NOT_THE_API', /login page/],
  ['a redirect', status(302), 'NOT_THE_API', /serverTime/],
  ['trouble of its own', status(503), 'DOWN', /by itself/],
  ['an error of the API', apiError(400, -1000), 'OTHER', /^$/],
];

describe('a failure of the exchange', () => {
  it.each(CASES)('has a code, and what may be tried: %s', (_name, error, code, words) => {
    const watch = new TroubleWatch({
      clock: { now: () => 7 },
      host: 'exchange.example',
      isOutside: true,
    });
    const failure = classifyFailure(error);
    expect(troubleCode(failure)).toBe(code);
    const message = watch.failed(failure);
    expect(watch.current).toMatchObject({ code, since: 7, message: failure.message });
    const tried = watch.current?.tryThis ?? [];
    expect(tried.join(' ')).toMatch(words);
    expect(message).toBe([failure.message, ...tried].join(' · '));
  });
});

it('trouble lasts since its first failure, unless another instance reads the exchange in between', async () => {
  const clock = new ManualClock();
  const exchange = await startExchange(clock);
  exchange.faults.add({ kind: 'RESET' });
  const market = marketOf(exchange, { clock });
  await failureOf(market);
  clock.advance(60_000);
  await failureOf(market);
  expect(market.status().trouble?.since).toBe(NOON);
  market.rest();
  expect(market.status().trouble).toBeNull();
  await failureOf(market);
  expect(market.status().trouble?.since).toBe(NOON + 60_000);
});
