import { describe, expect, it } from 'vitest';
import { turnNotRun } from '../../src/graphql/errors.js';

describe('a turn that could not be run', () => {
  it.each([
    ['EXCHANGE_TIMEOUT', 'EXCHANGE_UNAVAILABLE'],
    ['TOO_FEW_SYMBOLS', 'EXCHANGE_UNAVAILABLE'],
    ['REPLAY_ENDED', 'EXCHANGE_UNAVAILABLE'],
    ['DATABASE_UNAVAILABLE', 'DATABASE_UNAVAILABLE'],
    ['PURGED', 'TURN_OVERTAKEN'],
    ['TURN_TAKEN', 'TURN_OVERTAKEN'],
    ['ELSEWHERE', 'TURN_OVERTAKEN'],
    ['STOPPED', 'TURN_OVERTAKEN'],
    ['INTERNAL', 'INTERNAL_SERVER_ERROR'],
  ])('for %s says who is to blame: %s', (reason, code) => {
    expect(turnNotRun({ at: 0, code: reason, message: 'why' })).toMatchObject({
      message: 'why',
      extensions: { code, reason },
    });
  });
});
