import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, it } from 'vitest';
import { refuseStaleBuild } from './build-check.js';
import { launchChromium } from './chromium.mjs';
import { PATIENCE_MS } from './patience.js';

const LOCAL_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A page that keeps count of what it should not do. */
export interface WatchedPage {
  readonly page: Page;
  /**
   * What went wrong so far, in words: errors on the console (violations of the page's security
   * policy among them), exceptions nobody caught, answers with an error status, and requests to
   * other machines, which do not get there.
   */
  readonly faults: readonly string[];
}

/** A running browser that reaches nothing but this machine. */
export interface TestBrowser {
  /** Opens a page with storage of its own. */
  newPage(options?: BrowserContextOptions): Promise<WatchedPage>;
  /** Closes all pages. */
  close(): Promise<void>;
}

/** The packaged Chromium, one for all files that this process runs; it ends with the process. */
let running: Promise<Browser> | undefined;

/** Starts the packaged Chromium where it does not run yet. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await (running ??= launchChromium());
  return {
    newPage: (options) => newWatchedPage(browser, options),
    async close() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
  };
}

/** One of its own, whose process has such an environment, and its locale by that. */
export async function openBrowserIn(
  environment: Readonly<Record<string, string>>,
): Promise<TestBrowser> {
  const own = await launchChromium(environment);
  return { newPage: (options) => newWatchedPage(own, options, {}), close: () => own.close() };
}

/** Why no browser starts here, in words; null if one does. */
async function browserFault(): Promise<string | null> {
  try {
    await openBrowser();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Declares tests that need a browser. Where none starts they are skipped by name, with the reason;
 * under CI that is a failure.
 */
export function describeWithBrowser(name: string, declare: () => void): void {
  describe(name, async () => {
    const fault = await browserFault();
    if (fault === null) {
      beforeAll(refuseStaleBuild);
      return declare();
    }
    if (process.env['CI']) {
      it('has a browser to run in', () => {
        throw new Error(`the packaged browser does not start here: ${fault}`);
      });
      return;
    }
    // oxlint-disable-next-line no-console -- a test that did not run must be seen
    console.warn(`skipped, because the packaged browser does not start here: ${name}\n${fault}`);
    it.skip(`cannot run: the packaged browser does not start here (${fault.split('\n', 1)[0]})`);
  });
}

async function newWatchedPage(
  browser: Browser,
  options?: BrowserContextOptions,
  usual: BrowserContextOptions = { locale: 'en-GB' },
): Promise<WatchedPage> {
  const faults: string[] = [];
  const context = await browser.newContext({ ...usual, ...options });
  // They are only watched: none gets anywhere, and to stop them here would have each wait for this process.
  const seen = (what: string, url: string): void => {
    if (isElsewhere(new URL(url))) faults.push(`${what} to another machine: ${url}`);
  };
  context.on('request', (request) => seen('request', request.url()));
  await context.addInitScript(`
    addEventListener('securitypolicyviolation', (event) =>
      console.error('security policy: ' + event.violatedDirective + ' ' + event.blockedURI));
  `);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.on('websocket', (socket) => seen('WebSocket', socket.url()));
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
