import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutBasePath } from '../../src/http/base-path.js';
import { readTrustedProxies, TrustedProxies } from '../../src/http/trusted-proxies.js';

const trusted = readTrustedProxies('127.0.0.1, 10.1.0.0/16,fd00::/8') as TrustedProxies;

function received(peer: string, headers: Record<string, string>): IncomingMessage {
  return { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
}

describe('where a request comes from', () => {
  it.each([
    ['198.51.100.7', undefined, '198.51.100.7'],
    ['198.51.100.7', '203.0.113.5', '198.51.100.7'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['::ffff:127.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['127.0.0.1', '203.0.113.9, 203.0.113.5', '203.0.113.5'],
    ['127.0.0.1', '203.0.113.9, 203.0.113.5, 10.1.2.3', '203.0.113.5'],
    ['127.0.0.1', '10.1.2.3,10.2.0.1', '10.2.0.1'],
    ['127.0.0.1', '10.1.2.4,10.1.2.3', '10.1.2.4'],
    ['fd00::1', '203.0.113.5:4711', '203.0.113.5'],
    ['fd00::1', '[2001:db8::5]:4711', '2001:db8::5'],
    ['127.0.0.1', '203.0.113.5, nobody', '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
  ])('is, over %s and %j, %s', (peer, chain, address) => {
    const headers: Record<string, string> = chain === undefined ? {} : { 'x-forwarded-for': chain };
    expect(trusted.addressOf(received(peer, headers))).toBe(address);
    expect(TrustedProxies.NONE.addressOf(received(peer, headers))).toBe(peer);
  });

  it('is never what somebody who is not trusted says', () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4()), fc.ipV4(), (said, own) => {
        fc.pre(!/^(127\.0\.0\.1$|10\.1\.)/.test(own));
        const chain = { 'x-forwarded-for': [...said, own].join(', ') };
        expect(trusted.addressOf(received('10.1.0.1', chain))).toBe(own);
      }),
    );
  });

  it.each([
    ['127.0.0.1', { 'x-forwarded-proto': 'https' }, 'https://localhost:4000'],
    ['127.0.0.1', { 'x-forwarded-host': 'example.org' }, 'http://example.org'],
    [
      '127.0.0.1',
      { 'x-forwarded-host': 'evil.example, example.org', 'x-forwarded-proto': 'http, https' },
      'https://example.org',
    ],
    [
      '198.51.100.7',
      { 'x-forwarded-host': 'example.org', 'x-forwarded-proto': 'https' },
      'http://localhost:4000',
    ],
  ])('has, over %s and %j, the origin %s', (peer, headers, origin) => {
    const request = received(peer, { host: 'localhost:4000', ...headers });
    expect(trusted.originOf(request)).toBe(origin);
  });
});

describe('the path that everything is served under', () => {
  it.each([
    ['/dynamics/graphql', '/graphql'],
    ['/dynamics/graphql?query={x}', '/graphql?query={x}'],
    ['/dynamics/', '/'],
    ['/dynamics', '/'],
    ['/dynamics?view=pair', '/?view=pair'],
    ['/dynamics/dynamics', '/dynamics'],
    ['/graphql', '/graphql'],
    ['/dynamicsx', '/dynamicsx'],
    ['/', '/'],
  ])('is taken off %s where it stands there: %s', (url, rest) => {
    expect(withoutBasePath('/dynamics', url)).toBe(rest);
    expect(withoutBasePath('', url)).toBe(url);
  });
});
