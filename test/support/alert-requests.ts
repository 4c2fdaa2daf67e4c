import { expect } from 'vitest';
import { query, type RunningApp } from './app.js';

/** All fields of a rule. */
export const RULE = `id name version cooldown enabled problem
  line { kind matrix base quote asset figure in price feeBps over step lag strategy window consistency }
  condition { above below crosses movesPercent within }`;
/** The line of most rules. */
export const BTC = { kind: 'CELL', base: 'BTC', quote: 'USDT' };

/** What tests read of a rule by its name. */
export interface Rule {
  readonly id: string;
  readonly version: number;
}

/** What comes of making or changing a rule. */
export interface Payload {
  readonly alert: (Rule & Readonly<Record<string, unknown>>) | null;
  readonly userErrors: readonly { readonly field: string[] | null; readonly code: string }[];
}

/** Makes a rule, or is refused. */
export async function create(app: RunningApp, input: object): Promise<Payload> {
  const { data, errors } = await query<{ createAlert: Payload }>(
    app,
    `mutation ($input: AlertInput!) { createAlert(input: $input) { alert { ${RULE} } userErrors { field message code } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data?.createAlert as Payload;
}

/** A rule that is made, with what a test leaves out. */
export async function made(app: RunningApp, input: object): Promise<Rule> {
  const { alert } = await create(app, { name: 'A rule', line: BTC, ...input });
  return alert as Rule;
}
