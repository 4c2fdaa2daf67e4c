/** Every secret that the tests use: none may show in a log, at any level. */
export const API_SECRET_KEY = 'test-api-secret-key-of-more-than-32-bytes';
export const EXCHANGE_KEYS = {
  apiKey: 'test-exchange-api-key',
  secretKey: 'test-exchange-secret-key',
} as const;
/** What the tests' exchange account holds, and nobody else is to know. */
export const SECRET_BALANCE = '0.31415926535';

/** What must not be found in a log: the secrets themselves, and what is made of them. */
export const FORBIDDEN_IN_LOGS: readonly RegExp[] = [
  new RegExp(API_SECRET_KEY),
  new RegExp(EXCHANGE_KEYS.apiKey),
  new RegExp(EXCHANGE_KEYS.secretKey),
  new RegExp(SECRET_BALANCE.replace('.', '\\.')),
  /signature=[0-9a-f]{8}/,
  /eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/,
];
