import type { Asset } from '../asset.js';
import type { CycleFigures } from '../cycle.js';
import { cellOf } from '../pair-table.js';
import { quantOf } from '../quant.js';
import type { TradePrice } from '../rates/trade-price.js';
import { balanceValue, walletValue } from '../wallet.js';
import { numeraireOf, type Line, type TurnLine } from './line.js';
import { AUX_FIELDS } from './record-line.js';

/** What a line is priced in at a cycle: without `in`, the cycle's quant base; null for what is no price. */
export function numeraireAt(line: Line, { cycle }: CycleFigures): Asset | null {
  const numeraire = numeraireOf(line);
  return numeraire === undefined ? null : (numeraire ?? cycle.config.quantBase);
}

/**
 * A line at one cycle; null where it has no value. Line by line what a `LineEvaluator` gives over many.
 * @param before the figures of the turn that the cycle was built upon; null where there is none, or it cannot be had
 */
export function lineValue(
  line: TurnLine,
  figures: CycleFigures,
  before: CycleFigures | null,
): number | null {
  const numeraire = numeraireAt(line, figures);
  if (numeraire !== null && !figures.universe.includes(numeraire)) return null;
  const value = valueOf(line, figures, before, numeraire ?? '');
  return value !== null && Number.isFinite(value) ? value : null;
}

function valueOf(
  line: TurnLine,
  figures: CycleFigures,
  before: CycleFigures | null,
  numeraire: Asset,
): number | null {
  const { holdings, quants, aux } = figures.cycle;
  const rateOf = (trade: TradePrice | null) => (asset: Asset) =>
    figures.rateAt(trade, asset, numeraire);
  switch (line.kind) {
    case 'CELL':
      if (line.trade) return figures.rateAt(line.trade, line.base, line.quote);
      return cellOf(figures.since(before).matrix(line.matrix), line.base, line.quote);
    case 'ASSET':
      if (line.figure === 'PRICE') return figures.rateAt(null, line.asset, numeraire);
      if (line.figure === 'QUANT') return quantOf(quants, line.asset);
      return figures.strengths[figures.universe.indexOf(line.asset)] ?? null;
    case 'WALLET':
      return walletValue(holdings, rateOf(line.trade ?? null));
    case 'BALANCE': {
      const held = holdings.balances.find(({ asset }) => asset === line.asset);
      return held ? balanceValue(held, rateOf(line.trade ?? null)) : null;
    }
    case 'STRATEGY':
      return aux[AUX_FIELDS[line.figure]];
    case 'CONSISTENCY': {
      const { medianBps, maxBps } = figures.consistency;
      return line.figure === 'MEDIAN_BPS' ? medianBps : maxBps;
    }
  }
}
