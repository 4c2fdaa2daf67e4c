import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Node's built-in modules. */
const BUILT_IN = '^node:';

/**
 * The rooms of `src/`, and what each may import of the others: only those above it here, so that no
 * circle can come about. `domain` imports nothing.
 */
const WALLS = {
  domain: [],
  time: [],
  async: [],
  scheduling: [],
  market: ['domain', 'name-some'],
  history: ['domain', 'async', 'scheduling', 'log'],
  transfer: ['domain', 'scheduling', 'history'],
  feeds: ['domain', 'async', 'scheduling', 'history'],
  durability: ['domain', 'async', 'scheduling', 'history', 'feeds', 'log'],
  alerts: [...['domain', 'time', 'async', 'scheduling', 'history', 'feeds', 'durability'], 'log'],
  cluster: [
    ...['domain', 'time', 'async', 'scheduling', 'market', 'history', 'feeds', 'durability'],
    'log',
  ],
  turns: [
    ...['domain', 'time', 'scheduling', 'market', 'history', 'feeds', 'durability', 'cluster'],
    'log',
  ],
  backfill: ['domain', 'scheduling', 'market', 'history'],
  exchange: ['domain', 'time', 'market', 'history', 'log', 'config', 'name-some'],
  mongo: [
    ...['domain', 'async', 'scheduling', 'market', 'history', 'transfer', 'feeds', 'alerts'],
    ...['cluster', 'log', 'name-some'],
  ],
  'data-dir': ['domain', 'history', 'feeds', 'durability', 'alerts', 'mongo'],
  'embedded-mongo': ['async', 'feeds', 'data-dir', 'log'],
  graphql: [
    ...['domain', 'async', 'scheduling', 'market', 'history', 'feeds', 'durability'],
    ...['alerts', 'cluster', 'turns', 'log'],
  ],
  operate: ['async', 'scheduling', 'history', 'graphql', 'log'],
  subscriptions: ['async', 'scheduling', 'history', 'feeds', 'graphql', 'operate', 'log'],
  http: [
    ...['domain', 'scheduling', 'market', 'history', 'transfer', 'turns', 'graphql', 'operate'],
    ...['subscriptions', 'generated', 'log', 'config'],
  ],
  generated: [],
  client: ['generated'],
  mcp: ['generated'],
  dashboard: ['generated', 'client'],
};

/** Packages that belong to one file alone. */
const PACKAGE_OWNERS = {
  'binance-api-node': 'src/exchange/binance/client.ts',
};

const ROOMS = Object.keys(WALLS);
const FILES = [
  ...['app', 'main', 'config', 'environment', 'log', 'start-failure', 'open-database', 'instance'],
  ...['name-some', 'log-output', 'pretty-log'],
];

/** Forbids a room everything that its wall does not let through. */
function wall(room) {
  const allowed = [room, ...WALLS[room]];
  const forbidden = [...ROOMS, ...FILES, 'cli', 'graphiql'].filter(
    (name) => !allowed.includes(name),
  );
  // A folder in a room may be called like another room: from a file in it, two steps up lead out.
  return [
    { files: [`src/${room}/*.{ts,tsx}`], out: '(\\.\\./)+' },
    { files: [`src/${room}/*/**/*.{ts,tsx}`], out: '(\\.\\./){2,}' },
  ].map(({ files, out }) => ({
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^${out}(${forbidden.join('|')})(/|\\.js$)`,
              message: `src/${room} may import only: ${allowed.join(', ')}.`,
            },
            ...ownedPackages(),
            ...(room === 'domain'
              ? [
                  {
                    regex: `${BUILT_IN}|^[^.]`,
                    message: 'src/domain is pure: no packages, no I/O.',
                  },
                ]
              : []),
          ],
        },
      ],
    },
  }));
}

function ownedPackages() {
  return Object.entries(PACKAGE_OWNERS).map(([name, owner]) => ({
    regex: `^${name}$`,
    message: `${name} belongs to ${owner} alone.`,
  }));
}

const NO_ENVIRONMENT = {
  object: 'process',
  property: 'env',
  message: 'Settings are read in src/config.ts alone.',
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'src/generated/', '.data/']),
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config.ts'],
    rules: { 'no-restricted-properties': ['error', NO_ENVIRONMENT] },
  },
  {
    files: ['src/*.ts', 'src/app/**/*.ts', 'src/cli/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: ownedPackages() }] },
  },
  ...ROOMS.flatMap(wall),
  {
    files: Object.values(PACKAGE_OWNERS),
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'performance', 'crypto', 'process'].map(impure),
      ],
      'no-restricted-properties': [
        'error',
        NO_ENVIRONMENT,
        { object: 'Math', property: 'random', message: 'src/domain has no randomness.' },
      ],
    },
  },
  {
    files: ['examples/*.mjs', 'src/*.mjs', 'bench/*.mjs', 'test/**/*.mjs', 'eslint.config.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);

function impure(name) {
  return { name, message: 'src/domain has no clock, no randomness and no I/O.' };
}
