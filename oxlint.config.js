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
  ...['name-some', 'log-output', 'pretty-log', 'setting-combinations', 'loopback'],
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

/** Beyond what is always looked for, `correctness`: the strict sets for TypeScript, with and without types. */
const STRICT = [
  ...['eqeqeq', 'no-array-constructor', 'no-case-declarations', 'no-empty'],
  ...['no-fallthrough', 'no-prototype-builtins', 'no-regex-spaces', 'no-unexpected-multiline'],
  ...['no-var', 'prefer-const', 'prefer-rest-params', 'prefer-spread', 'preserve-caught-error'],
];
const STRICT_TYPES = [
  ...['ban-ts-comment', 'consistent-type-imports', 'no-empty-object-type', 'no-explicit-any'],
  ...['no-misused-promises', 'no-namespace', 'no-require-imports', 'no-unnecessary-type-assertion'],
  ...['no-unnecessary-type-constraint', 'no-unsafe-argument', 'no-unsafe-assignment'],
  ...['no-unsafe-call', 'no-unsafe-enum-comparison', 'no-unsafe-function-type'],
  ...['no-unsafe-member-access', 'no-unsafe-return', 'only-throw-error'],
  ...['prefer-promise-reject-errors', 'require-await', 'restrict-plus-operands'],
].map((rule) => `typescript/${rule}`);

function errors(rules) {
  return Object.fromEntries(rules.map((rule) => [rule, 'error']));
}

function off(rules) {
  return Object.fromEntries(rules.map((rule) => [`typescript/${rule}`, 'off']));
}

export default {
  ignorePatterns: ['dist/', 'coverage/', 'src/generated/', '.data/'],
  plugins: ['typescript'],
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error' },
  rules: {
    ...errors(STRICT),
    // A document is spread to be stored, a word of letters to have them, and names are sorted as they are.
    'typescript/no-misused-spread': 'off',
    'typescript/require-array-sort-compare': 'off',
    // Longer ones are about more than one thing.
    'max-lines': ['error', { max: 250 }],
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
  },
  overrides: [
    {
      files: ['**/*.ts', '**/*.tsx'],
      rules: {
        ...errors(STRICT_TYPES),
        'no-console': 'error',
        'typescript/switch-exhaustiveness-check': [
          'error',
          { considerDefaultExhaustiveForUnions: true },
        ],
      },
    },
    {
      // Their packages tell too little of their types.
      files: ['**/*.mjs'],
      rules: off([
        'no-base-to-string',
        'no-unsafe-unary-minus',
        'restrict-template-expressions',
        'unbound-method',
      ]),
    },
    {
      files: ['src/**/*.ts'],
      excludeFiles: ['src/config.ts'],
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
      // A test fails where something is not there.
      files: ['test/**/*.ts'],
      rules: { 'no-unsafe-optional-chaining': 'off' },
    },
  ],
};

function impure(name) {
  return { name, message: 'src/domain has no clock, no randomness and no I/O.' };
}
