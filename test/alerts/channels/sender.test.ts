import { describe, expect, it } from 'vitest';
import { Outgoing } from '../../../src/alerts/channels/outgoing.js';
import { SecretSeal } from '../../../src/alerts/channels/secret-seal.js';
import { Sender } from '../../../src/alerts/channels/sender.js';
import { addressRule, channelOf, firing, webhookTo } from '../../support/alert-channels.js';
import { NOON } from '../../support/clock.js';
import { answering, startReceiver } from '../../support/receiver.js';
import { NEVER_ENDED, senderIn, sentTo } from '../../support/sending.js';
import { until } from '../../support/until.js';
import { BOT_TOKEN, faultOfWebhook, SIGNING_KEY } from '../../support/webhooks.js';

describe('a message to a webhook', () => {
  it('is signed as Standard Webhooks has it, under the id of the firing', async () => {
    const { receiver, sent } = await sentTo(answering(200, 'thanks'));
    expect(sent).toEqual({ outcome: 'DELIVERED', words: 'answered 200: thanks', waitMs: 0 });
    const [request] = receiver.received;
    if (!request) throw new Error('nothing came');
    expect(request).toMatchObject({ method: 'POST', url: '/hooks/secret-path?key=secret-key' });
    expect(request.headers).toMatchObject({
      'webhook-id': 'firing-1',
      'content-type': 'application/json',
    });
    expect(faultOfWebhook(request, SIGNING_KEY, NOON)).toBeNull();
    expect(
      faultOfWebhook({ ...request, body: `${request.body} ` }, SIGNING_KEY, NOON),
    ).not.toBeNull();
    expect(JSON.parse(request.body)).toEqual({
      type: 'alert.fired',
      timestamp: '2026-01-31T12:00:20.000Z',
      data: {
        id: 'firing-1',
        alert: { id: 'alert-1', name: 'BTC above 60k', version: 2 },
        line: 'BTC/USDT',
        condition: 'is above 60000',
        value: 60123.4,
        unit: 'USDT',
        turn: 1,
        text: 'BTC above 60k\nBTC/USDT is above 60000: 60123.4 USDT\nTurn 1, 2026-01-31 12:00:20 UTC',
      },
    });
  });
});

describe('a message to a chat', () => {
  const text =
    'BTC above 60k\nBTC/USDT is above 60000: 60123.4 USDT\nTurn 1, 2026-01-31 12:00:20 UTC';

  it('goes to Telegram by a bot, as plain text', async () => {
    const receiver = await startReceiver(answering(200, '{"ok":true}'));
    const channel = channelOf({
      ...{ kind: 'TELEGRAM', name: 'phone', url: receiver.url, token: BOT_TOKEN, chat: '-10012' },
    });
    expect(await senderIn().send(channel)).toMatchObject({ outcome: 'DELIVERED' });
    const [request] = receiver.received;
    expect(request?.url).toBe(`/bot${BOT_TOKEN}/sendMessage`);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      chat_id: '-10012',
      text,
      link_preview_options: { is_disabled: true },
    });
  });

  it('goes to Discord and calls nobody by name', async () => {
    const receiver = await startReceiver();
    const channel = channelOf({
      kind: 'DISCORD',
      name: 'room',
      url: `${receiver.url}/api/webhooks/1/x`,
    });
    const message = firing(1, { alert: { id: 'a', name: '@everyone *BTC_USDT*', version: 1 } });
    expect(await senderIn().send(channel, message)).toMatchObject({ outcome: 'DELIVERED' });
    const body = JSON.parse(receiver.received[0]?.body ?? '') as { content: string };
    expect(body).toMatchObject({ allowed_mentions: { parse: [] } });
    expect(body.content.split('\n')[0]).toBe('**\\@everyone \\*BTC\\_USDT\\***');
  });

  it('goes to Slack with nothing in it that Slack reads as its own', async () => {
    const receiver = await startReceiver(answering(200, 'ok'));
    const channel = channelOf({ kind: 'SLACK', name: 'team', url: `${receiver.url}/services/x` });
    const message = firing(1, { alert: { id: 'a', name: '<!channel> R&D', version: 1 } });
    expect(await senderIn().send(channel, message)).toMatchObject({ outcome: 'DELIVERED' });
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({
      text: text.replace('BTC above 60k', '&lt;!channel&gt; R&amp;D'),
      mrkdwn: false,
    });
  });

  it('is as long as the service takes, and no longer', async () => {
    const receiver = await startReceiver();
    const channel = channelOf({ kind: 'DISCORD', name: 'room', url: receiver.url });
    await senderIn().send(channel, firing(1, { line: 'x'.repeat(5_000) }));
    const { content } = JSON.parse(receiver.received[0]?.body ?? '') as { content: string };
    expect(content).toHaveLength(2_000);
    expect(content.endsWith('…')).toBe(true);
  });
});

