// The packaged Chromium, for tests and benchmarks.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const FONT_SETTINGS = fileURLToPath(new URL('fonts.conf', import.meta.url));
/** Makes the package unpack its libraries too; it does so only where it believes to be there. */
const UNPACK_LIBRARIES = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };

/**
 * Starts the packaged Chromium, with the libraries and fonts that come with it.
 * @param more of its environment, for example the locale that it runs under
 */
export async function launchChromium(more = {}) {
  const folder = await unpackedBrowser();
  const { LD_LIBRARY_PATH: libraries, ...environment } = process.env;
  return chromium.launch({
    executablePath: path.join(folder, 'chromium'),
    // No name and no address but this machine's resolves, whatever the browser or a page asks for.
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'],
    env: {
      ...environment,
      ...more,
      LD_LIBRARY_PATH: [path.join(folder, 'al2023', 'lib'), folder, libraries]
        .filter(Boolean)
        .join(':'),
      FONTCONFIG_FILE: FONT_SETTINGS,
      // Where these look. The folder itself may be known by several paths, or be moved.
      XDG_DATA_HOME: folder,
      XDG_CACHE_HOME: folder,
    },
  });
}

/**
 * The folder that the browser is unpacked in, once for each version: next to the packages, so that
 * it goes when they go. It is made aside and moved in place, so that test files may race.
 */
async function unpackedBrowser() {
  const manifest = path.join(MODULES, '@sparticuz', 'chromium', 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8'));
  const cache = path.join(MODULES, '.cache');
  const folder = path.join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(path.join(cache, '.chromium-'));
  try {
    await unpack(made);
    await rename(made, folder).catch((error) => {
      // Another test file was quicker.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return folder;
}

/** The package unpacks into the temporary folder, which its own process is told to be this one. */
async function unpack(folder) {
  const script =
    "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath());";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: path.dirname(MODULES),
    env: { ...process.env, ...UNPACK_LIBRARIES, TMPDIR: folder },
  });
}
