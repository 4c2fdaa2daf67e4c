import { describe, expect, it } from 'vitest';
import {
  classifyFailure,
  ConnectionError,
  DeadlineError,
  redact,
  StatusError,
} from '../../../src/exchange/binance/failures.js';
import { MalformedAnswerError } from '../../../src/exchange/binance/parse.js';
import { readRetryAfter } from '../../../src/exchange/binance/retry-after.js';
import { Silence } from '../../../src/exchange/binance/silence.js';

const SIGNED =
  'https://api.binance.com/api/v3/account?omitZeroBalances=true&timestamp=1&signature=abcdef';

function apiError(status: number, code: number, msg: string, headers = {}): StatusError {
  return new StatusError(status, headers, JSON.stringify({ code, msg }));
}

function httpError(status: number, body: string, headers: Record<string, string> = {}) {
  return new StatusError(status, headers, body);
}

describe('a failed call', () => {
  it.each([
    ['our deadline', new DeadlineError('no answer within 10 s'), 'EXCHANGE_TIMEOUT', /10 s/],
    [
      'a refused connection',
      new ConnectionError('connect ECONNREFUSED 127.0.0.1:1'),
      'EXCHANGE_UNREACHABLE',
      /^connect ECONNREFUSED 127.0.0.1:1$/,
    ],
    ['an API error', apiError(400, -1000, 'An unknown error'), 'EXCHANGE_ERROR', /^-1000: An/],
    ['weight used up', apiError(429, -1003, 'Too much'), 'EXCHANGE_RATE_LIMITED', /^-1003: Too/],
    ['too much under another status', apiError(400, -1003, 'x'), 'EXCHANGE_RATE_LIMITED', /-1003/],
    ['429 with another code', apiError(429, -1015, 'Slow'), 'EXCHANGE_RATE_LIMITED', /-1015/],
    ['a ban', apiError(418, -1003, 'IP banned until 1700000000000.'), 'EXCHANGE_BANNED', /banned/],
    ['a ban under 429', apiError(429, -1003, 'IP banned.'), 'EXCHANGE_BANNED', /banned/],
    ['JSON of another form', httpError(503, '{"a":1}'), 'EXCHANGE_ERROR', /HTTP 503 [^:]*: \{"a"/],
    [
      'a redirect',
      httpError(302, '<a>there</a>', { location: `${SIGNED}#x` }),
      'EXCHANGE_ERROR',
      /^HTTP 302 Found: a redirect to https:\/\/api\.binance\.com, which is not followed$/,
    ],
    [
      'a redirect to here',
      httpError(307, '', { location: '/x?signature=a' }),
      'EXCHANGE_ERROR',
      /redirect, which/,
    ],
    [
      'a page with 403',
      httpError(403, '<h1>No</h1>'),
      'EXCHANGE_ERROR',
      /^HTTP 403 Forbidden: No$/,
    ],
    ['451 without a body', httpError(451, ''), 'EXCHANGE_ERROR', /^HTTP 451 [^:]*$/],
    ['a page with 502', httpError(502, '<p>x</p>'), 'EXCHANGE_ERROR', /502 Bad Gateway: x/],
    ['418 without a body', httpError(418, ''), 'EXCHANGE_BANNED', /418/],
    ['429 without a body', httpError(429, ''), 'EXCHANGE_RATE_LIMITED', /429/],
    [
      'another shape',
      new MalformedAnswerError('time: not a time'),
      'EXCHANGE_BAD_RESPONSE',
      /time/,
    ],
    ['anything else', new TypeError('x is undefined'), 'EXCHANGE_BAD_RESPONSE', /x is undefined/],
    ['a rejection with nothing', undefined, 'EXCHANGE_BAD_RESPONSE', /undefined/],
  ])('is told apart: %s', (_name, error, code, message) => {
    const failure = classifyFailure(error);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
  });

  it('is told in one short line, however long the answer was', () => {
    const { message } = classifyFailure(httpError(500, 'line\n'.repeat(100_000)));
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(200);
  });

  it('names when the ban ends, and for how long to be silent', () => {
    const headers = { 'retry-after': '17' };
    expect(classifyFailure(apiError(418, -1003, 'until 1700000000000', headers))).toMatchObject({
      silentUntil: 1_700_000_000_000,
      silentForMs: 17_000,
    });
  });
});

describe('Retry-After', () => {
  const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
  const later = 'Wed, 21 Oct 2015 07:33:00 GMT';
  const now = Date.parse(date) + 3_600_000;
  const DAY = 86_400_000;

  it.each<[string, number]>([
    ['300', 300_000],
    [' 300 ', 300_000],
    ['0.5', 500],
    ['0', 0],
    ['259200', 3 * DAY],
  ])('of %j seconds is %d ms', (text, ms) => {
    expect(readRetryAfter({ 'retry-after': text }, now)).toEqual({ ms });
  });

  it('that is a date is taken by the clock of the answer, else by ours', () => {
    const headers = { 'retry-after': later };
    expect(readRetryAfter({ ...headers, date }, now)).toEqual({ ms: 300_000 });
    expect(readRetryAfter(headers, Date.parse(date))).toEqual({ ms: 300_000 });
  });

  it.each(['-5', 'soon', '', '1e9', 'NaN', '2015-10-21', '3 days', date])(
    'that makes no sense is said, and nothing is taken from it: %j',
    (text) => {
      const words = `its Retry-After "${text}" makes no sense`;
      expect(readRetryAfter({ 'retry-after': text }, now)).toEqual({ words });
      const { message } = classifyFailure(httpError(429, '', { 'retry-after': text }));
      expect(message).toContain(words);
    },
  );

  it.each(['259201', '9'.repeat(30), '9'.repeat(400), 'Wed, 21 Oct 2099 07:28:00 GMT'])(
    'that is absurdly long is bounded, and that is said: %j',
    (text) => {
      const { ms, words } = readRetryAfter({ 'retry-after': text }, now) ?? {};
      expect(ms).toBe(3 * DAY);
      expect(words).toMatch(/^its Retry-After ".{1,40}" is taken as 3 days$/);
    },
  );

  it('is nothing where there is none', () => {
    expect(readRetryAfter({}, now)).toBeNull();
  });
});

describe('redaction', () => {
  it.each([
    [`request to ${SIGNED} failed`, 'request to https://api.binance.com/api/v3/account?… failed'],
    ['sent signature=abc&x=1', 'sent signature=…&x=1'],
    ['header X-MBX-APIKEY: abc, next', 'header X-MBX-APIKEY: …, next'],
    ['the key k3y is unknown, k3y', 'the key … is unknown, …'],
  ])('of %j', (text, clean) => {
    expect(redact(text, ['k3y'])).toBe(clean);
  });

  it('leaves no part of a secret where a message is cut', () => {
    const secret = 'S'.repeat(64);
    const { message } = classifyFailure(httpError(500, 'x'.repeat(130) + secret), [secret]);
    expect(message).not.toContain('SSS');
  });
});

describe('silence', () => {
  /** By the monotonic clock. */
  const now = 5_000;
  const exchangeNow = 1_700_000_000_000;
  const banned = { code: 'EXCHANGE_BANNED', message: 'banned' } as const;
  const limited = { code: 'EXCHANGE_RATE_LIMITED', message: 'slow down' } as const;

  it('lasts until the named time, by the exchange’s clock', () => {
    const silence = new Silence();
    silence.register({ ...banned, silentUntil: exchangeNow + 90_000 }, now, exchangeNow);
    expect(silence.left(now)).toBe(90_000);
    expect(silence.failure(now + 89_999)).toMatchObject({ code: 'EXCHANGE_BANNED' });
    expect(silence.failure(now + 90_000)).toBeNull();
  });

  it('lasts a minute after a 429 and two after a 418 where no time is named', () => {
    const silence = new Silence();
    silence.register(limited, now, exchangeNow);
    expect(silence.left(now)).toBe(60_000);
    const other = new Silence();
    other.register(banned, now, exchangeNow);
    expect(other.left(now)).toBe(120_000);
  });

  it('doubles on repeats, up to an hour, and begins short again after an answer', () => {
    const silence = new Silence();
    let at = now;
    const lengths = Array.from({ length: 8 }, () => {
      silence.register(limited, at, exchangeNow);
      const length = silence.left(at) ?? 0;
      at += length;
      return length / 60_000;
    });
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    silence.lift();
    silence.register(limited, at, exchangeNow);
    expect(silence.left(at)).toBe(60_000);
  });

  it('counts several answers to calls made at once as one', () => {
    const silence = new Silence();
    for (let call = 0; call < 4; call++) silence.register(limited, now, exchangeNow);
    silence.register(limited, now + 60_000, exchangeNow);
    expect(silence.left(now + 60_000)).toBe(120_000);
  });

  it('is as long as was said, else until the time that was said', () => {
    const silence = new Silence();
    const silentUntil = exchangeNow + 90_000;
    silence.register({ ...banned, silentUntil, silentForMs: 0 }, now, exchangeNow);
    expect(silence.left(now)).toBe(90_000);
    const other = new Silence();
    other.register({ ...banned, silentUntil, silentForMs: 7_000 }, now, exchangeNow);
    expect(other.left(now)).toBe(7_000);
  });

  it.each([exchangeNow - 1, exchangeNow + 10 * 86_400_000])(
    'is bounded where the named time is absurd',
    (until) => {
      const silence = new Silence();
      silence.register({ ...banned, silentUntil: until }, now, exchangeNow);
      const length = silence.left(now) ?? 0;
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(3 * 86_400_000);
    },
  );

  it('is not kept for other failures', () => {
    const silence = new Silence();
    silence.register({ code: 'EXCHANGE_ERROR', message: 'x' }, now, exchangeNow);
    expect(silence.left(now)).toBeNull();
  });
});
