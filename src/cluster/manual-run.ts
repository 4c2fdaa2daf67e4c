import type { CycleFigures } from '../domain/cycle.js';
import type { TurnFailure } from '../history/turn-failure.js';

/** What a manual run brings. */
export type ManualRun =
  | { readonly ok: true; readonly figures: CycleFigures; readonly ran: boolean }
  | {
      readonly ok: false;
      readonly kind: 'FAILED' | 'SKIPPED' | 'ENDED';
      readonly failure: TurnFailure;
    };

/** Who runs turns on this instance. */
export interface RunsTurns {
  /** Runs a turn now, or joins one that is under way. */
  runNow(): Promise<ManualRun>;
}
