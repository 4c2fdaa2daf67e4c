import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AddressRule, NO_PRIVATE_ADDRESSES } from '../../../src/alerts/channels/address-rule.js';
import {
  MOST_CHANNELS,
  readChannels,
  type ChannelInput,
} from '../../../src/alerts/channels/channel-input.js';
import { CHANNEL_KINDS, type ChannelRecord } from '../../../src/alerts/channels/channel.js';
import { SecretSeal } from '../../../src/alerts/channels/secret-seal.js';
import { API_SECRET_KEY } from '../../support/secrets.js';
import { BOT_TOKEN, SIGNING_KEY } from '../../support/webhooks.js';

const seal = new SecretSeal(API_SECRET_KEY);
const addresses = new AddressRule(NO_PRIVATE_ADDRESSES);

const HOOK = 'https://receiver.example/hooks/very-secret-path?key=very-secret-key';
const WEBHOOK = { kind: 'WEBHOOK', name: 'desk', url: HOOK, token: SIGNING_KEY } as const;
const TELEGRAM = { kind: 'TELEGRAM', name: 'phone', token: BOT_TOKEN, chat: '-10012' } as const;
const DISCORD = {
  kind: 'DISCORD',
  name: 'room',
  url: 'https://discord.com/api/webhooks/1/x',
} as const;
const SLACK = {
  kind: 'SLACK',
  name: 'team',
  url: 'https://hooks.slack.com/services/T/B/x',
} as const;

function read(inputs: readonly ChannelInput[], stored: readonly ChannelRecord[] = [], by = seal) {
  return readChannels(inputs, { stored, seal: by, addresses });
}

function made(inputs: readonly ChannelInput[], stored: readonly ChannelRecord[] = []) {
  const result = read(inputs, stored);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.channels;
}

function one(input: ChannelInput, stored: readonly ChannelRecord[] = []): ChannelRecord {
  return made([input], stored)[0] as ChannelRecord;
}

function faultsOf(input: ChannelInput, stored: readonly ChannelRecord[] = [], by = seal) {
  const result = read([input], stored, by);
  return result.ok ? [] : result.faults.map(({ field, message }) => `${field}: ${message}`);
}

describe('channels as users give them', () => {
  it('keep the host, and everything else sealed', () => {
    const channels = made([WEBHOOK, TELEGRAM, DISCORD, SLACK]);
    expect(channels.map(({ kind, name, target }) => [kind, name, target])).toEqual([
      ['WEBHOOK', 'desk', 'receiver.example'],
      ['TELEGRAM', 'phone', 'api.telegram.org'],
      ['DISCORD', 'room', 'discord.com'],
      ['SLACK', 'team', 'hooks.slack.com'],
    ]);
    expect(channels.map((channel) => seal.open(channel))).toEqual([
      { kind: 'WEBHOOK', url: HOOK, token: SIGNING_KEY },
      { kind: 'TELEGRAM', url: 'https://api.telegram.org', token: BOT_TOKEN, chat: '-10012' },
      { kind: 'DISCORD', url: DISCORD.url },
      { kind: 'SLACK', url: SLACK.url },
    ]);
    expect(JSON.stringify(channels)).not.toMatch(/very-secret|whsec|services|webhooks|10012/);
    expect(new Set(channels.map(({ id }) => id)).size).toBe(4);
  });

  it('are named with their port, where it is not the usual one', () => {
    expect(one({ ...WEBHOOK, url: 'http://receiver.example:8080/x' }).target).toBe(
      'receiver.example:8080',
    );
  });

  it.each([
    [{ name: '' }, 'name: expected 1 to 60 characters'],
    [{ name: 'a\nb' }, 'name: expected 1 to 60 characters'],
    [{ url: null }, 'url: expected an http:// or https:// address'],
    [{ url: 'receiver.example' }, 'url: expected an http:// or https:// address'],
    [{ url: 'ftp://receiver.example' }, 'url: expected an http:// or https:// address'],
    [{ url: `https://x.example/${'x'.repeat(2_000)}` }, 'url: expected an http:// or https://'],
    [{ url: 'https://user:word@receiver.example' }, 'url: expected an address without a user'],
    [{ url: 'https://169.254.169.254/latest' }, 'url: addresses of this kind are never called'],
    [{ url: 'http://[fe80::1]/' }, 'url: addresses of this kind are never called'],
    [{ url: 'http://0x7f.1/' }, 'url: its address is private'],
    [{ url: 'http://localhost:9/' }, 'url: its address is private'],
    [{ token: null }, 'token: expected whsec_ and 24 to 64 bytes in base64'],
    [{ token: 'whsec_c2hvcnQ=' }, 'token: expected whsec_ and 24 to 64 bytes in base64'],
    [{ token: SIGNING_KEY.slice(6) }, 'token: expected whsec_ and 24 to 64 bytes in base64'],
    [{ chat: '1' }, 'chat: WEBHOOK takes none'],
    [{ id: 'another' }, 'id: the alert has no channel another'],
  ])('of a webhook are refused with %j', (change, words) => {
    const faults = faultsOf({ ...WEBHOOK, ...change });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(words);
    expect(faults[0]).not.toMatch(/very-secret|word@/);
  });

  it.each([
    [{ ...TELEGRAM, token: 'x' }, "token: expected the bot's token"],
    [{ ...TELEGRAM, token: `${BOT_TOKEN}/../x` }, "token: expected the bot's token"],
    [{ ...TELEGRAM, chat: null }, 'chat: expected the number of a chat'],
    [{ ...TELEGRAM, url: 'https://bots.example/path' }, 'url: expected an address without a path'],
    [{ ...DISCORD, url: null }, 'url: expected an http:// or https:// address'],
    [{ ...DISCORD, token: 'x' }, 'token: DISCORD takes none'],
    [{ ...SLACK, chat: '1' }, 'chat: SLACK takes none'],
  ])('of another kind are refused: %j', (input, words) => {
    expect(faultsOf(input)).toEqual([expect.stringContaining(words)]);
  });

  it('are refused with all that is wrong, each by its place in the list', () => {
    const result = read([WEBHOOK, { ...WEBHOOK, name: '' }, { ...WEBHOOK, url: 'x', token: 'x' }]);
    expect(result.ok ? [] : result.faults.map(({ index, field }) => [index, field])).toEqual([
      [1, 'name'],
      [2, 'url'],
      [2, 'token'],
    ]);
  });

  it('are not more than a rule may have', () => {
    const result = read(Array.from({ length: MOST_CHANNELS + 1 }, () => SLACK));
    expect(result).toMatchObject({
      ok: false,
      faults: [{ message: 'expected at most 10 channels, not 11' }],
    });
  });

  it.each(CHANNEL_KINDS)(
    'of kind %s cannot be made without a key, and it is said what to set',
    (kind) => {
      const input = { WEBHOOK, TELEGRAM, DISCORD, SLACK }[kind];
      const faults = faultsOf(input, [], new SecretSeal(null));
      expect(faults).toEqual([expect.stringContaining('set ALERT_SECRET_KEY')]);
    },
  );
});

