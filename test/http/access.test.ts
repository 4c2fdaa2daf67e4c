import { describe, expect, it } from 'vitest';
import { refuseForeign } from '../../src/http/access.js';

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
    { host: 'localhost:4000', 'x-forwarded-for': '192.0.2.1' },
    { host: 'localhost:4000', forwarded: 'for=192.0.2.1' },
    { host: 'localhost:4000', via: '1.1 proxy' },
  ])('refuses %j', (headers) => {
    expect(refuseForeign(headers, rule)).toMatchObject({ status: 403 });
  });
});
