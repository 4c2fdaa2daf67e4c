import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../src/config.js';
import { VARIABLE_NAMES } from '../src/environment.js';

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('run the whole system when there are none', () => {
    const config = parseConfig({});
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 4000, apiSecretKey: null });
    expect(config.exchange).toEqual({ kind: 'SIMULATED' });
    expect(config.database).toMatchObject({ uri: null, name: 'dynamics_prototype_simulated' });
    expect(config.universe).toEqual('USDT,BTC,ETH,BNB,DOGE,USDC,BRL,EUR,JPY'.split(','));
    expect(config.cycleIntervalMs).toBe(8000);
    expect(config.paperWallet).toHaveLength(6);
    expect(Object.isFrozen(config.paperWallet[0])).toBe(true);
  });

  it('are read under their older names, with a word that there is a new one', () => {
    const [old, now] = ['old'.padEnd(40, '-'), 'new'.padEnd(40, '-')];
    expect(parseConfig({}).warnings).toEqual([]);
    const renamed = parseConfig({ FASTAPI_SECRET_KEY: old, HOST: '0.0.0.0' });
    expect(renamed.server.apiSecretKey).toBe(old);
    expect(renamed.warnings).toEqual(['FASTAPI_SECRET_KEY has a new name: call it API_SECRET_KEY']);
    const both = parseConfig({ FASTAPI_SECRET_KEY: old, API_SECRET_KEY: now });
    expect(both.server.apiSecretKey).toBe(now);
    expect(both.warnings).toEqual([
      'FASTAPI_SECRET_KEY is not read, because API_SECRET_KEY, its new name, is set too: remove it',
    ]);
    expect(faultsOf({ FASTAPI_SECRET_KEY: 'short' })).toEqual([
      'FASTAPI_SECRET_KEY: expected a secret of at least 32 bytes',
    ]);
  });

  it('count an empty variable as unset, but an empty PAPER_WALLET as an empty wallet', () => {
    const config = parseConfig({ PORT: '', PAPER_WALLET: '' });
    expect(config.server.port).toBe(4000);
    expect(config.paperWallet).toEqual([]);
  });

  it('keep apart what is not the real account on the real market', () => {
    const keys = { BINANCE_API_KEY: 'k', BINANCE_SECRET_KEY: 's' };
    const nameFor = (env: Record<string, string>) => parseConfig(env).database.name;
    expect(nameFor({ EXCHANGE: 'binance', ...keys })).toBe('dynamics_prototype');
    expect(nameFor({ EXCHANGE: 'binance' })).toBe('dynamics_prototype_paper');
    expect(nameFor({ EXCHANGE: 'replay', REPLAY_PATH: '.', DATABASE_NAME: 'x' })).toBe('x_replay');
  });

  it.each([
    ['PORT', '65536', 'PORT: expected a whole number from 0 to 65535'],
    ['PORT', '4e3', 'PORT: expected a whole number from 0 to 65535'],
    ['CYCLE_INTERVAL_MS', '49', 'CYCLE_INTERVAL_MS: expected a whole number from 50 to'],
    ['EXCHANGE', 'kraken', 'EXCHANGE: expected binance, simulated or replay'],
    ['ASSETS', 'BTC', 'ASSETS: expected 2 to 1000 assets'],
    ['ASSETS', 'BTC,ETH,BTC', 'ASSETS: expected each asset once, but BTC stands twice'],
    ['ASSETS', 'BTC,,ETH', 'ASSETS: expected asset names separated by commas'],
    ['PAPER_WALLET', 'USDT:-1', 'PAPER_WALLET: expected asset:amount entries'],
    ['PAPER_WALLET', 'USDT:1e3', 'PAPER_WALLET: expected asset:amount entries'],
    ['MONGO_URI', 'http://localhost', 'MONGO_URI: expected an address that starts with mongodb://'],
    ['API_SECRET_KEY', 'too short', 'API_SECRET_KEY: expected a secret of at least 32 bytes'],
    ['ALERT_SECRET_KEY', 'short', 'ALERT_SECRET_KEY: expected a secret of at least 32 bytes'],
    ['ALERT_PRIVATE_ADDRESSES', '10/8', 'ALERT_PRIVATE_ADDRESSES: expected addresses, CIDR blocks'],
    ['ALERT_PRIVATE_ADDRESSES', '169.254.1.1', 'ALERT_PRIVATE_ADDRESSES: expected addresses other'],
    ['HOST', '0.0.0.0', 'API_SECRET_KEY: expected a secret of at least 32 bytes, because HOST'],
    ['BINANCE_API_KEY', 'k', 'BINANCE_API_KEY: expected only with EXCHANGE=binance'],
    ['BASE_PATH', 'dynamics', 'BASE_PATH: expected a path such as /dynamics'],
    ['BASE_PATH', '/a/../b', 'BASE_PATH: expected a path such as /dynamics'],
    ['TRUSTED_PROXIES', '127.0.0.1', 'TRUSTED_PROXIES: expected only with API_SECRET_KEY'],
    ['CORS_ORIGINS', 'example.org', 'CORS_ORIGINS: expected origins separated by commas'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL: expected fatal, error'],
    ['REPLAY_SPEED', '0', 'REPLAY_SPEED: expected step, or a factor'],
    ['DATABASE_NAME', 'a b', 'DATABASE_NAME: expected up to 38 letters'],
  ])('refuse %s=%s in one line', (name, value, line) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(line);
    expect(faults[0]).not.toContain('\n');
  });

  it.each(['10.0.0.0/33', 'localhost', '127.0.0.1 10.0.0.1', '10.0.0.0/8/8'])(
    'refuse TRUSTED_PROXIES=%s',
    (TRUSTED_PROXIES) => {
      const faults = faultsOf({ TRUSTED_PROXIES, API_SECRET_KEY: 'a'.repeat(32) });
      expect(faults).toEqual([
        'TRUSTED_PROXIES: expected addresses or CIDR blocks separated by commas, for example 127.0.0.1,10.1.0.0/16',
      ]);
    },
  );

  it('seal secrets of alerts under their own key, else under that of the API', () => {
    const keyFor = (env: Record<string, string>) => parseConfig(env).alerts.secretKey;
    const [API_SECRET_KEY, ALERT_SECRET_KEY] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(keyFor({})).toBeNull();
    expect(keyFor({ API_SECRET_KEY })).toBe(API_SECRET_KEY);
    expect(keyFor({ API_SECRET_KEY, ALERT_SECRET_KEY })).toBe(ALERT_SECRET_KEY);
  });

  it('name all faults at once', () => {
    const faults = faultsOf({
      PORT: 'x',
      ASSETS: '',
      EXCHANGE: 'replay',
      HOST: '192.0.2.1',
      BINANCE_API_KEY: 'k',
      CYCLE_INTERVAL_MS: '1',
    });
    const names = faults.map((fault) => fault.split(':')[0]).sort();
    expect(names).toEqual([
      'API_SECRET_KEY',
      'BINANCE_API_KEY',
      'CYCLE_INTERVAL_MS',
      'PORT',
      'REPLAY_PATH',
    ]);
  });

  it('ask for both Binance keys or neither', () => {
    expect(faultsOf({ EXCHANGE: 'binance', BINANCE_API_KEY: 'k' })).toEqual([
      expect.stringContaining('BINANCE_SECRET_KEY: expected together with'),
    ]);
  });

  it('do not repeat a secret in a fault', () => {
    const faults = faultsOf({ API_SECRET_KEY: 'hunter2', MONGO_URI: 'user:hunter2@host' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('are each documented in .env.example, whose values are right and are the defaults', () => {
    const text = readFileSync('.env.example', 'utf8');
    for (const name of VARIABLE_NAMES) expect(text).toMatch(new RegExp(`^#?${name}=`, 'm'));
    expect(parseConfig(parseEnv(text))).toEqual(parseConfig({}));
  });
});