describe('a channel that is changed', () => {
  const stored = [one(WEBHOOK), one(TELEGRAM), one(SLACK)] as const;
  const [webhook, telegram, slack] = stored;

  it('keeps what is stored where no secret is given, whatever the key is', () => {
    const input = { id: webhook.id, kind: 'WEBHOOK', name: 'renamed' } as const;
    expect(one(input, stored)).toEqual({ ...webhook, name: 'renamed' });
    for (const key of ['another secret of more than 32 bytes', null]) {
      const result = read([input], stored, new SecretSeal(key));
      expect(result).toEqual({ ok: true, channels: [{ ...webhook, name: 'renamed' }] });
    }
  });

  it('keeps its id and what was not given', () => {
    const moved = one(
      { ...WEBHOOK, id: webhook.id, url: 'https://new.example/x', token: null },
      stored,
    );
    expect(moved).toMatchObject({ id: webhook.id, target: 'new.example' });
    expect(seal.open(moved)).toMatchObject({ url: 'https://new.example/x', token: SIGNING_KEY });
    const other = one({ ...TELEGRAM, id: telegram.id, token: null, chat: '@desk' }, stored);
    expect(seal.open(other)).toMatchObject({ token: BOT_TOKEN, chat: '@desk' });
  });

  it('sends a stored bot token to no server that it was not given for', () => {
    const input = { ...TELEGRAM, id: telegram.id, token: null, url: 'https://listening.example' };
    expect(faultsOf(input, stored)).toEqual([expect.stringContaining("token: expected the bot's")]);
  });

  it('of another kind begins with nothing', () => {
    const input = { ...WEBHOOK, id: slack.id, url: null };
    expect(faultsOf(input, stored)).toEqual([expect.stringContaining('url: expected')]);
    expect(seal.open(one({ ...WEBHOOK, id: slack.id }, stored))).toMatchObject({ url: HOOK });
  });

  it('under another key has to be given whole', () => {
    const other = new SecretSeal('another secret of more than 32 bytes');
    const partly = { id: webhook.id, kind: 'WEBHOOK', name: 'x', url: HOOK } as const;
    expect(faultsOf(partly, stored, other)).toEqual([expect.stringContaining('token: expected')]);
    expect(read([{ ...WEBHOOK, id: webhook.id }], stored, other)).toMatchObject({ ok: true });
  });

  it('stands in the list once', () => {
    const input = { id: slack.id, kind: 'SLACK', name: 'x' } as const;
    const result = read([input, input], stored);
    expect(result).toMatchObject({
      ok: false,
      faults: [{ index: 1, field: 'id', message: 'each channel once' }],
    });
  });
});

describe('sealed secrets', () => {
  const id = randomUUID();
  const secret = { kind: 'SLACK', url: 'https://hooks.slack.com/x' } as const;
  const record = { id, kind: 'SLACK', sealed: seal.seal({ id, kind: 'SLACK' }, secret) } as const;

  it('open under their own key alone', () => {
    expect(new SecretSeal(API_SECRET_KEY).open(record)).toEqual(secret);
    expect(new SecretSeal(`${API_SECRET_KEY}.`).open(record)).toBeNull();
    expect(new SecretSeal(null).open(record)).toBeNull();
  });

  it('open for their own channel alone', () => {
    expect(seal.open({ ...record, id: randomUUID() })).toBeNull();
    expect(seal.open({ ...record, kind: 'DISCORD' })).toBeNull();
  });

  it('are never twice the same', () => {
    expect(seal.seal(record, secret)).not.toBe(record.sealed);
  });

  it('do not open where a single bit is another, or some are missing', () => {
    const bytes = Buffer.from(record.sealed.slice(3), 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      expect(seal.open({ ...record, sealed: `v1.${changed.toString('base64url')}` })).toBeNull();
      const cut = bytes.subarray(0, at).toString('base64url');
      expect(seal.open({ ...record, sealed: `v1.${cut}` })).toBeNull();
    }
    expect(seal.open({ ...record, sealed: record.sealed.replace('v1', 'v2') })).toBeNull();
    expect(seal.open({ ...record, sealed: '' })).toBeNull();
  });
});
