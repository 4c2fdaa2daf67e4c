import { MATRICES } from '../matrix.js';
import type { Line } from './line.js';

/** What a line is, for people. */
export function nameOfLine(line: Line): string {
  const name = plainNameOf(line);
  const trade = 'trade' in line ? line.trade : undefined;
  if (!trade) return name;
  if (trade.price === 'MID' || trade.feeBps === 0) return `${name} ${trade.price}`;
  return `${name} ${trade.price} less ${trade.feeBps} bps`;
}

function plainNameOf(line: Line): string {
  switch (line.kind) {
    case 'CELL':
      return `${line.base}/${line.quote}`;
    case 'WINDOW':
      return `${line.base}~${line.quote} ${line.window}`;
    case 'ASSET':
      return `${line.asset} ${line.figure}`;
    case 'WALLET':
      return 'WALLET';
    case 'BALANCE':
      return `BALANCE ${line.asset}`;
    case 'STRATEGY':
    case 'CONSISTENCY':
      return line.figure;
  }
}

/** @param numeraire the asset that prices of the answer are in */
export function unitOfLine(line: Line, numeraire: string | null): string {
  const worth = numeraire ?? 'NONE';
  switch (line.kind) {
    case 'CELL':
      return MATRICES[line.matrix].unit;
    case 'ASSET':
      return { PRICE: worth, STRENGTH: 'PERCENT', QUANT: 'NONE', VOLATILITY: 'PERCENT_A_YEAR' }[
        line.figure
      ];
    case 'WALLET':
    case 'BALANCE':
      return worth;
    case 'WINDOW':
      return 'NONE';
    case 'STRATEGY':
      return line.figure === 'GRT' ? 'PERCENT' : 'NONE';
    case 'CONSISTENCY':
      return 'BASIS_POINTS';
  }
}
