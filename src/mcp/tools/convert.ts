import { z } from 'zod';
import { ConvertDocument } from '../../generated/operations.js';
import { asset, feeBps, price, turn } from '../inputs.js';
import { readingTool } from '../tool.js';
import { turnData, turnHead, turnShape, turnWords } from '../turns.js';

export const convert = readingTool({
  name: 'convert_amount',
  title: 'An amount in another asset',
  description:
    'What an amount of one asset comes to in another, worked out in exact decimals along the best path. By default at ' +
    'the prices to trade at (TAKE), at the top of the book whatever its depth.',
  input: {
    amount: z
      .string()
      .regex(/^\d{1,40}(\.\d{1,40})?$/, 'a decimal without sign and exponent, for example 0.25')
      .describe('How much of `from`, an exact decimal as text, for example "0.25"'),
    from: asset,
    to: asset,
    price: price.default('TAKE'),
    feeBps: feeBps.default(0),
    turn,
  },
  output: {
    at: turnShape,
    amount: z.string().nullable().describe('Units of `to`, an exact decimal; null: see reason'),
    rate: z.number().nullable().describe('Units of `to` per one of `from`'),
    path: z.array(z.string()).describe('The symbols of the listed pairs'),
    reason: z.string().nullable().describe('NO_PATH or NO_BID_ASK where there is no amount'),
  },
  async answer({ amount, from, to, price, feeBps, turn }, context) {
    const head = await turnHead(context, turn);
    const asked = { amount, from, to, price, feeBps, turn: head.turn };
    const { convert: found } = await context.ask(ConvertDocument, asked);
    const data = {
      at: turnData(context, head),
      ...{ amount: found?.amount ?? null, rate: found?.rate ?? null },
      ...{ path: found?.path ?? [], reason: found?.reason ?? null },
    };
    const along = data.path.length === 0 ? '' : ` along ${data.path.join(', ')}`;
    const words =
      data.amount === null
        ? `${amount} ${from} cannot be had in ${to}${along}: ${data.reason}.`
        : `${amount} ${from} = ${data.amount} ${to} (${price}, fee ${feeBps} bps a leg)${along}.`;
    return { text: `${words} ${turnWords(context, head)}`, data };
  },
});
