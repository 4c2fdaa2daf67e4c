import { z } from 'zod';
import { CycleWalletDocument } from '../../generated/operations.js';
import { AskFailure } from '../ask.js';
import { asset, price, turn } from '../inputs.js';
import { readingTool } from '../tool.js';
import { short, turnData, turnHead, turnShape, turnWords } from '../turns.js';

export const wallet = readingTool({
  name: 'get_wallet',
  title: 'What is held, and its worth',
  description:
    'The balances of the account at a turn, each with its worth in one asset, and what has no price there. PAPER: a wallet ' +
    'that was made up, not an account.',
  input: {
    in: asset.optional().describe('Worth in which asset; without it, the quant base'),
    price: price.default('LAST'),
    turn,
  },
  output: {
    at: turnShape,
    source: z.string().describe('ACCOUNT or PAPER'),
    in: z.string().describe('The asset that values are in'),
    value: z.number().nullable().describe('Of all together'),
    balances: z.array(
      z.object({
        asset: z.string(),
        free: z.string().describe('Exact decimal'),
        locked: z.string().describe('In open orders, exact decimal'),
        total: z.string(),
        value: z.number().nullable().describe('null: no price'),
      }),
    ),
    unpriced: z.array(z.string()).describe('Held, and counted nowhere, because it has no price'),
  },
  async answer(asked, context) {
    const head = await turnHead(context, asked.turn);
    const { cycle } = await context.ask(CycleWalletDocument, {
      ...{ turn: head.turn, price: asked.price },
      ...(asked.in !== undefined && { in: asked.in }),
    });
    if (!cycle?.wallet) throw new AskFailure(`of turn ${head.turn}, no wallet is known`);
    const { source, value, balances, unpriced } = cycle.wallet;
    const of = asked.in ?? cycle.config.quantBase;
    const data = { at: turnData(context, head), source, in: of, value, balances, unpriced };
    const held = balances.map((one) => `${one.total} ${one.asset} (${short(one.value)})`);
    const without = unpriced.length === 0 ? '' : ` Without a price: ${unpriced.join(', ')}.`;
    const words = `${source} wallet, worth ${short(value)} ${of}: ${held.join(', ')}.${without}`;
    return { text: `${words} ${turnWords(context, head)}`, data };
  },
});
