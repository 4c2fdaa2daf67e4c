import { expect, it } from 'vitest';
import { Targets } from '../../../src/alerts/health/targets.js';
import type { ChannelRecord } from '../../../src/alerts/channels/channel.js';
import { testSeal, webhookTo } from '../../support/alert-channels.js';

const ruleWith = (channels: readonly ChannelRecord[], isEnabled = true) => ({
  channels,
  isEnabled,
});
const [here, again, there, elsewhere] = ['/here', '/here', '/there', '/elsewhere'].map((path) =>
  webhookTo(`http://127.0.0.1:9${path}`),
) as [ChannelRecord, ChannelRecord, ChannelRecord, ChannelRecord];

/** Rules, and how often a secret of theirs is opened. */
function targetsOf(...current: ReturnType<typeof ruleWith>[]) {
  const book = { changes: 1, current };
  const off = new Set<ChannelRecord>();
  const place = { book, off, opened: 0 };
  const targets = new Targets({
    book,
    isEnabled: (channel) => !off.has(channel),
    seal: {
      open(channel) {
        place.opened++;
        return testSeal.open(channel);
      },
    },
  });
  return Object.assign(place, { targets });
}

it('each place is told once, of rules that are enabled', () => {
  const { targets } = targetsOf(
    ruleWith([here]),
    ruleWith([again, there]),
    ruleWith([elsewhere], false),
  );
  expect(targets.all).toEqual([here, there]);
});

it('a place is told through another channel where one is off, and not at all where all are', () => {
  const { targets, off } = targetsOf(ruleWith([here, there]), ruleWith([again]));
  off.add(here);
  expect(targets.all).toEqual([again, there]);
  off.add(again);
  expect(targets.all).toEqual([there]);
});

it('secrets are opened once until rules change', () => {
  const place = targetsOf(ruleWith([here, there]));
  for (let times = 0; times < 3; times++) expect(place.targets.all).toEqual([here, there]);
  expect(place.opened).toBe(2);
  place.book.changes++;
  place.book.current.push(ruleWith([elsewhere]));
  expect(place.targets.all).toEqual([here, there, elsewhere]);
});
