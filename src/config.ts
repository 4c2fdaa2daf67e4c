import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { PrivateAddresses } from './alerts/channels/address-rule.js';
import type { Universe } from './domain/asset.js';
import type { Balance } from './domain/wallet.js';
import {
  takeRenamed,
  VARIABLE_NAMES,
  environment,
  type Environment,
  type LogFormat,
  type LogLevel,
} from './environment.js';
import type { TrustedProxies } from './http/trusted-proxies.js';
import { combinationFaults } from './setting-combinations.js';

export type { LogFormat, LogLevel };

/** Everything that can be set, validated and frozen. Times are milliseconds. */
export interface Config {
  readonly server: {
    readonly host: string;
    /** 0 takes a free port. */
    readonly port: number;
    /** What everything is served under, without a slash at its end; empty for the root. */
    readonly basePath: string;
    /** Whose word counts on whom they forward for. */
    readonly trustedProxies: TrustedProxies;
    /** Origins, beside the server's own, that browsers may call from. */
    readonly corsOrigins: readonly string[];
    /** Operations that one client may send in a minute; 0 for any number. */
    readonly requestsPerMinute: number;
    /** WebSockets and event streams that one address may have open. */
    readonly connectionsPerClient: number;
    /** Signs the access tokens; null leaves a loopback server open. */
    readonly apiSecretKey: string | null;
  };
  readonly database: {
    /** Null runs the embedded engine in `dataDir`. */
    readonly uri: string | null;
    /** With the suffix for what is not the real account on the real market. */
    readonly name: string;
    readonly dataDir: string;
    readonly retentionDays: number;
    /** How long the documents of sealed cycles are kept, days; 0 for ever. */
    readonly documentDays: number;
    /** How much memory the newest turns and answers about older ones may take; 0 for none. */
    readonly historyMemoryBytes: number;
    /** How long an instance that is alone goes on without its database; 0 for not at all. */
    readonly aloneForMs: number;
  };
  readonly alerts: {
    /** What the key is derived from that seals the secrets of channels; null where there is none. */
    readonly secretKey: string | null;
    /** Where messages may go beyond public addresses. */
    readonly privateAddresses: PrivateAddresses;
  };
  readonly exchange: ExchangeConfig;
  readonly universe: Universe;
  readonly paperWallet: readonly Balance[];
  /** The server that "dynamics mcp" asks; null where it reads the database itself. */
  readonly asks: { readonly url: string | null; readonly token: string | null };
  readonly cycleIntervalMs: number;
  readonly staleAfterMs: number;
  readonly logLevel: LogLevel;
  /** auto: for people on a terminal, JSON elsewhere. */
  readonly logFormat: LogFormat;
  /** What of the settings whoever made them should know, in words. */
  readonly warnings: readonly string[];
}

export type ExchangeConfig =
  | {
      readonly kind: 'BINANCE';
      /** Without a trailing slash; null is Binance's own. */
      readonly httpBase: string | null;
      readonly keys: { readonly apiKey: string; readonly secretKey: string } | null;
    }
  | { readonly kind: 'SIMULATED' }
  | {
      readonly kind: 'REPLAY';
      readonly path: string;
      /** A factor on the recording's own pace, or one frame a cycle. */
      readonly speed: number | 'step';
    };

/** Thrown when settings are wrong; one line for each fault, naming the variable. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Validates environment variables into a frozen {@link Config}.
 * An empty variable counts as unset.
 * @throws {ConfigError} naming every fault at once.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, string> = {};
  for (const name of VARIABLE_NAMES) {
    const text = env[name]?.trim();
    if (text !== undefined && text !== '') given[name] = text;
  }
  const { warnings, calledAs } = takeRenamed(env, given);
  if (env['PAPER_WALLET']?.trim() === '') given['PAPER_WALLET'] = '';
  const result = environment.safeParse(given);
  const faults = result.success
    ? []
    : result.error.issues.map(
        (issue) => `${calledAs(String(issue.path[0]))}: expected ${issue.message}`,
      );
  // What hangs together is checked on the raw text, so that one wrong value hides no other fault.
  faults.push(...combinationFaults(given));
  if (!result.success || faults.length > 0) throw new ConfigError(faults);
  return deepFreeze({ ...toConfig(result.data), warnings });
}

function toConfig(values: Environment): Omit<Config, 'warnings'> {
  const exchange = exchangeConfig(values);
  return {
    server: {
      host: values.HOST,
      port: values.PORT,
      basePath: values.BASE_PATH,
      trustedProxies: values.TRUSTED_PROXIES,
      corsOrigins: values.CORS_ORIGINS,
      requestsPerMinute: values.REQUESTS_PER_MINUTE,
      connectionsPerClient: values.CONNECTIONS_PER_CLIENT,
      apiSecretKey: values.API_SECRET_KEY ?? null,
    },
    database: {
      uri: values.MONGO_URI ?? null,
      name: values.DATABASE_NAME + databaseSuffix(exchange),
      dataDir: path.resolve(values.DATA_DIR),
      retentionDays: values.RETENTION_DAYS,
      documentDays: values.DOCUMENT_DAYS,
      historyMemoryBytes: values.HISTORY_MEMORY_MB * 2 ** 20,
      aloneForMs: values.ALONE_FOR_MS,
    },
    alerts: {
      secretKey: values.ALERT_SECRET_KEY ?? values.API_SECRET_KEY ?? null,
      privateAddresses: values.ALERT_PRIVATE_ADDRESSES,
    },
    exchange,
    universe: values.ASSETS,
    paperWallet: values.PAPER_WALLET,
    asks: { url: values.DYNAMICS_URL ?? null, token: values.DYNAMICS_TOKEN ?? null },
    cycleIntervalMs: values.CYCLE_INTERVAL_MS,
    staleAfterMs: values.STALE_AFTER_MS,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
  };
}

function exchangeConfig(values: Environment): ExchangeConfig {
  switch (values.EXCHANGE) {
    case 'simulated':
      return { kind: 'SIMULATED' };
    case 'replay':
      return {
        kind: 'REPLAY',
        path: path.resolve(values.REPLAY_PATH ?? '.'),
        speed: values.REPLAY_SPEED,
      };
    case 'binance': {
      const { BINANCE_API_KEY: apiKey, BINANCE_SECRET_KEY: secretKey } = values;
      return {
        kind: 'BINANCE',
        httpBase: values.BINANCE_HTTP_BASE ?? null,
        keys: apiKey !== undefined && secretKey !== undefined ? { apiKey, secretKey } : null,
      };
    }
  }
}

/** Keeps apart what is not the real account on the real market. */
function databaseSuffix(exchange: ExchangeConfig): string {
  switch (exchange.kind) {
    case 'SIMULATED':
      return '_simulated';
    case 'REPLAY':
      return '_replay';
    case 'BINANCE':
      return exchange.keys === null ? '_paper' : '';
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/**
 * Reads `.env` in the working folder, where there is one, and the environment, which goes first.
 * The only reader of `process.env`.
 * @throws {ConfigError} naming every fault at once.
 */
export function loadConfig(): Config {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return parseConfig({ ...file, ...process.env });
}
