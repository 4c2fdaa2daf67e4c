import { onTestFinished } from 'vitest';
import { createApp } from '../../src/app.js';
import { parseConfig } from '../../src/config.js';
import type { Logger, RecentWarnings } from '../../src/log.js';
import type { MarketSource } from '../../src/market/market-port.js';
import type { Clock } from '../../src/time/clock.js';
import { keptLogger } from './logs.js';

/** A running system. */
export interface RunningApp {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the whole system on a free port; the caller ends it. */
export async function launchApp(
  settings: Readonly<Record<string, string>>,
  {
    market,
    log = keptLogger(),
    warnings,
    clock,
  }: { market?: MarketSource; log?: Logger; warnings?: RecentWarnings; clock?: Clock } = {},
): Promise<RunningApp> {
  const config = parseConfig({ PORT: '0', ...settings });
  const app = createApp(config, {
    log,
    ...(warnings && { warnings }),
    ...(market && { market }),
    ...(clock && { clock }),
  });
  await app.start();
  return { url: app.url, stop: () => app.stop() };
}

/** Starts the whole system on a free port; it ends with the test, if not before. */
export async function startApp(
  settings: Readonly<Record<string, string>>,
  market?: MarketSource,
): Promise<RunningApp> {
  const app = await launchApp(settings, market && { market });
  onTestFinished(() => app.stop());
  return app;
}

/** An answer of the API. */
export interface Answer<Data = Record<string, unknown>> {
  readonly status: number;
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** Sends a GraphQL operation over HTTP. */
export async function query<Data = Record<string, unknown>>(
  { url }: Pick<RunningApp, 'url'>,
  document: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
  const body = (await response.json()) as Omit<Answer<Data>, 'status'>;
  return { status: response.status, ...body };
}
