import { z } from 'zod';
import { readPrivateAddresses, type PrivateAddresses } from './alerts/channels/address-rule.js';
import { isDecimal } from './domain/decimal.js';
import { isFault } from './domain/series/fault.js';
import type { Balance } from './domain/wallet.js';
import { readTrustedProxies, type TrustedProxies } from './http/trusted-proxies.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_FORMATS = ['auto', 'pretty', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

const integer = (minimum: number, maximum: number, unit = '') => {
  const expected = `a whole number from ${minimum} to ${maximum}${unit}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, expected)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, expected);
};

const ASSET_NAME = /^[^\s,:/."$]{1,32}$/u;

const assets = z.string().transform((text, context) => {
  const names = text.split(',').map((name) => name.trim());
  const fault = assetListFault(names);
  if (fault === null) return names;
  context.addIssue({ code: 'custom', message: fault });
  return z.NEVER;
});

function assetListFault(names: readonly string[]): string | null {
  if (names.some((name) => !ASSET_NAME.test(name))) {
    return 'asset names separated by commas, for example USDT,BTC,ETH';
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return `each asset once, but ${repeated} stands twice`;
  return names.length < 2 || names.length > 1000 ? '2 to 1000 assets' : null;
}

const wallet = z.string().transform((text, context): Balance[] => {
  if (text.trim() === '') return [];
  const entries = text.split(',').map((entry) => entry.trim().split(':'));
  const wellFormed = entries.every(
    ([asset, amount, ...rest]) =>
      rest.length === 0 && ASSET_NAME.test(asset ?? '') && isDecimal(amount ?? ''),
  );
  const names = entries.map(([asset]) => asset);
  if (wellFormed && new Set(names).size === names.length) {
    return entries.map(([asset, amount]) => ({
      asset: asset as string,
      free: amount as string,
      locked: '0',
    }));
  }
  context.addIssue({
    code: 'custom',
    message:
      'asset:amount entries separated by commas, each asset once, amounts as decimals of at least 0, for example USDT:10000,BTC:0.1',
  });
  return z.NEVER;
});

/** The address of a server, without a slash at its end. */
export const httpUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'an http:// or https:// address',
  )
  .refine((text) => {
    if (!URL.canParse(text)) return true;
    const url = new URL(text);
    return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  }, 'an address without credentials, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''));

const origins = z.string().transform((text, context) => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.every((entry) => URL.canParse(entry) && new URL(entry).origin === entry))
    return entries;
  context.addIssue({
    code: 'custom',
    message: 'origins separated by commas, for example https://example.org,http://localhost:5173',
  });
  return z.NEVER;
});

const basePath = z
  .string()
  .transform((text) => text.replace(/\/$/, ''))
  .refine(
    (text) => text === '' || /^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(text),
    'a path such as /dynamics',
  );

const trustedProxies = z.string().transform((text, context): TrustedProxies => {
  const read = readTrustedProxies(text);
  if (read) return read;
  const message = 'addresses or CIDR blocks separated by commas, for example 127.0.0.1,10.1.0.0/16';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const privateAddresses = z.string().transform((text, context): PrivateAddresses => {
  const read = readPrivateAddresses(text);
  if (!isFault(read)) return read;
  context.addIssue({ code: 'custom', message: read.words });
  return z.NEVER;
});

const secret = z
  .string()
  .refine((text) => Buffer.byteLength(text) >= 32, 'a secret of at least 32 bytes')
  .optional();

/** Every variable: what it takes, in words that follow "expected", and its default. */
export const environment = z.object({
  HOST: z.string().min(1, 'a host name or address').default('127.0.0.1'),
  PORT: integer(0, 65535).default(4000),
  MONGO_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/./, 'an address that starts with mongodb:// or mongodb+srv://')
    .optional(),
  DATABASE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,38}$/, 'up to 38 letters, digits, _ and -')
    .default('dynamics_prototype'),
  DATA_DIR: z.string().min(1, 'a folder').default('.data'),
  EXCHANGE: z
    .enum(['binance', 'simulated', 'replay'], 'binance, simulated or replay')
    .default('simulated'),
  BINANCE_API_KEY: z.string().regex(/^\S+$/, 'a key without spaces').optional(),
  BINANCE_SECRET_KEY: z.string().regex(/^\S+$/, 'a key without spaces').optional(),
  BINANCE_HTTP_BASE: httpUrl.optional(),
  REPLAY_PATH: z.string().optional(),
  REPLAY_SPEED: z
    .string()
    .transform((text) => (text === 'step' ? ('step' as const) : Number(text)))
    .refine(
      (value) => value === 'step' || (Number.isFinite(value) && value > 0 && value <= 1e6),
      'step, or a factor above 0 up to 1000000',
    )
    .default(1),
  PAPER_WALLET: wallet.prefault('USDT:10000,BTC:0.1,ETH:1,BNB:5,DOGE:5000,EUR:500'),
  ASSETS: assets.prefault('USDT,BTC,ETH,BNB,DOGE,USDC,BRL,EUR,JPY'),
  CYCLE_INTERVAL_MS: integer(50, 86_400_000, ' (milliseconds)').default(8000),
  STALE_AFTER_MS: integer(1, 86_400_000, ' (milliseconds)').default(60_000),
  RETENTION_DAYS: integer(0, 36_500, ' (0 = keep all)').default(0),
  DOCUMENT_DAYS: integer(0, 36_500, ' (0 = keep all)').default(0),
  HISTORY_MEMORY_MB: integer(0, 65_536, ' (megabytes; 0 = none)').default(64),
  ALONE_FOR_MS: integer(0, 604_800_000, ' (milliseconds; 0 = not at all)').default(3_600_000),
  API_SECRET_KEY: secret,
  ALERT_SECRET_KEY: secret,
  ALERT_PRIVATE_ADDRESSES: privateAddresses.prefault(''),
  BASE_PATH: basePath.default(''),
  TRUSTED_PROXIES: trustedProxies.prefault(''),
  CORS_ORIGINS: origins.prefault(''),
  REQUESTS_PER_MINUTE: integer(0, 100_000_000, ' (0 = any number)').default(60_000),
  CONNECTIONS_PER_CLIENT: integer(1, 1_000_000).default(20_000),
  DYNAMICS_URL: httpUrl.optional(),
  DYNAMICS_TOKEN: z.string().regex(/^\S+$/, 'an access token without spaces').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, LOG_LEVELS.join(', ')).default('info'),
  LOG_FORMAT: z.enum(LOG_FORMATS, 'auto, pretty or json').default('auto'),
});

/** Variables that have a new name, and what it is. */
const RENAMED: Readonly<Record<string, string>> = { FASTAPI_SECRET_KEY: 'API_SECRET_KEY' };

/** The names of all variables that are read. */
export const VARIABLE_NAMES = Object.keys(environment.shape);

export type Environment = z.infer<typeof environment>;

/** Adds what is given under an older name to what is given; the new name goes first. */
export function takeRenamed(
  env: Readonly<Record<string, string | undefined>>,
  given: Record<string, string>,
) {
  const warnings: string[] = [];
  const older = new Map<string, string>();
  for (const [old, name] of Object.entries(RENAMED)) {
    const text = env[old]?.trim();
    if (text === undefined || text === '') continue;
    if (given[name] === undefined) {
      given[name] = text;
      older.set(name, old);
      warnings.push(`${old} has a new name: call it ${name}`);
    } else {
      warnings.push(`${old} is not read, because ${name}, its new name, is set too: remove it`);
    }
  }
  return { warnings, calledAs: (name: string) => older.get(name) ?? name };
}
