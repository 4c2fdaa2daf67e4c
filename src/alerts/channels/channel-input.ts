import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { AddressRule } from './address-rule.js';
import type { ChannelKind, ChannelRecord, ChannelSecret } from './channel.js';
import type { SecretSeal } from './secret-seal.js';

/** What a user wants of a channel. One with an id is there already: what is left out stays. */
export interface ChannelInput {
  readonly id?: string | null | undefined;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly url?: string | null | undefined;
  readonly token?: string | null | undefined;
  readonly chat?: string | null | undefined;
}

/** What is wrong with one channel of a list, in words for people. */
export interface ChannelFault {
  readonly index: number;
  readonly field: keyof ChannelInput;
  readonly message: string;
}

export type ReadChannels =
  | { readonly ok: true; readonly channels: readonly ChannelRecord[] }
  | { readonly ok: false; readonly faults: readonly ChannelFault[] };

interface ChannelReading {
  /** Those that the rule has already. */
  readonly stored: readonly ChannelRecord[];
  readonly seal: SecretSeal;
  readonly addresses: AddressRule;
}

/** Channels that one rule may have. */
export const MOST_CHANNELS = 10;
const LONGEST_NAME = 60;
const LONGEST_URL = 2_000;
const TELEGRAM = 'https://api.telegram.org';

type Given = { readonly [Field in 'url' | 'token' | 'chat']: string | null };
type Found = { readonly field: keyof ChannelInput; readonly message: string };

/** The secrets that each kind is made of. */
const FIELDS: Readonly<Record<ChannelKind, readonly (keyof Given)[]>> = {
  WEBHOOK: ['url', 'token'],
  TELEGRAM: ['url', 'token', 'chat'],
  DISCORD: ['url'],
  SLACK: ['url'],
};

