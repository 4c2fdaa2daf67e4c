import { expect, it } from 'vitest';
import { allowedBy } from '../../src/dashboard/pair/allowed.js';

it('a course has as many turns as the server lets one read at a time', () => {
  const limit = { code: 'LIMIT_EXCEEDED', limit: 'assets of stored cycles', allowed: 50_000 };
  expect(allowedBy({ ...limit, found: 216_700 }, 100)).toBe(23);
  expect(allowedBy({ ...limit, found: 50_001 }, 1)).toBe(0);
});

it('no fewer turns are asked for where that was not the reason', () => {
  expect(allowedBy(undefined, 100)).toBe(0);
  expect(allowedBy({ code: 'DATABASE_UNAVAILABLE' }, 100)).toBe(0);
  expect(allowedBy({ code: 'LIMIT_EXCEEDED', retryAfterS: 5 }, 100)).toBe(0);
});