describe('what a receiver answers', () => {
  it.each([
    [410, 'GONE'],
    [200, 'DELIVERED'],
    [202, 'DELIVERED'],
    [400, 'FAILED'],
    [404, 'FAILED'],
    [500, 'FAILED'],
  ])('%i counts as %s', async (status, outcome) => {
    expect((await sentTo(answering(status))).sent).toMatchObject({ outcome });
  });

  it.each([
    ['seconds', { 'retry-after': '17' }, '', 17_000],
    ['a date', { 'retry-after': new Date(NOON + 42_000).toUTCString() }, '', 42_000],
    ["Telegram's words", {}, '{"ok":false,"parameters":{"retry_after":5}}', 5_000],
    ["Discord's words", {}, '{"retry_after":0.5,"global":false}', 500],
    ['a week', { 'retry-after': '604800' }, '', 86_400_000],
    ['nonsense', { 'retry-after': 'soon' }, '{"retry_after":"never"}', 0],
    ['nothing', {}, '', 0],
  ])('with 429 says how long to wait, as %s', async (_what, headers, body, waitMs) => {
    const { sent } = await sentTo(answering(429, body, headers));
    expect(sent).toMatchObject({ outcome: 'FAILED', waitMs });
  });

  it('is told in one short line', async () => {
    const { sent } = await sentTo(answering(500, `a\n\tb\u0007${'x'.repeat(10_000)}`));
    expect(sent.words).toMatch(/^answered 500: a b x+…$/);
    expect(sent.words.length).toBeLessThan(230);
  });

  it('is told without the secrets that stand in it', async () => {
    const { sent } = await sentTo((request, response) => {
      const secrets = `${request.url} http://127.0.0.1${request.url} ${SIGNING_KEY}`;
      response.writeHead(500).end(`${secrets} ${encodeURIComponent(request.url)} end`);
    });
    expect(sent.words).not.toMatch(/secret|whsec_|YSBzaWdu/);
    expect(sent.words).toMatch(/end$/);
  });

  it('is read as far as its beginning, however much comes and however slowly', async () => {
    const { receiver, sent } = await sentTo((_request, response) => {
      response.writeHead(500);
      const pour = setInterval(() => response.write('x'.repeat(64 * 1024)), 1);
      response.on('close', () => clearInterval(pour));
    });
    expect(sent.outcome).toBe('FAILED');
    await until('the connection to be closed', receiver.connections, (count) => count === 0);
  });

  it('counts once its status is there, though its words never end', async () => {
    const { sent } = await sentTo((_request, response) => void response.writeHead(200).write('x'));
    expect(sent).toMatchObject({ outcome: 'DELIVERED', words: 'answered 200: x' });
  });
});

describe('a secret under another key', () => {
  it('sends nothing, and says so', async () => {
    const receiver = await startReceiver();
    const outgoing = new Outgoing({ addresses: addressRule(), resolve: () => Promise.resolve([]) });
    const seal = new SecretSeal('another secret of more than 32 bytes');
    const sender = new Sender({ seal, outgoing, now: () => NOON });
    const sent = await sender.send(webhookTo(receiver.url), firing(), NEVER_ENDED);
    expect(sent).toMatchObject({ outcome: 'UNREADABLE' });
    expect(receiver.received).toHaveLength(0);
  });
});
