import type { Asset, Universe } from './asset.js';
import { price, type Matrix } from './matrix.js';
import { quantOf, type Quants } from './quant.js';
import { totalOf, type Holdings } from './wallet.js';

export const STRATEGY_TIERS = ['CONSERVATIVE', 'STANDARD', 'AGGRESSIVE'] as const;
export type StrategyTier = (typeof STRATEGY_TIERS)[number];

export const STRATEGY_MODES = ['NEUTRAL', 'MOMENTUM', 'REVERSION'] as const;
export type StrategyMode = (typeof STRATEGY_MODES)[number];

/** What a user can set; each turn runs under one version of it. */
export interface StrategySettings {
  readonly tier: StrategyTier;
  readonly mode: StrategyMode;
  /** The asset in which lead and wallet are priced. */
  readonly quantBase: Asset;
  /** The imprint that the strategy waits for, above 0. */
  readonly expectedImprint: number;
  /** The luggage that the strategy waits for, above 0. */
  readonly expectedLuggage: number;
}

/** One version of the strategy's settings. */
export interface StrategyConfig extends StrategySettings {
  /** 1, 2, 3, … */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** How much of the quant each turn renews, by tier. */
export const SMOOTHING: Readonly<Record<StrategyTier, number>> = {
  CONSERVATIVE: 0.2,
  STANDARD: 0.5,
  AGGRESSIVE: 1,
};

/** What a new database starts with: USDT, else the first asset, as quant base. */
export function defaultSettings(universe: Universe): StrategySettings {
  return {
    tier: 'STANDARD',
    mode: 'NEUTRAL',
    quantBase: universe.includes('USDT') ? 'USDT' : (universe[0] as Asset),
    expectedImprint: 1,
    expectedLuggage: 1,
  };
}

/** The strategy figures of one turn. */
export interface StrategyAux {
  readonly turn: number;
  /** The leading asset; null when no asset has a quant. */
  readonly leadQuant: Asset | null;
  /** The lead's quant, in [-1, 1]. */
  readonly quant: number | null;
  /** The lead's quant minus the same asset's at t'; null when it had none. */
  readonly shift: number | null;
  /** The turn at which this lead took over. */
  readonly leadSince: number;
  /** Growth of the turn, percent, without deposits and withdrawals. */
  readonly grt: number | null;
  /** The lead's price in the quant base now over that at leadSince. */
  readonly imprint: number | null;
  /** 1 at leadSince, then grown by every turn's grt. */
  readonly luggage: number;
  readonly imprintReached: boolean | null;
  readonly luggageReached: boolean | null;
}

/** What a turn leaves to the next one beside its frame. */
export interface StrategyState {
  readonly aux: StrategyAux;
  readonly quants: Quants;
  readonly config: StrategyConfig;
  /** The lead's price in the quant base at leadSince; null where it had none. */
  readonly leadPrice: number | null;
  readonly holdings: Holdings;
}

/** All that the strategy figures of one turn follow from. */
export interface StrategyTurn {
  readonly turn: number;
  readonly config: StrategyConfig;
  readonly quants: Quants;
  readonly benchmark: Matrix;
  readonly holdings: Holdings;
  readonly before: { readonly state: StrategyState; readonly benchmark: Matrix } | null;
}

/** Works out the strategy figures of a turn, and the lead's price that later turns measure against. */
export function strategyFigures(turn: StrategyTurn): {
  readonly aux: StrategyAux;
  readonly leadPrice: number | null;
} {
  const { config, before } = turn;
  const lead = leadOf(turn.quants, config.mode);
  const quant = lead === null ? null : quantOf(turn.quants, lead);
  const quantBefore = lead === null || before === null ? null : quantOf(before.state.quants, lead);
  const priceNow = lead === null ? null : price(turn.benchmark, lead, config.quantBase);
  const takesOver =
    before === null ||
    before.state.aux.leadQuant !== lead ||
    before.state.config.quantBase !== config.quantBase;
  const leadPrice = takesOver ? priceNow : before.state.leadPrice;
  const grt = growth(turn);
  const imprint = priceNow === null || leadPrice === null ? null : priceNow / leadPrice;
  const luggage = takesOver ? 1 : before.state.aux.luggage * (1 + (grt ?? 0) / 100);
  const aux: StrategyAux = {
    turn: turn.turn,
    leadQuant: lead,
    quant,
    shift: quant === null || quantBefore === null ? null : quant - quantBefore,
    leadSince: takesOver ? turn.turn : before.state.aux.leadSince,
    grt,
    imprint,
    luggage,
    imprintReached: imprint === null ? null : imprint >= config.expectedImprint,
    luggageReached: luggage >= config.expectedLuggage,
  };
  return { aux, leadPrice };
}

/** The leading asset by mode: the largest abs(quant), the largest, or the smallest; ties to the earlier. */
export function leadOf({ universe, values }: Quants, mode: StrategyMode): Asset | null {
  let lead: Asset | null = null;
  let best = -Infinity;
  values.forEach((quant, i) => {
    if (quant === null) return;
    const merit = mode === 'NEUTRAL' ? Math.abs(quant) : mode === 'MOMENTUM' ? quant : -quant;
    if (merit > best) [lead, best] = [universe[i] as Asset, merit];
  });
  return lead;
}

/**
 * grt: 100 * (Σ h_i(t') B_iq(t) / Σ h_i(t') B_iq(t') - 1), percent, over the assets that are priced
 * in the quant base at both turns. The balances are those of t', so that deposits and withdrawals
 * are no growth. Null without t', when the denominator is 0, or when the balances come from another
 * source than at t'.
 */
function growth({ benchmark, config, holdings, before }: StrategyTurn): number | null {
  if (before === null || before.state.holdings.source !== holdings.source) return null;
  let now = 0;
  let then = 0;
  for (const balance of before.state.holdings.balances) {
    const priceNow = price(benchmark, balance.asset, config.quantBase);
    const priceThen = price(before.benchmark, balance.asset, config.quantBase);
    if (priceNow === null || priceThen === null) continue;
    const amount = Number(totalOf(balance));
    now += amount * priceNow;
    then += amount * priceThen;
  }
  return then === 0 ? null : 100 * (now / then - 1);
}
