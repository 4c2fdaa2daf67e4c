import { describe, expect, it } from 'vitest';
import {
  OpenNotices,
  type HealthNotice,
  type HealthSigns,
} from '../../../src/domain/alerts/health.js';

const WELL: HealthSigns = {
  ...{ now: 1_000, latestTurn: 7, overdue: null, skipped: null, databaseTrouble: null },
  ...{ silence: null, spooled: [], deadChannels: [] },
};

/** What changes as an instance sees one thing after another, in words. */
function changes(...seen: readonly Partial<HealthSigns>[]): string[][] {
  const open = new OpenNotices();
  return seen.map((signs) => open.judge({ ...WELL, ...signs }).map(inWords));
}

const inWords = ({ id, since, until }: HealthNotice): string => `${id} ${since}-${until ?? ''}`;

const OVERDUE = { since: 400, words: 'the last cycle was completed 25 s ago', isNew: true };
const dead = (channel: string, since: number) => ({ channel, since, words: 'is off' });

describe('a notice', () => {
  it.each<[string, Partial<HealthSigns>, string]>([
    ['OVERDUE', { overdue: OVERDUE }, 'OVERDUE-7 400-'],
    ['SKIPPED', { skipped: { at: 900, words: 'no price' } }, 'SKIPPED-7 900-'],
    ['DATABASE_AWAY', { databaseTrouble: 'away' }, 'DATABASE_AWAY-7 1000-'],
    ['EXCHANGE_BANNED', { silence: 'no calls' }, 'EXCHANGE_BANNED-7 1000-'],
    ['SPOOLED', { spooled: [6, 7] }, 'SPOOLED-6 1000-'],
    ['CHANNEL_DEAD', { deadChannels: [dead('a', 5)] }, 'CHANNEL_DEAD-a-5 5-'],
  ])('of %s begins once, and ends once', (_kind, signs, begun) => {
    const ended = begun.replace(/-$/, '-3000');
    expect(changes({}, signs, signs, { now: 3_000 }, { now: 4_000 })).toEqual([
      [],
      [begun],
      [],
      [ended],
      [],
    ]);
  });

  it('has the id that it began with, whatever turns complete while it lasts', () => {
    const [, later, ended] = changes(
      { databaseTrouble: 'away' },
      { databaseTrouble: 'refuses', latestTurn: 8, spooled: [8] },
      { now: 2_000, latestTurn: 9 },
    );
    expect(later).toEqual(['SPOOLED-8 1000-']);
    expect(ended).toEqual(['DATABASE_AWAY-7 1000-2000', 'SPOOLED-8 1000-2000']);
  });

  it('that the database is away is the same where a turn was kept on disk before it was seen', () => {
    const spooled = { databaseTrouble: 'away', latestTurn: 9, spooled: [8, 9] };
    expect(changes(spooled)[0]).toContain('DATABASE_AWAY-7 1000-');
  });

  it('of a channel is one of its own, also where it goes off again', () => {
    const seen = changes(
      { deadChannels: [dead('a', 5), dead('b', 6)] },
      { now: 2_000, deadChannels: [dead('b', 6), dead('a', 8)] },
    );
    expect(seen).toEqual([
      ['CHANNEL_DEAD-a-5 5-', 'CHANNEL_DEAD-b-6 6-'],
      ['CHANNEL_DEAD-a-5 5-2000', 'CHANNEL_DEAD-a-8 8-'],
    ]);
  });

  it('of turns that are overdue does not begin for a rest before the start', () => {
    const rest = { overdue: { ...OVERDUE, isNew: false } };
    expect(changes(rest, rest, { overdue: OVERDUE })).toEqual([[], [], ['OVERDUE-7 400-']]);
  });

  it('does not end before it began, though the clock was set back', () => {
    expect(changes({ spooled: [1] }, { now: 10 })[1]).toEqual(['SPOOLED-1 1000-1000']);
  });
});

describe('a notice that was left open', () => {
  const left = (kind: HealthNotice['kind'], id: string): HealthNotice => ({
    ...{ id: `${kind}-${id}`, kind, since: 400, until: null, words: '' },
  });
  const judged = (
    notice: HealthNotice,
    signs: Partial<HealthSigns>,
    from: 'ANYBODY' | 'THIS_PLACE' = 'ANYBODY',
  ): string[] => {
    const open = new OpenNotices();
    open.adopt([notice], from);
    return open.judge({ ...WELL, ...signs }).map(inWords);
  };

  it('goes on where the same is still wrong, also after a start', () => {
    const rest = { overdue: { ...OVERDUE, isNew: false } };
    expect(judged(left('OVERDUE', '7'), rest)).toEqual([]);
    expect(judged(left('CHANNEL_DEAD', 'a-5'), { deadChannels: [dead('a', 5)] })).toEqual([]);
  });

  it('ends where it is not', () => {
    const rest = { overdue: { ...OVERDUE, isNew: false }, latestTurn: 8 };
    expect(judged(left('OVERDUE', '7'), rest)).toEqual(['OVERDUE-7 400-1000']);
    expect(judged(left('EXCHANGE_BANNED', '7'), {})).toEqual(['EXCHANGE_BANNED-7 400-1000']);
  });

  it('is left alone where it may be what another instance alone sees', () => {
    expect(judged(left('SPOOLED', '3'), {})).toEqual([]);
    expect(judged(left('DATABASE_AWAY', '3'), {})).toEqual([]);
    expect(judged(left('SPOOLED', '3'), {}, 'THIS_PLACE')).toEqual(['SPOOLED-3 400-1000']);
  });

  it.each(['SPOOLED', 'OVERDUE'] as const)(
    'ends together with all others of its kind: %s',
    (kind) => {
      const open = new OpenNotices();
      open.adopt([left(kind, '3'), left(kind, '5')], 'THIS_PLACE');
      const wrong = { ...WELL, spooled: [5], overdue: OVERDUE };
      expect(open.judge(wrong).filter((notice) => notice.kind === kind)).toEqual([]);
      const ended = open.judge(WELL).map(inWords);
      expect(ended).toContain(`${kind}-3 400-1000`);
      expect(ended).toContain(`${kind}-5 400-1000`);
      expect(open.judge(WELL)).toEqual([]);
    },
  );

  it('is not open where its end is known', () => {
    const open = new OpenNotices();
    const began = left('OVERDUE', '7');
    open.adopt([began, { ...began, until: 900 }], 'ANYBODY');
    expect(open.judge(WELL)).toEqual([]);
  });
});
