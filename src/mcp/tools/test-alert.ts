import { z } from 'zod';
import { TestAlertDocument } from '../../generated/operations.js';
import { AskFailure } from '../ask.js';
import { asset, feeBps, matrixKind, moment, MOMENT_WORDS, price, span } from '../inputs.js';
import { readingTool } from '../tool.js';

/** How many firings are answered, the newest of them. */
const MOST_FIRINGS = 100;

const line = z
  .strictObject({
    kind: z
      .enum(['CELL', 'ASSET', 'WALLET', 'BALANCE', 'STRATEGY', 'CONSISTENCY', 'WINDOW'])
      .describe(
        'CELL: base, quote, and matrix or price. ASSET: asset, figure. WALLET. BALANCE: asset. STRATEGY: strategy. ' +
          'CONSISTENCY: consistency. WINDOW: base, quote, window, over, step',
      ),
    matrix: matrixKind.optional(),
    base: asset.optional(),
    quote: asset.optional(),
    price: price.optional(),
    feeBps: feeBps.optional(),
    asset: asset.optional(),
    figure: z.enum(['STRENGTH', 'QUANT', 'PRICE', 'VOLATILITY']).optional(),
    in: asset.optional().describe('The asset that it is priced in'),
    strategy: z.enum(['QUANT', 'SHIFT', 'GRT', 'IMPRINT', 'LUGGAGE']).optional(),
    consistency: z.enum(['MEDIAN_BPS', 'MAX_BPS']).optional(),
    window: z.enum(['CORRELATION', 'COVARIANCE', 'BETA']).optional(),
    over: span.optional().describe('How long the window is'),
    step: span.optional().describe('How long a bucket of it is'),
    lag: z.int().min(0).max(100).optional().describe('Buckets'),
  })
  .describe('What is watched');

const condition = z
  .strictObject({
    above: z.number().optional().describe('Fires where it becomes so, in units of the line'),
    below: z.number().optional().describe('The same'),
    crosses: z.number().optional().describe('Fires each time that the line crosses this level'),
    movesPercent: z.number().positive().optional().describe('Percent, up or down, `within` a span'),
    within: span.optional().describe('With movesPercent alone'),
  })
  .describe('Exactly one of above, below, crosses and movesPercent');

export const testAlert = readingTool({
  name: 'test_alert',
  title: 'When an alert would have fired',
  description:
    'A dry run: at which stored turns a rule would have fired over a range of time. Nothing is saved, and nobody is told.',
  input: {
    line,
    condition,
    cooldown: span.optional().describe('How far apart firings are at least'),
    from: moment.default('now-1d').describe(`Where the range begins: ${MOMENT_WORDS}`),
    to: moment.default('now').describe(`Where it ends, not within it: ${MOMENT_WORDS}`),
  },
  output: {
    total: z.int().describe('How many firings there were'),
    firings: z
      .array(
        z.object({
          turn: z.int(),
          observedAt: z.string().describe('RFC 3339 UTC'),
          value: z.number().describe('Of the line, in its unit'),
        }),
      )
      .describe(`The newest ${MOST_FIRINGS}, newest last`),
  },
  async answer({ line, condition, cooldown, from, to }, context) {
    const rule = { name: 'dry run', line: given(line), condition: given(condition) };
    const input = { ...rule, ...(cooldown !== undefined && { cooldown }) };
    const { testAlert: found } = await context.ask(TestAlertDocument, { input, from, to });
    if (found === null) throw new AskFailure('the rule could not be tried');
    const firings = found.firings.slice(-MOST_FIRINGS);
    const newest = firings.at(-1);
    const last = newest
      ? ` The newest: ${newest.value} at turn ${newest.turn}, observed ${newest.observedAt}.`
      : '';
    const times = found.total === 1 ? 'once' : `${found.total} times`;
    const text = `It would have fired ${times} from ${from} to ${to}.${last}`;
    return { text, data: { total: found.total, firings } };
  },
});

/** What is left out is not there, instead of undefined. */
function given<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
