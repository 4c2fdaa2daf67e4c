import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkToken, issueToken } from '../../src/http/auth.js';
import { API_SECRET_KEY } from '../support/secrets.js';

const soon = (): number => Date.now() + 60_000;
const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token made by hand, signed with HMAC-SHA256 unless it says otherwise. */
function token(header: object, payload: object, secret = API_SECRET_KEY): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const HS256 = { alg: 'HS256' };
const inAnHour = Math.floor(Date.now() / 1000) + 3600;

describe('an access token', () => {
  it.each(['viewer', 'operator'] as const)('gives the role %s until it expires', async (role) => {
    const expiresAt = Math.floor(soon() / 1000) * 1000;
    const check = await checkToken(
      API_SECRET_KEY,
      `Bearer ${await issueToken(API_SECRET_KEY, role, expiresAt)}`,
    );
    expect(check).toMatchObject({ ok: true, viewer: { role, expiresAt } });
  });

  it.each([
    ['nothing', undefined, /is needed/],
    ['no bearer', 'Basic abc', /expected Authorization: Bearer/],
    ['no token', 'Bearer ', /expected Authorization: Bearer/],
    ['nonsense', 'Bearer a.b.c', /not valid/],
    [
      'another secret',
      `Bearer ${token(HS256, { role: 'operator', exp: inAnHour }, 'another secret')}`,
      /not valid/,
    ],
    ['an expired one', `Bearer ${token(HS256, { role: 'operator', exp: 1 })}`, /expired/],
    ['one without an end', `Bearer ${token(HS256, { role: 'operator' })}`, /not valid/],
    ['another role', `Bearer ${token(HS256, { role: 'root', exp: inAnHour })}`, /no role/],
    [
      'no signature',
      `Bearer ${encode({ alg: 'none' })}.${encode({ role: 'operator', exp: inAnHour })}.`,
      /not valid/,
    ],
    [
      'another algorithm',
      `Bearer ${token({ alg: 'HS512' }, { role: 'operator', exp: inAnHour })}`,
      /not valid/,
    ],
    [
      'one that is not valid yet',
      `Bearer ${token(HS256, { role: 'operator', exp: inAnHour + 60, nbf: inAnHour })}`,
      /not valid/,
    ],
  ])('is refused in words, without the token: %s', async (_name, authorization, message) => {
    const check = await checkToken(API_SECRET_KEY, authorization);
    expect(check.ok).toBe(false);
    if (check.ok) return;
    expect(check.message).toMatch(message);
    for (const part of authorization?.split(/[ .]/).filter((text) => text.length > 12) ?? []) {
      if (part !== 'Authorization') expect(check.message).not.toContain(part);
    }
  });

  describe('that was checked before', () => {
    afterEach(() => vi.useRealTimers());

    it('is the same caller again, and is refused from the second on in which it expires', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const expiresAt = Math.floor(soon() / 1000) * 1000;
      const authorization = `Bearer ${await issueToken(API_SECRET_KEY, 'viewer', expiresAt)}`;
      const first = await checkToken(API_SECRET_KEY, authorization);
      vi.setSystemTime(expiresAt - 1);
      expect(await checkToken(API_SECRET_KEY, authorization)).toEqual(first);
      vi.setSystemTime(expiresAt);
      const expired = { ok: false, message: 'the access token has expired' };
      expect(await checkToken(API_SECRET_KEY, authorization)).toEqual(expired);
      expect(await checkToken(API_SECRET_KEY, authorization)).toEqual(expired);
    });

    it('is not taken under another secret, with another role or with another signature', async () => {
      const good = token(HS256, { role: 'viewer', exp: inAnHour });
      const other = token(HS256, { role: 'operator', exp: inAnHour });
      const [header, payload, signature] = good.split('.') as [string, string, string];
      expect(await checkToken(API_SECRET_KEY, `Bearer ${good}`)).toMatchObject({ ok: true });
      const refused = { ok: false, message: expect.stringMatching(/not valid/) as string };
      expect(await checkToken(`${API_SECRET_KEY}2`, `Bearer ${good}`)).toEqual(refused);
      const mixed = [header, other.split('.')[1], signature].join('.');
      const signedOtherwise = [header, payload, other.split('.')[2]].join('.');
      for (const wrong of [mixed, signedOtherwise]) {
        expect(await checkToken(API_SECRET_KEY, `Bearer ${wrong}`)).toEqual(refused);
      }
    });
  });
});
