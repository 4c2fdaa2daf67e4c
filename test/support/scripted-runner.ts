import { composeCycle, type CycleFigures } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { Metronome } from '../../src/turns/metronome.js';
import type { TurnReport } from '../../src/turns/turn-tally.js';
import type { TurnOutcome, TurnRunner } from '../../src/turns/turn-runner.js';
import { keptLogger } from './logs.js';
import { frameAt } from './scripted-market.js';

/** The interval of {@link metronomeOver}, milliseconds. */
export const INTERVAL = 8_000;

export function completed(turn: number): TurnOutcome & { figures: CycleFigures } {
  const universe = ['USDT', 'BTC', 'ETH'];
  const figures = composeCycle({
    turn,
    startedAt: 0,
    completedAt: 0,
    exchange: 'SIMULATED',
    universe,
    frame: frameAt(1_700_000_000_000),
    holdings: { source: 'PAPER', balances: [] },
    config: { ...defaultSettings(universe), version: 1, updatedAt: 0 },
    staleAfterMs: 1,
    intervalMs: 1_000,
    previous: null,
  });
  return { kind: 'COMPLETED', figures };
}

/** A runner whose turns take as long and end as a test says; it notes when each began. */
export class ScriptedRunner implements Pick<TurnRunner, 'run'> {
  readonly warnings = [];
  readonly starts: number[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  constructor(
    readonly answer: (n: number, signal: AbortSignal) => Promise<TurnOutcome> | TurnOutcome,
  ) {}

  async run(signal: AbortSignal): Promise<TurnOutcome> {
    this.starts.push(Date.now());
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    try {
      return await this.answer(this.starts.length, signal);
    } finally {
      this.atOnce--;
    }
  }
}

export function metronomeOver(answer: ScriptedRunner['answer']) {
  const runner = new ScriptedRunner(answer);
  const reports: TurnReport[] = [];
  const metronome = new Metronome({
    runner: runner as unknown as TurnRunner,
    clock: { now: () => Date.now(), monotonic: () => Date.now() },
    log: keptLogger(),
    intervalMs: INTERVAL,
    random: () => 1,
    onTurn: (report) => reports.push(report),
  });
  return { runner, metronome, reports };
}

export const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export const failed = (code: string, retryInMs?: number): TurnOutcome => ({
  kind: 'FAILED',
  failure: { at: Date.now(), code, message: code },
  ...(retryInMs !== undefined && { retryInMs }),
});
export const skipped = (code: string): TurnOutcome => ({
  kind: 'SKIPPED',
  failure: { at: Date.now(), code, message: code },
});
