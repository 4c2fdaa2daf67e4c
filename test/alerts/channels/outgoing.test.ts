import { describe, expect, it } from 'vitest';
import { Outgoing } from '../../../src/alerts/channels/outgoing.js';
import { addressesOf, resolveByNameServers } from '../../../src/alerts/channels/resolving.js';
import { Sender } from '../../../src/alerts/channels/sender.js';
import { addressRule, firing, testSeal, webhookTo } from '../../support/alert-channels.js';
import { NOON } from '../../support/clock.js';
import { answering, startReceiver } from '../../support/receiver.js';
import { NEVER_ENDED, senderIn, sentTo } from '../../support/sending.js';
import { until } from '../../support/until.js';

describe('a receiver that does not answer', () => {
  it('is given up after the time of an attempt', async () => {
    const receiver = await startReceiver(() => undefined);
    const sent = await senderIn({ attemptMs: 300 }).send(webhookTo(receiver.url));
    expect(sent).toEqual({ outcome: 'FAILED', words: 'no answer within 0.3 s', waitMs: 0 });
    await until('the connection to be closed', receiver.connections, (count) => count === 0);
  });

  it('is told apart: refused, broken off, unknown, no HTTP', async () => {
    const closed = await startReceiver();
    await closed.close();
    const breaking = await startReceiver((_request, response) => void response.socket?.destroy());
    const plain = await startReceiver();
    const { send } = senderIn();
    expect((await send(webhookTo(closed.url))).words).toBe('the connection was refused');
    expect((await send(webhookTo(breaking.url))).words).toBe('the connection broke off');
    const nowhere = await send(webhookTo('http://nowhere.example'));
    expect(nowhere.words).toBe('the name of the host is not known');
    const secure = await send(webhookTo(plain.url.replace('http:', 'https:')));
    expect(secure).toMatchObject({
      outcome: 'FAILED',
      words: expect.stringMatching(/SSL|EPROTO/) as string,
    });
  });

  it('is given up when nobody wants the message told any more', async () => {
    const receiver = await startReceiver(() => undefined);
    const ended = new AbortController();
    const outgoing = new Outgoing({ addresses: addressRule(), resolve: () => Promise.resolve([]) });
    const sender = new Sender({ seal: testSeal, outgoing, now: () => NOON });
    const sending = sender.send(webhookTo(receiver.url), firing(), ended.signal);
    await until(
      'the message',
      () => receiver.received.length,
      (count) => count === 1,
    );
    ended.abort();
    expect(await sending).toMatchObject({ outcome: 'FAILED', words: 'given up' });
  });
});

describe('where a message may not go', () => {
  it('a redirect is followed to no address', async () => {
    const { receiver, sent } = await sentTo(
      answering(302, '', { location: 'http://169.254.169.254/latest/meta-data' }),
    );
    expect(sent).toEqual({
      ...{ outcome: 'FAILED', words: 'answered 302: no redirect is followed', waitMs: 0 },
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('a name that resolves to a private address is not called', async () => {
    const receiver = await startReceiver();
    const channel = webhookTo(`http://receiver.example:${receiver.port}/`);
    const names = { 'receiver.example': ['127.0.0.1'] };
    const refused = await senderIn({ names, allowed: '' }).send(channel);
    expect(refused).toMatchObject({
      outcome: 'FAILED',
      words: expect.stringContaining('is private') as string,
    });
    expect(receiver.received).toHaveLength(0);
    const allowed = senderIn({ names, allowed: 'receiver.example' });
    expect(await allowed.send(channel)).toMatchObject({ outcome: 'DELIVERED' });
  });

  it('a name that resolves to metadata is not called, whatever is allowed', async () => {
    const names = { 'receiver.example': ['169.254.169.254', 'fd00:ec2::254'] };
    const allowed = '0.0.0.0/0,::/0,receiver.example';
    const sent = await senderIn({ names, allowed }).send(webhookTo('http://receiver.example/'));
    expect(sent.words).toBe('not sent: addresses of this kind are never called');
  });

  it('the connection goes to the address that was judged, which is asked for once', async () => {
    const receiver = await startReceiver();
    const names = { 'receiver.example': ['169.254.169.254', '127.0.0.1'] };
    const sender = senderIn({ names });
    const channel = webhookTo(`http://receiver.example:${receiver.port}/`);
    expect(await sender.send(channel)).toMatchObject({ outcome: 'DELIVERED' });
    expect(sender.asked).toEqual(['receiver.example']);
    expect(receiver.received[0]?.headers.host).toBe(`receiver.example:${receiver.port}`);
  });

  it('a stored address is judged by the settings of the day', async () => {
    const receiver = await startReceiver();
    const sent = await senderIn({ allowed: '' }).send(webhookTo(receiver.url));
    expect(sent.words).toContain('is private');
    expect(receiver.received).toHaveLength(0);
  });

  it('no proxy of the environment is used', async () => {
    const receiver = await startReceiver();
    const proxy = await startReceiver();
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) process.env[name] = proxy.url;
    process.env['NODE_USE_ENV_PROXY'] = '1';
    try {
      expect(await senderIn().send(webhookTo(receiver.url))).toMatchObject({
        outcome: 'DELIVERED',
      });
    } finally {
      for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'])
        delete process.env[name];
    }
    expect(proxy.received).toHaveLength(0);
  });
});

describe('names of this machine', () => {
  it('are resolved though no name server knows them', async () => {
    const found = await addressesOf('localhost', resolveByNameServers, NEVER_ENDED);
    expect(found.every((address) => address === '127.0.0.1' || address === '::1')).toBe(true);
    expect(found.length).toBeGreaterThan(0);
  });
});
