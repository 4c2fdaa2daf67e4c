import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder, removeFolder } from './support/temporary.js';

const run = promisify(execFile);

const IMPORT = 'eslint(no-restricted-imports)';
const GLOBAL = 'eslint(no-restricted-globals)';
const PROPERTY = 'eslint(no-restricted-properties)';

/** A file, a line that it must not have, and the rule that the line breaks. */
const BROKEN: readonly (readonly [string, string, string])[] = [
  ['src/domain/asset.ts', `export { x } from '../history/cycle-store.js';`, IMPORT],
  ['src/domain/asset.ts', `export { readFileSync } from 'node:fs';`, IMPORT],
  ['src/domain/asset.ts', `export { z } from 'zod';`, IMPORT],
  ['src/domain/asset.ts', 'export const now = () => Date.now();', GLOBAL],
  ['src/domain/asset.ts', 'export const any = () => Math.random();', PROPERTY],
  ['src/history/cycle-store.ts', `export { x } from '../mongo/connect.js';`, IMPORT],
  ['src/graphql/errors.ts', `export { x } from '../exchange/binance/market.js';`, IMPORT],
  ['src/graphql/errors.ts', `export { x } from '../mongo/connect.js';`, IMPORT],
  ['src/graphql/errors.ts', `export { x } from '../operate/mask.js';`, IMPORT],
  ['src/operate/mask.ts', `export { x } from '../http/http-server.js';`, IMPORT],
  ['src/operate/mask.ts', `export { x } from '../subscriptions/hub.js';`, IMPORT],
  ['src/exchange/binance/parse.ts', `export { x } from '../../mongo/connect.js';`, IMPORT],
  ['src/exchange/binance/parse.ts', `export { x } from 'binance-api-node';`, IMPORT],
  ['src/dashboard/shell/app.tsx', `export { x } from '../../time/clock.js';`, IMPORT],
  ['src/dashboard/main.tsx', `export { x } from '../domain/cycle.js';`, IMPORT],
  ['src/client/client.ts', `export { x } from '../async/pause.js';`, IMPORT],
  ['src/feeds/notifications.ts', `export { x } from '../turns/metronome.js';`, IMPORT],
  ['src/alerts/dry-run.ts', `export { x } from '../mongo/cycle-store.js';`, IMPORT],
  ['src/alerts/dry-run.ts', `export { x } from '../graphql/errors.js';`, IMPORT],
  ['src/durability/backlog.ts', `export { x } from '../alerts/dry-run.js';`, IMPORT],
  ['src/app.ts', `export { x } from 'binance-api-node';`, IMPORT],
  ['src/http/http-server.ts', 'export const { HOME } = process.env;', PROPERTY],
  [
    'src/http/http-server.ts',
    'export const f = () => { Promise.resolve(); };',
    'typescript(no-floating-promises)',
  ],
];

const LET_THROUGH: readonly (readonly [string, string])[] = [
  ['src/config.ts', 'export const { HOME } = process.env;'],
  ['src/history/cycle-store.ts', `export { isPrice } from '../domain/frame.js';`],
];

describe('the walls of the house', () => {
  /** The rules that are broken, by file. */
  let broken: Map<string, string[]>;

  /** The file of a line that breaks a rule: several lines may be one file's. */
  const fileOf = (n: number, file: string) =>
    path.join(path.dirname(file), `${n}-${path.basename(file)}`);

  beforeAll(async () => {
    const house = makeTemporaryFolder();
    const files = new Map(LET_THROUGH);
    BROKEN.forEach(([file, code], n) => files.set(fileOf(n, file), code));
    for (const [file, code] of files) {
      mkdirSync(path.join(house, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(house, file), `${code}\n`);
    }
    for (const rules of ['package.json', 'tsconfig.json', 'oxlint.config.js']) {
      copyFileSync(rules, path.join(house, rules));
    }
    // The linter looks there for what knows types.
    symlinkSync(path.resolve('node_modules'), path.join(house, 'node_modules'));
    const linter = path.resolve('node_modules/oxlint/bin/oxlint');
    const args = [linter, '-c', 'oxlint.config.js', '--format', 'json', 'src'];
    // It ends with 1 where something is broken.
    const { stdout } = await run(process.execPath, args, { cwd: house }).catch(
      (error: { stdout: string }) => error,
    );
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { code: string; filename: string }[];
    };
    broken = new Map([...files.keys()].map((file) => [file, []]));
    for (const { filename, code } of diagnostics) broken.get(filename)?.push(code);
    return () => removeFolder(house);
  });

  it.each(BROKEN.map((line, n) => [...line, n] as const))(
    'hold in %s: %s',
    (file, _code, rule, n) => {
      expect(broken.get(fileOf(n, file))).toContain(rule);
    },
  );

  it.each(LET_THROUGH)('let through what belongs there, in %s: %s', (file) => {
    expect(broken.get(file)).toEqual([]);
  });
});

describe('what is generated and committed', () => {
  it('is as the generator has it: the typed operations (npm run codegen)', async () => {
    const checked = run(process.execPath, [
      'node_modules/@graphql-codegen/cli/esm/bin.js',
      '--check',
    ]);
    await expect(checked).resolves.toBeDefined();
  });

  it('names no registry and no machine in the lock file', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(
      /"resolved"|https?:\/\/(?!.*funding)localhost/,
    );
  });
});
