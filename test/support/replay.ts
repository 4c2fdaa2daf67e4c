import { query, type RunningApp } from './app.js';
import { until } from './until.js';

interface Played {
  readonly status: {
    readonly exchange: { readonly kind: string };
    readonly latestTurn: number | null;
    readonly nextCycleAt: string | null;
    readonly warnings: readonly string[];
  };
  readonly cycles: { readonly nodes: readonly { readonly turn: number; observedAt: string }[] };
}

async function played(app: RunningApp): Promise<Played> {
  const { data } = await query<Played>(
    app,
    `{ status { exchange { kind } latestTurn nextCycleAt warnings }
       cycles(first: 100) { nodes { turn observedAt } } }`,
  );
  if (!data) throw new Error('no answer');
  return data;
}

export const playedOut = (app: RunningApp): Promise<Played> =>
  until(
    'the end of the recording',
    () => played(app),
    ({ status }) => status.warnings.some((words) => /over/.test(words)),
  );
