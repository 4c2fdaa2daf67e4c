import { existsSync, statSync } from 'node:fs';
import { isLoopbackHost } from './loopback.js';

/** What is wrong with settings beside each other, each by itself being right or not: a line for each fault. */
export function combinationFaults(given: Readonly<Record<string, string>>): string[] {
  const faults: string[] = [];
  const exchange = given['EXCHANGE'] ?? 'simulated';
  const keys = ['BINANCE_API_KEY', 'BINANCE_SECRET_KEY'] as const;
  if (exchange !== 'binance') {
    for (const name of keys) {
      if (given[name] !== undefined) {
        faults.push(`${name}: expected only with EXCHANGE=binance, but EXCHANGE is ${exchange}`);
      }
    }
  } else {
    const missing = keys.filter((name) => given[name] === undefined);
    if (missing.length === 1) {
      faults.push(
        `${missing[0]}: expected together with the other Binance key: set both or neither`,
      );
    }
  }
  if (exchange === 'replay') {
    const folder = given['REPLAY_PATH'];
    if (folder === undefined) {
      faults.push('REPLAY_PATH: expected a folder of recorded data, because EXCHANGE is replay');
    } else if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      faults.push(`REPLAY_PATH: expected a folder of recorded data, but ${folder} is none`);
    }
  }
  const host = given['HOST'] ?? '127.0.0.1';
  if (!isLoopbackHost(host) && given['API_SECRET_KEY'] === undefined) {
    faults.push(
      `API_SECRET_KEY: expected a secret of at least 32 bytes, because HOST ${host} can be reached from other machines`,
    );
  }
  if (given['TRUSTED_PROXIES'] !== undefined && given['API_SECRET_KEY'] === undefined) {
    faults.push(
      'TRUSTED_PROXIES: expected only with API_SECRET_KEY, because an open server answers nothing that a proxy forwarded',
    );
  }
  return faults;
}