/** Reads what a user gave, sealing the secrets; or names every fault of it at once. */
export function readChannels(
  inputs: readonly ChannelInput[],
  reading: ChannelReading,
): ReadChannels {
  if (inputs.length > MOST_CHANNELS) {
    const message = `expected at most ${MOST_CHANNELS} channels, not ${inputs.length}`;
    return { ok: false, faults: [{ index: MOST_CHANNELS, field: 'kind', message }] };
  }
  const faults: ChannelFault[] = [];
  const channels: ChannelRecord[] = [];
  inputs.forEach((input, index) => {
    const isTwice = !!input.id && inputs.findIndex(({ id }) => id === input.id) < index;
    const read = isTwice ? fault('id', 'each channel once') : readChannel(input, reading);
    if (Array.isArray(read)) faults.push(...read.map((found) => ({ index, ...found })));
    else channels.push(read);
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, channels };
}

function readChannel(
  input: ChannelInput,
  { stored, seal, addresses }: ChannelReading,
): ChannelRecord | Found[] {
  const { kind } = input;
  const name = input.name.trim();
  const faults: Found[] = [];
  if (name.length < 1 || name.length > LONGEST_NAME || /\p{Cc}/u.test(name)) {
    faults.push(...fault('name', `expected 1 to ${LONGEST_NAME} characters in one line`));
  }
  const before = stored.find(({ id }) => id === input.id);
  const id = input.id ?? null;
  if (id !== null && !before) {
    return [...faults, ...fault('id', `the alert has no channel ${id.slice(0, 40)}`)];
  }
  const given = { url: input.url ?? null, token: input.token ?? null, chat: input.chat ?? null };
  for (const field of ['url', 'token', 'chat'] as const) {
    const isOurs = FIELDS[kind].includes(field);
    if (given[field] !== null && !isOurs) faults.push(...fault(field, `${kind} takes none`));
  }
  if (faults.length > 0) return faults;
  const isUntouched = FIELDS[kind].every((field) => given[field] === null);
  if (before && isUntouched && before.kind === kind) return { ...before, name };
  if (!seal.hasKey) return fault(FIELDS[kind][0] as keyof Given, NO_KEY);
  const secret = readSecret(kind, given, before ? seal.open(before) : null);
  if (Array.isArray(secret)) return secret;
  const { hostname, host } = new URL(secret.url);
  const refused = refusalOf(hostname, addresses);
  if (refused !== null) return fault('url', refused);
  const channel = { id: before?.id ?? randomUUID(), kind };
  return { ...channel, name, target: host, sealed: seal.seal(channel, secret) };
}

const NO_KEY =
  'the secrets of channels are stored encrypted, and there is no key: set ALERT_SECRET_KEY (at least 32 bytes, for example from openssl rand -hex 32) and start again';

/** @param before what is stored, where it is and can be read: fills in what was not given */
function readSecret(
  kind: ChannelKind,
  given: Given,
  before: ChannelSecret | null,
): ChannelSecret | Found[] {
  const known = before?.kind === kind ? (before as Partial<Given>) : {};
  switch (kind) {
    case 'WEBHOOK': {
      const url = given.url ?? known.url ?? null;
      const token = given.token ?? known.token ?? null;
      const faults = [...urlFaults(url), ...(isSigningKey(token) ? [] : fault('token', SIGNING))];
      return faults.length > 0 ? faults : { kind, url: url as string, token: token as string };
    }
    case 'TELEGRAM':
      return readTelegram(given, known);
    case 'DISCORD':
    case 'SLACK': {
      const url = given.url ?? known.url ?? null;
      const faults = urlFaults(url);
      return faults.length > 0 ? faults : { kind, url: url as string };
    }
  }
}

/** A stored token goes to no other server than it was given for. */
function readTelegram(given: Given, known: Partial<Given>): ChannelSecret | Found[] {
  const url = given.url ?? (given.token === null ? (known.url ?? TELEGRAM) : TELEGRAM);
  const token = given.token ?? (given.url === null ? (known.token ?? null) : null);
  const chat = given.chat ?? known.chat ?? null;
  const faults = urlFaults(url);
  if (faults.length === 0 && new URL(url).pathname !== '/') {
    faults.push(...fault('url', 'expected an address without a path: that of a server of bots'));
  }
  if (!/^\d{3,20}:[\w-]{20,100}$/.test(token ?? '')) {
    faults.push(...fault('token', "expected the bot's token as BotFather gave it: 123456:ABC…"));
  }
  if (!/^(-?\d{1,20}|@\w{4,64})$/.test(chat ?? '')) {
    faults.push(...fault('chat', 'expected the number of a chat, or @ and the name of a channel'));
  }
  if (faults.length > 0) return faults;
  return {
    kind: 'TELEGRAM',
    url: new URL(url).origin,
    token: token as string,
    chat: chat as string,
  };
}

const SIGNING =
  'expected whsec_ and 24 to 64 bytes in base64, with which messages are signed, for example from: echo whsec_$(openssl rand -base64 32)';

function isSigningKey(token: string | null): boolean {
  const [, text = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(token ?? '') ?? [];
  const bytes = Buffer.from(text, 'base64');
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === text;
}

function urlFaults(text: string | null): Found[] {
  const url = text !== null && URL.canParse(text) ? new URL(text) : null;
  if (text === null || !url || !/^https?:$/.test(url.protocol) || text.length > LONGEST_URL) {
    return fault(
      'url',
      `expected an http:// or https:// address of up to ${LONGEST_URL} characters`,
    );
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return fault('url', 'expected an address without a user, a password and a fragment');
  }
  return [];
}

/** What can be said of a host before its name is resolved. */
function refusalOf(hostname: string, addresses: AddressRule): string | null {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0) return addresses.refusalOf(address, address);
  return /^(.+\.)?localhost$/.test(address) ? addresses.refusalOf(address, '127.0.0.1') : null;
}

function fault(field: keyof ChannelInput, message: string): Found[] {
  return [{ field, message }];
}
