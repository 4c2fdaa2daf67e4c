import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { describe, it } from 'vitest';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** Makes the package unpack its libraries too; it does so only where it believes to be there. */
const UNPACK_LIBRARIES = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
const LOCAL_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A page that keeps count of what it should not do. */
export interface WatchedPage {
  readonly page: Page;
  /**
   * What went wrong so far, in words: errors on the console (violations of the page's security
   * policy among them), exceptions nobody caught, answers with an error status, and requests to
   * other machines, which are blocked.
   */
  readonly faults: readonly string[];
}

/** A running browser that reaches nothing but this machine. */
export interface TestBrowser {
  /** Opens a page with storage of its own. */
  newPage(options?: BrowserContextOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

/** Starts the packaged Chromium, with the libraries and fonts that come with it. */
export async function openBrowser(): Promise<TestBrowser> {
  const folder = await unpackedBrowser();
  const { LD_LIBRARY_PATH: libraries, ...environment } = process.env;
  const browser = await chromium.launch({
    executablePath: path.join(folder, 'chromium'),
    // No name and no address but this machine's resolves, whatever the browser or a page asks for.
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'],
    env: {
      ...definedOnly(environment),
      LD_LIBRARY_PATH: [path.join(folder, 'al2023', 'lib'), folder, libraries]
        .filter(Boolean)
        .join(':'),
      FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
    },
  });
  return {
    newPage: (options) => newWatchedPage(browser, options),
    close: () => browser.close(),
  };
}

/** Why no browser starts here, in words; null if one does. */
export async function browserFault(): Promise<string | null> {
  try {
    const browser = await openBrowser();
    await browser.close();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether the packaged browser starts on this machine. */
export async function browserAvailable(): Promise<boolean> {
  return (await browserFault()) === null;
}

/**
 * Declares tests that need a browser. Where none starts they are skipped by name, with the reason;
 * under CI that is a failure.
 */
export function describeWithBrowser(name: string, declare: () => void): void {
  describe(name, async () => {
    const fault = await browserFault();
    if (fault === null) return declare();
    if (process.env['CI']) {
      it('has a browser to run in', () => {
        throw new Error(`the packaged browser does not start here: ${fault}`);
      });
      return;
    }
    // eslint-disable-next-line no-console -- a test that did not run must be seen
    console.warn(`skipped, because the packaged browser does not start here: ${name}\n${fault}`);
    it.skip(`cannot run: the packaged browser does not start here (${fault.split('\n', 1)[0]})`);
  });
}

async function newWatchedPage(
  browser: Browser,
  options?: BrowserContextOptions,
): Promise<WatchedPage> {
  const faults: string[] = [];
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  await context.route(isElsewhere, (route) => {
    faults.push(`request to another machine: ${route.request().url()}`);
    return route.abort();
  });
  await context.routeWebSocket(isElsewhere, (socket) => {
    faults.push(`WebSocket to another machine: ${socket.url()}`);
    return socket.close();
  });
  await context.addInitScript(`
    addEventListener('securitypolicyviolation', (event) =>
      console.error('security policy: ' + event.violatedDirective + ' ' + event.blockedURI));
  `);
  // Below the time that a test has, so that it is told what it waited for.
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.stack ?? error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} from ${response.url()}`);
  });
  return { page, faults };
}

function isElsewhere(url: URL): boolean {
  return /^(https?|wss?):$/.test(url.protocol) && !LOCAL_HOSTS.has(url.hostname);
}

/**
 * The folder that the browser is unpacked in, once for each version: next to the packages, so that
 * it goes when they go. It is made aside and moved in place, so that test files may race.
 */
async function unpackedBrowser(): Promise<string> {
  const manifest = path.join(MODULES, '@sparticuz', 'chromium', 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const cache = path.join(MODULES, '.cache');
  const folder = path.join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(path.join(cache, '.chromium-'));
  try {
    await unpack(made);
    await writeFile(path.join(made, 'fonts.conf'), fontSettings(folder));
    await rename(made, folder).catch((error: unknown) => {
      // Another test file was quicker.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return folder;
}

/** The package unpacks into the temporary folder, which its own process is told to be this one. */
async function unpack(folder: string): Promise<void> {
  const script =
    "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath());";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: path.dirname(MODULES),
    env: { ...process.env, ...UNPACK_LIBRARIES, TMPDIR: folder },
  });
}

/** The packaged fonts and no others: a page looks the same on every machine. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(folder, 'fonts')}</dir>
  <cachedir>${path.join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
