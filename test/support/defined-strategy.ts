/**
 * The strategy figures of schema/numbers.md, worked out a second time: from the whole history of
 * turns, without a thought for speed, and without anything of src/ but its types.
 */
import type { Frame } from '../../src/domain/frame.js';
import type { StrategyAux, StrategyConfig } from '../../src/domain/strategy.js';
import type { Holdings } from '../../src/domain/wallet.js';
import { definedFigures, definedRate, type DefinedFigures } from './definitions.js';

/** What one turn was run with. */
export interface PastTurn {
  readonly turn: number;
  readonly universe: readonly string[];
  readonly frame: Frame;
  readonly holdings: Holdings;
  readonly config: StrategyConfig;
}

/** The figures of one turn. */
export interface WorkedOut {
  readonly quants: ReadonlyMap<string, number>;
  readonly aux: StrategyAux;
  /** Nearly a tie: another computation may find another lead, and from there on other figures. */
  readonly isClose: boolean;
}

/** Two computations may round so differently. */
const NEARLY_A_TIE = 1e-9;

const ALPHA = { CONSERVATIVE: 0.2, STANDARD: 0.5, AGGRESSIVE: 1 };

/** The price of an asset in the quant base of a configuration, at the prices of some turn. */
function price({ universe, frame }: PastTurn, asset: string, quote: string): number | null {
  if (!universe.includes(asset) || !universe.includes(quote)) return null;
  return definedRate(frame.tickers, frame.observedAt, asset, quote)?.last ?? null;
}

function growth(now: PastTurn, before: PastTurn): number | null {
  if (now.holdings.source !== before.holdings.source) return null;
  const q = now.config.quantBase;
  const priced = before.holdings.balances.flatMap(({ asset, free, locked }) => {
    const [later, earlier] = [price(now, asset, q), price(before, asset, q)];
    const amount = Number(free) + Number(locked);
    return later === null || earlier === null ? [] : [[amount * later, amount * earlier] as const];
  });
  const sum = (side: 0 | 1): number => priced.reduce((total, entry) => total + entry[side], 0);
  return sum(1) === 0 ? null : 100 * (sum(0) / sum(1) - 1);
}

function leadOf(turn: PastTurn, quants: ReadonlyMap<string, number>) {
  const merit = (asset: string): number => {
    const quant = quants.get(asset) as number;
    const { mode } = turn.config;
    return mode === 'NEUTRAL' ? Math.abs(quant) : mode === 'MOMENTUM' ? quant : -quant;
  };
  const able = turn.universe.filter((asset) => quants.has(asset));
  const [best, second] = able.map(merit).sort((a, b) => b - a);
  const lead = able.find((asset) => merit(asset) === best) ?? null;
  const isClose = best !== undefined && second !== undefined && best - second < NEARLY_A_TIE;
  return { lead, isClose };
}

function smoothed(
  { universe, config }: PastTurn,
  { rowMeans }: DefinedFigures,
  before: WorkedOut | undefined,
): Map<string, number> {
  const quants = new Map<string, number>();
  universe.forEach((asset, i) => {
    const mean = rowMeans[i] ?? null;
    if (mean === null) return;
    const former = before?.quants.get(asset);
    const alpha = ALPHA[config.tier];
    quants.set(asset, former === undefined ? mean : alpha * mean + (1 - alpha) * former);
  });
  return quants;
}

/** The strategy figures of each turn of a history, in which each turn follows the one before. */
export function definedStrategy(history: readonly PastTurn[]): readonly WorkedOut[] {
  const done: WorkedOut[] = [];
  history.forEach((now, at) => {
    const before = at > 0 ? history[at - 1] : undefined;
    const last = done[at - 1];
    const figures = definedFigures(now.frame.tickers, now.frame.observedAt, now.universe);
    const quants = smoothed(now, figures, last);
    const q = now.config.quantBase;
    const { lead, isClose } = leadOf(now, quants);
    const goesOn =
      before !== undefined && last?.aux.leadQuant === lead && before.config.quantBase === q;
    const since = goesOn ? last?.aux.leadSince : now.turn;
    const start = history.find(({ turn }) => turn === since) as PastTurn;
    const [priceNow, priceThen] =
      lead === null ? [null, null] : [price(now, lead, q), price(start, lead, q)];
    const quant = lead === null ? null : (quants.get(lead) ?? null);
    const former = lead === null ? null : (last?.quants.get(lead) ?? null);
    const grt = before ? growth(now, before) : null;
    const imprint = priceNow === null || priceThen === null ? null : priceNow / priceThen;
    const luggage = goesOn ? (last?.aux.luggage ?? 1) * (1 + (grt ?? 0) / 100) : 1;
    const { expectedImprint, expectedLuggage } = now.config;
    done.push({
      quants,
      isClose,
      aux: {
        turn: now.turn,
        leadQuant: lead,
        quant,
        shift: quant === null || former === null ? null : quant - former,
        leadSince: since,
        grt,
        imprint,
        luggage,
        imprintReached: imprint === null ? null : imprint >= expectedImprint,
        luggageReached: luggage >= expectedLuggage,
      },
    });
  });
  return done;
}
