import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

describe('the walls of the house', () => {
  const typed = new ESLint();
  /** The same rules but for those that look at types: it need not read the whole program first. */
  const quick = new ESLint({
    overrideConfig: tseslint.configs.disableTypeChecked as Linter.Config,
  });

  /** The rules that a line breaks, were it the content of a file. */
  async function broken(file: string, code: string, eslint = quick): Promise<string[]> {
    const [result] = await eslint.lintText(`${code}\n`, { filePath: file });
    return (result?.messages ?? []).map(({ ruleId }) => ruleId ?? 'syntax');
  }

  it.each([
    [
      'src/domain/asset.ts',
      `export { x } from '../history/cycle-store.js';`,
      'no-restricted-imports',
    ],
    ['src/domain/asset.ts', `export { readFileSync } from 'node:fs';`, 'no-restricted-imports'],
    ['src/domain/asset.ts', `export { z } from 'zod';`, 'no-restricted-imports'],
    ['src/domain/asset.ts', 'export const now = () => Date.now();', 'no-restricted-globals'],
    ['src/domain/asset.ts', 'export const any = () => Math.random();', 'no-restricted-properties'],
    [
      'src/history/cycle-store.ts',
      `export { x } from '../mongo/connect.js';`,
      'no-restricted-imports',
    ],
    [
      'src/graphql/errors.ts',
      `export { x } from '../exchange/binance/market.js';`,
      'no-restricted-imports',
    ],
    ['src/graphql/errors.ts', `export { x } from '../mongo/connect.js';`, 'no-restricted-imports'],
    ['src/graphql/errors.ts', `export { x } from '../operate/mask.js';`, 'no-restricted-imports'],
    ['src/operate/mask.ts', `export { x } from '../http/http-server.js';`, 'no-restricted-imports'],
    [
      'src/operate/mask.ts',
      `export { x } from '../subscriptions/hub.js';`,
      'no-restricted-imports',
    ],
    [
      'src/exchange/binance/parse.ts',
      `export { x } from '../../mongo/connect.js';`,
      'no-restricted-imports',
    ],
    [
      'src/exchange/binance/parse.ts',
      `export { x } from 'binance-api-node';`,
      'no-restricted-imports',
    ],
    [
      'src/dashboard/shell/app.tsx',
      `export { x } from '../../time/clock.js';`,
      'no-restricted-imports',
    ],
    ['src/dashboard/main.tsx', `export { x } from '../domain/cycle.js';`, 'no-restricted-imports'],
    ['src/client/client.ts', `export { x } from '../async/pause.js';`, 'no-restricted-imports'],
    [
      'src/feeds/notifications.ts',
      `export { x } from '../turns/metronome.js';`,
      'no-restricted-imports',
    ],
    [
      'src/alerts/dry-run.ts',
      `export { x } from '../mongo/cycle-store.js';`,
      'no-restricted-imports',
    ],
    ['src/alerts/dry-run.ts', `export { x } from '../graphql/errors.js';`, 'no-restricted-imports'],
    [
      'src/durability/backlog.ts',
      `export { x } from '../alerts/dry-run.js';`,
      'no-restricted-imports',
    ],
    ['src/app.ts', `export { x } from 'binance-api-node';`, 'no-restricted-imports'],
    ['src/http/http-server.ts', 'export const { HOME } = process.env;', 'no-restricted-properties'],
    [
      'src/http/http-server.ts',
      'export const f = () => { Promise.resolve(); };',
      '@typescript-eslint/no-floating-promises',
    ],
  ])('hold in %s: %s', async (file, code, rule) => {
    const eslint = rule.startsWith('@typescript-eslint/') ? typed : quick;
    expect(await broken(file, code, eslint)).toContain(rule);
  });

  it.each([
    ['src/config.ts', 'export const { HOME } = process.env;'],
    ['src/history/cycle-store.ts', `export { isPrice } from '../domain/frame.js';`],
  ])('let through what belongs there, in %s: %s', async (file, code) => {
    expect(await broken(file, code, typed)).toEqual([]);
  });
});

describe('what is generated and committed', () => {
  it('is as the generator has it: the typed operations (npm run codegen)', async () => {
    const run = promisify(execFile)(process.execPath, [
      'node_modules/@graphql-codegen/cli/esm/bin.js',
      '--check',
    ]);
    await expect(run).resolves.toBeDefined();
  });

  it('names no registry and no machine in the lock file', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(
      /"resolved"|https?:\/\/(?!.*funding)localhost/,
    );
  });
});
