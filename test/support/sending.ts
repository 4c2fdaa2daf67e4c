import type { ChannelRecord } from '../../src/alerts/channels/channel.js';
import type { AlertMessage } from '../../src/alerts/channels/message.js';
import { Outgoing } from '../../src/alerts/channels/outgoing.js';
import { Sender } from '../../src/alerts/channels/sender.js';
import { addressRule, firing, testSeal, webhookTo } from './alert-channels.js';
import { NOON } from './clock.js';
import { startReceiver, type Answering } from './receiver.js';

interface World {
  /** What the setting ALERT_PRIVATE_ADDRESSES is. */
  readonly allowed?: string;
  /** What each name resolves to, one after another; names that are not here are not known. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly attemptMs?: number;
}

/** For whoever wants a message told however long it takes. */
export const NEVER_ENDED = new AbortController().signal;

/** What sends messages at noon, and which names it has asked for. */
export function senderIn({ allowed = '127.0.0.1', names = {}, attemptMs = 60_000 }: World = {}) {
  const asked: string[] = [];
  const resolve = (host: string): Promise<readonly string[]> => {
    asked.push(host);
    const found = names[host];
    if (!found) return Promise.reject(Object.assign(new Error(host), { code: 'ENOTFOUND' }));
    return Promise.resolve(found);
  };
  const outgoing = new Outgoing({ addresses: addressRule(allowed), resolve, attemptMs });
  const sender = new Sender({ seal: testSeal, outgoing, now: () => NOON });
  return {
    asked,
    send: (channel: ChannelRecord, message: AlertMessage = firing()) =>
      sender.send(channel, message, NEVER_ENDED),
  };
}

/** A message to a webhook that answers so, with secrets in its address: who got it, and what came of it. */
export async function sentTo(answer: Answering, message: AlertMessage = firing()) {
  const receiver = await startReceiver(answer);
  const channel = webhookTo(`${receiver.url}/hooks/secret-path?key=secret-key`);
  return { receiver, sent: await senderIn().send(channel, message) };
}
