import { z } from 'zod';
import { TurnRateDocument } from '../../generated/operations.js';
import { asset, feeBps, price, turn } from '../inputs.js';
import { readingTool } from '../tool.js';
import { seconds, short, turnData, turnHead, turnShape, turnWords } from '../turns.js';

export const rate = readingTool({
  name: 'get_rate',
  title: 'The rate of a pair',
  description:
    'What one unit of an asset costs in another, also where nobody lists the pair: then along the best path of listed ' +
    'pairs. Answers the rate in quote per base, its change in 24 h, the path, and how old its oldest price is.',
  input: {
    base: asset,
    quote: asset.describe('The asset that the rate is in, for example USDT'),
    price: price.default('LAST'),
    feeBps: feeBps.default(0),
    turn,
  },
  output: {
    at: turnShape,
    base: z.string(),
    quote: z.string(),
    rate: z.number().nullable().describe('Units of quote per one base; null: there is none'),
    changePercent: z.number().nullable().describe('Of the last prices over 24 h, percent'),
    source: z.string().nullable().describe('DIRECT, INVERSE, CROSS or IDENTITY; null: no path'),
    path: z.array(z.string()).describe('The symbols of the listed pairs, from base to quote'),
    ageSeconds: z.number().nullable().describe('Of the oldest price on the path, at the turn'),
    stale: z.boolean().nullable().describe('Whether that is older than prices should be'),
  },
  async answer({ base, quote, price, feeBps, turn }, context) {
    const head = await turnHead(context, turn);
    const asked = { turn: head.turn, base, quote, price, feeBps };
    const { cycle } = await context.ask(TurnRateDocument, asked);
    const cell = cycle?.rate?.cell ?? null;
    const age = cell?.ageMs ?? null;
    const value = cycle?.rate?.values[0]?.[0] ?? null;
    const data = {
      ...{ at: turnData(context, head), base, quote, rate: value },
      changePercent: cycle?.change?.values[0]?.[0] ?? null,
      ...{ source: cell?.source ?? null, path: cell?.path ?? [] },
      ageSeconds: age === null ? null : age / 1000,
      stale: cell?.stale ?? null,
    };
    return { text: `${wordsOf(data, price)} ${turnWords(context, head)}`, data };
  },
});

interface RateData {
  readonly base: string;
  readonly quote: string;
  readonly rate: number | null;
  readonly changePercent: number | null;
  readonly path: readonly string[];
  readonly ageSeconds: number | null;
  readonly stale: boolean | null;
}

function wordsOf(data: RateData, price: string): string {
  const { base, quote, rate, changePercent, path, ageSeconds, stale } = data;
  if (rate === null) {
    const why = path.length > 0 ? `bid or ask of ${path.join(', ')} is not known` : 'no path';
    return `There is no rate of ${base} in ${quote} (${price}): ${why}.`;
  }
  const change = changePercent === null ? '' : `, ${short(changePercent)} % in 24 h`;
  const along = path.length === 0 ? '' : ` along ${path.join(', ')}`;
  const age = ageSeconds === null ? '' : `; its oldest price is ${seconds(1000 * ageSeconds)} old`;
  const warning = stale ? ', which is STALE' : '';
  return `1 ${base} = ${rate} ${quote} (${price})${along}${change}${age}${warning}.`;
}
