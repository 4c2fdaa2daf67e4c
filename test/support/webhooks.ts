import { createHmac } from 'node:crypto';
import type { Received } from './receiver.js';

/** A signing key as people make it, and a bot's token as Telegram does. */
export const SIGNING_KEY = `whsec_${Buffer.from('a signing key of the tests, 32 b').toString('base64')}`;
export const BOT_TOKEN = '1234567890:test-bot-token-of-35-characters-xyz';

/** Receivers take a message that was signed so long ago at most, seconds. */
const TOLERANCE_S = 300;

/**
 * Why a request is not one that Standard Webhooks takes, in words; null where it is. Written from the
 * specification, without its library: HMAC-SHA256 over `id.timestamp.body`, under the bytes that stand in
 * base64 behind `whsec_`; the header holds signatures with their version, separated by spaces.
 */
export function faultOfWebhook(
  { headers, body }: Received,
  key: string,
  now: number,
): string | null {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => {
    const value = headers[`webhook-${name}`];
    return typeof value === 'string' ? value : '';
  }) as [string, string, string];
  if (id === '' || id.includes('.')) return `webhook-id is ${id}`;
  if (!/^\d+$/.test(timestamp)) return `webhook-timestamp is ${timestamp}`;
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S)
    return `it was signed at ${timestamp}`;
  const secret = Buffer.from(key.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', secret)
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  const isSigned = signatures.split(' ').includes(`v1,${expected}`);
  return isSigned ? null : `webhook-signature is ${signatures}`;
}
