import { composeCycle, type Cycle, type CycleFigures } from './cycle.js';
import type { StrategyState } from './strategy.js';

type Value = number | string | boolean | null;

/** A stored figure that does not follow from what it is derived from. */
export interface FigureDifference {
  /** For example `quants.BTC`, `aux.grt` or `leadPrice`. */
  readonly field: string;
  readonly stored: Value;
  readonly derived: Value;
}

/** A stored cycle with all that was worked out for it worked out once more, from its frame and the turn before. */
export function deriveAnew(cycle: Cycle, previous: CycleFigures | null): CycleFigures {
  const { turn, startedAt, completedAt, exchange, universe, frame } = cycle;
  const { holdings, config, staleAfterMs, intervalMs } = cycle;
  return composeCycle({
    ...{ turn, startedAt, completedAt, exchange, universe, frame },
    ...{ holdings, config, staleAfterMs, intervalMs, previous },
  });
}

/** Which of the figures that are stored with a cycle are others, bit for bit. */
export function differencesOf(
  stored: Pick<StrategyState, 'quants' | 'aux' | 'leadPrice'>,
  derived: Pick<StrategyState, 'quants' | 'aux' | 'leadPrice'>,
): FigureDifference[] {
  const figures = (state: typeof stored): (readonly [string, Value])[] => [
    ...state.quants.universe.map(
      (asset, at) => [`quants.${asset}`, state.quants.values[at] ?? null] as const,
    ),
    ...Object.entries(state.aux).map(([name, value]) => [`aux.${name}`, value as Value] as const),
    ['leadPrice', state.leadPrice],
  ];
  const anew = new Map(figures(derived));
  return figures(stored).flatMap(([field, value]) => {
    const other = anew.get(field) ?? null;
    return Object.is(value, other) ? [] : [{ field, stored: value, derived: other }];
  });
}
