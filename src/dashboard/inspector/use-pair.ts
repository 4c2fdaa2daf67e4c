import { CyclePairDocument, type PairFiguresFragment } from '../../generated/operations.js';
import { useAsked, type Asked } from '../api/use-asked.js';
import { useLive, useWanted } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import type { ChosenPair } from '../shell/chosen-pair.js';

/** What is known of a pair at the turn that is looked at, in units of its matrices; null: no value. */
export interface PairFigures {
  readonly turn: number;
  readonly cell: NonNullable<NonNullable<PairFiguresFragment['last']>['cell']>;
  readonly mid: number | null;
  /** What selling, and what buying one base would bring and cost now. */
  readonly bid: number | null;
  readonly ask: number | null;
  readonly delta: number | null;
  readonly change: number | null;
  readonly quantid: number | null;
  readonly percents: Readonly<Record<'5 min' | '1 h' | '24 h' | '7 d', number | null>>;
}

type Read = PairFiguresFragment & { readonly turn: number };

/** The figures of a pair. The newest turn's come with the push. */
export function usePair(pair: ChosenPair): Pick<Asked<PairFigures>, 'data' | 'error' | 'again'> {
  const { base, quote } = pair;
  const { latest } = useLive();
  const { turn, isLive } = useTurn();
  useWanted('pair', isLive ? pair : null);
  const isThis = (read: Partial<PairFiguresFragment>): boolean => {
    const cell = read.last?.cell;
    return cell?.base === base && cell.quote === quote;
  };
  const pushed = latest?.turn === turn && isThis(latest) ? (latest as Read) : null;
  const variables = { turn: turn ?? 0, base, quote };
  const asked = useAsked(CyclePairDocument, variables, pushed !== null || turn === null);
  const cycle = asked.data?.cycle;
  const read = pushed ?? (cycle && isThis(cycle) ? cycle : null);
  return {
    data: read && figuresOf(read),
    error: pushed ? undefined : asked.error,
    again: asked.again,
  };
}

type OneCell = { readonly values: readonly (readonly (number | null)[])[] } | null | undefined;

function only(matrix: OneCell): number | null {
  return matrix?.values[0]?.[0] ?? null;
}

function figuresOf(read: Read): PairFigures | null {
  const cell = read.last?.cell;
  if (!cell) return null;
  const back = only(read.takeBack);
  return {
    turn: read.turn,
    cell,
    mid: only(read.mid),
    bid: only(read.take),
    // One quote brings so many bases: one base costs so many quotes.
    ask: back === null || back === 0 ? null : 1 / back,
    delta: only(read.delta),
    change: only(read.change),
    quantid: only(read.quantid),
    percents: {
      '5 min': only(read.fiveMinutes),
      '1 h': only(read.hour),
      '24 h': only(read.day),
      '7 d': only(read.week),
    },
  };
}

/** How far bid and ask are apart, basis points of the middle between them. */
export function spreadBps({ bid, ask, mid }: Pick<PairFigures, 'bid' | 'ask' | 'mid'>) {
  const middle = mid ?? (bid !== null && ask !== null ? (bid + ask) / 2 : null);
  if (bid === null || ask === null || !middle) return null;
  return (10_000 * (ask - bid)) / middle;
}
