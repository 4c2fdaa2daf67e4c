import { Webhook } from 'standardwebhooks';
import type { ChannelSecret } from './channel.js';
import { jsonOf, textOf, type AlertMessage } from './message.js';

/** A POST that tells a message. */
export interface ChannelRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the services take at most, characters. */
const LONGEST = { TELEGRAM: 4_096, DISCORD: 2_000, SLACK: 4_000 } as const;

/** @param now milliseconds since 1970: receivers take a signature for some minutes */
export function requestOf(
  secret: ChannelSecret,
  message: AlertMessage,
  now: number,
): ChannelRequest {
  const json = { 'content-type': 'application/json' };
  switch (secret.kind) {
    case 'WEBHOOK': {
      const body = jsonOf(message);
      const sent = new Date(now);
      const headers = {
        ...json,
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(now / 1000)),
        'webhook-signature': new Webhook(secret.token).sign(message.id, sent, body),
      };
      return { url: secret.url, headers, body };
    }
    case 'TELEGRAM': {
      const text = shortened(plainTextOf(message), LONGEST.TELEGRAM);
      const link_preview_options = { is_disabled: true };
      const body = JSON.stringify({ chat_id: secret.chat, text, link_preview_options });
      return { url: `${secret.url}/bot${secret.token}/sendMessage`, headers: json, body };
    }
    case 'DISCORD': {
      const { title, lines } = textOf(message);
      const text = [`**${forDiscord(title)}**`, ...lines.map(forDiscord)].join('\n');
      const content = shortened(text, LONGEST.DISCORD);
      // A name such as @everyone calls nobody.
      const body = JSON.stringify({ content, allowed_mentions: { parse: [] } });
      return { url: secret.url, headers: json, body };
    }
    case 'SLACK': {
      const text = shortened(forSlack(plainTextOf(message)), LONGEST.SLACK);
      return { url: secret.url, headers: json, body: JSON.stringify({ text, mrkdwn: false }) };
    }
  }
}

function plainTextOf(message: AlertMessage): string {
  const { title, lines } = textOf(message);
  return [title, ...lines].join('\n');
}

/** What Discord takes for its marks stands there as it is. */
function forDiscord(text: string): string {
  return text.replace(/[\\*_~`|>#[\]<:@]/g, '\\$&');
}

/** As Slack's documents ask: these three, and no others. */
function forSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
