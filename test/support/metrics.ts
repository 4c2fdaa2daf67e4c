import type { RunningApp } from './app.js';

/** What `/metrics` says of one figure. */
export async function metric({ url }: Pick<RunningApp, 'url'>, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, value] = new RegExp(`^${name} (\\S+)`, 'm').exec(text) ?? [];
  return Number(value);
}
