import { describe, expect, it } from 'vitest';
import { refuseForeign, refuseForgery } from '../../src/http/access.js';

const rule = { corsOrigins: ['https://app.example.org'] };

describe('an open server', () => {
  it.each([
    { host: 'localhost:4000' },
    { host: 'LOCALHOST' },
    { host: '127.0.0.1:4000' },
    { host: '127.9.8.7:4000' },
    { host: '[::1]:4000' },
    { host: 'localhost:4000', origin: 'http://localhost:4000' },
    { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000' },
    { host: 'localhost:4000', origin: 'https://app.example.org' },
  ])('answers %j', (headers) => {
    expect(refuseForeign(headers, rule)).toBeNull();
  });

  it.each([
    {},
    { host: '' },
    { host: 'example.org' },
    { host: 'localhost.example.org:4000' },
    { host: '127.0.0.1.example.org' },
    { host: 'example.org:4000', origin: 'http://example.org:4000' },
    { host: 'localhost:4000', origin: 'http://localhost:5173' },
    { host: 'localhost:4000', origin: 'https://localhost:4000' },
    { host: 'localhost:4000', origin: 'http://example.org' },
    { host: 'localhost:4000', origin: 'null' },
    { host: 'localhost:4000', origin: 'https://app.example.org.evil.example' },
  ])('refuses %j', (headers) => {
    expect(refuseForeign(headers, rule)).toMatchObject({ status: 403 });
  });

  it.each([
    'Forwarded',
    'Via',
    'X-Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Port',
    'X-Forwarded-Prefix',
    'X-Forwarded-Proto',
    'X-Forwarded-Server',
    'X-Forwarded-Ssl',
    'X-Original-Forwarded-For',
    'X-Real-IP',
    'X-Client-IP',
    'X-Cluster-Client-IP',
    'X-Envoy-External-Address',
    'True-Client-IP',
    'CF-Connecting-IP',
    'CF-Ray',
    'CDN-Loop',
    'Fly-Client-IP',
    'Fastly-Client-IP',
    'X-Azure-ClientIP',
    'X-Amzn-Trace-Id',
    'Tailscale-User-Login',
  ])('refuses what a proxy forwarded, as %s tells, and names it', (header) => {
    const name = header.toLowerCase();
    const refusal = refuseForeign({ host: 'localhost:4000', [name]: '' }, rule);
    expect(refusal).toMatchObject({ status: 403 });
    expect(refusal?.message).toContain(`(${name})`);
    expect(refusal?.message).toContain('API_SECRET_KEY');
  });
});

describe('what acts without a body', () => {
  const host = 'localhost:4000';
  it.each([
    { host },
    { host, 'sec-fetch-site': 'same-origin' },
    { host, 'sec-fetch-site': 'none' },
    { host, referer: 'http://localhost:4000/graphql' },
    { host: 'LOCALHOST:80', referer: 'http://localhost/' },
    { host, origin: 'https://app.example.org', 'sec-fetch-site': 'cross-site' },
  ])('is run for %j', (headers) => {
    expect(refuseForgery(headers, rule)).toBeNull();
  });

  it.each([
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'sec-fetch-site': 'same-site' },
    { host, 'sec-fetch-site': 'something new' },
    { host, referer: 'https://evil.example/page' },
    { host, referer: 'http://localhost:5173/' },
    { host, referer: 'about:blank' },
    { host, origin: 'https://evil.example' },
    { host, origin: 'null' },
    { host, 'sec-fetch-site': 'cross-site', referer: 'http://localhost:4000/' },
    { host, 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch;prerender' },
  ])('is refused to %j', (headers) => {
    expect(refuseForgery(headers, rule)).toEqual(expect.any(String));
  });
});
