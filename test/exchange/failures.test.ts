import { describe, expect, it } from 'vitest';
import { classifyFailure, DeadlineError, redact } from '../../src/exchange/failures.js';
import { MalformedAnswerError } from '../../src/exchange/parse.js';
import { Silence } from '../../src/exchange/silence.js';

const SIGNED =
  'https://api.binance.com/api/v3/account?omitZeroBalances=true&timestamp=1&signature=abcdef';

function apiError(code: number | undefined, message: string): Error {
  return Object.assign(new Error(message), { code, url: SIGNED });
}

function httpError(status: number, body: string, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`${status} Whatever ${body}`), {
    response: new Response(null, { status, headers }),
    responseText: body,
  });
}

describe('a failed call', () => {
  it.each([
    ['our deadline', new DeadlineError('no answer within 10 s'), 'EXCHANGE_TIMEOUT', /10 s/],
    [
      'a refused connection',
      Object.assign(new Error(`request to ${SIGNED} failed, reason: connect ECONNREFUSED`), {
        name: 'FetchError',
        code: 'ECONNREFUSED',
      }),
      'EXCHANGE_UNREACHABLE',
      /^connect ECONNREFUSED$/,
    ],
    ['an API error', apiError(-1000, 'An unknown error'), 'EXCHANGE_ERROR', /^-1000: An unknown/],
    ['weight used up', apiError(-1003, 'Too much weight'), 'EXCHANGE_RATE_LIMITED', /-1003/],
    [
      'a ban',
      apiError(-1003, 'Way too much; IP banned until 1700000000000.'),
      'EXCHANGE_BANNED',
      /banned/,
    ],
    ['an error answer without code', apiError(undefined, '503 Oops'), 'EXCHANGE_ERROR', /HTTP 503/],
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
      'a body that is no JSON',
      { name: 'SyntaxError', message: 'Unexpected', at: 1, text: '<html>' },
      'EXCHANGE_BAD_RESPONSE',
      /no JSON: <html>/,
    ],
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
    const { message } = classifyFailure({ text: `${'line\n'.repeat(100_000)}` });
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(200);
  });

  it('names when the ban ends, or for how long to be silent', () => {
    expect(classifyFailure(apiError(-1003, 'banned until 1700000000000'))).toMatchObject({
      silentUntil: 1_700_000_000_000,
    });
    expect(classifyFailure(httpError(429, '', { 'retry-after': '17' }))).toMatchObject({
      silentForMs: 17_000,
    });
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
    const { message } = classifyFailure({ text: 'x'.repeat(130) + secret }, [secret]);
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
    silence.heed({ ...banned, silentUntil: exchangeNow + 90_000 }, now, exchangeNow);
    expect(silence.left(now)).toBe(90_000);
    expect(silence.failure(now + 89_999)).toMatchObject({ code: 'EXCHANGE_BANNED' });
    expect(silence.failure(now + 90_000)).toBeNull();
  });

  it('lasts a minute after a 429 and two after a 418 where no time is named', () => {
    const silence = new Silence();
    silence.heed(limited, now, exchangeNow);
    expect(silence.left(now)).toBe(60_000);
    const other = new Silence();
    other.heed(banned, now, exchangeNow);
    expect(other.left(now)).toBe(120_000);
  });

  it('doubles on repeats, up to an hour, and begins short again after an answer', () => {
    const silence = new Silence();
    let at = now;
    const lengths = Array.from({ length: 8 }, () => {
      silence.heed(limited, at, exchangeNow);
      const length = silence.left(at) ?? 0;
      at += length;
      return length / 60_000;
    });
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    silence.lift();
    silence.heed(limited, at, exchangeNow);
    expect(silence.left(at)).toBe(60_000);
  });

  it('counts several answers to calls made at once as one', () => {
    const silence = new Silence();
    for (let call = 0; call < 4; call++) silence.heed(limited, now, exchangeNow);
    silence.heed(limited, now + 60_000, exchangeNow);
    expect(silence.left(now + 60_000)).toBe(120_000);
  });

  it.each([exchangeNow - 1, exchangeNow + 10 * 86_400_000])(
    'is bounded where the named time is absurd',
    (until) => {
      const silence = new Silence();
      silence.heed({ ...banned, silentUntil: until }, now, exchangeNow);
      const length = silence.left(now) ?? 0;
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(3 * 86_400_000);
    },
  );

  it('is not kept for other failures', () => {
    const silence = new Silence();
    silence.heed({ code: 'EXCHANGE_ERROR', message: 'x' }, now, exchangeNow);
    expect(silence.left(now)).toBeNull();
  });
});
